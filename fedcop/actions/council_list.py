"""The register of councils on this node: read from files, and which hosts are whose.

    done = await take(node, texts)
    bound = await bind(node, "W06000023", "learn.powys.example")

Registers as in ``fedcop/actions/register.py``, of which GOV.UK's has the addresses, and beside them two files
that go by the letters of mySociety's register: what councils have in common (mysociety
local-authority-similarity at f1ccd21a, ``local-authority-code,label``) and the Welsh names of those of Wales
(GOV.UK register principal-local-authority, ``official-name-cy``).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from fedcop.actions import register
from fedcop.content import plain
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.rules import canonical
from storage import councils
from storage.engine import Transaction

LONGEST_NAME: Final = 200
_LABELS: Final = frozenset({"local-authority-code", "label"})
_WELSH: Final = frozenset({"principal-local-authority", "official-name-cy"})


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """How many councils the files had, and of how many they say the host, the likes and the Welsh name."""

    councils: int
    hosts: int
    labelled: int
    welsh: int


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    listed: list[tuple[str, str, str, str]]
    hosts: list[tuple[str, str]]
    labels: dict[str, list[str]]
    welsh: dict[str, str]


async def take(node: Node, texts: Sequence[str]) -> Taken:
    """Bring councils of today in; nothing is changed if one of the files cannot be read."""
    read = _read(texts)
    await node.store.write(_take, read)
    return Taken(
        councils=len(read.listed), hosts=len(read.hosts), labelled=len(read.labels), welsh=len(read.welsh)
    )


async def _take(tx: Transaction, read: _Read) -> None:
    await councils.put(tx, read.listed, read.hosts)
    await councils.set_labels(tx, read.labels)
    await councils.set_welsh(tx, read.welsh)


def _read(texts: Sequence[str]) -> _Read:
    registers: list[str] = []
    labels: dict[str, str] = {}
    welsh: dict[str, str] = {}
    for text in texts:
        columns = set(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))).fieldnames or ())
        if columns >= _LABELS:
            labels |= {cells["local-authority-code"]: cells["label"] for cells in _cells(text)}
        elif columns >= _WELSH:
            welsh |= {cells["principal-local-authority"]: cells["official-name-cy"] for cells in _cells(text)}
        else:
            registers.append(text)
    if not registers:
        raise Invalid("found no register of councils; wanted GOV.UK's or mySociety's among the files")
    standing = [one for one in register.read(registers) if one.gss and not one.ended_on]
    codes = {one.code: one.gss for one in standing if one.code}
    return _Read(
        listed=[(one.gss, one.name[:LONGEST_NAME], one.kind, one.nation) for one in standing],
        hosts=[(one.domain, one.gss) for one in standing if one.domain],
        labels={codes[code]: _parts(text) for code, text in labels.items() if code in codes},
        welsh={codes[code]: _line(text) for code, text in welsh.items() if code in codes},
    )


def _cells(text: str) -> list[Mapping[str, str]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restval="")
    try:
        return list(reader)
    except csv.Error as error:
        raise Invalid(f"line {max(reader.line_num, 1)}: {error}") from None


def _parts(text: str) -> list[str]:
    return [label for part in text.split(";") if (label := _line(part))]


def _line(text: str) -> str:
    return plain.line_of(text, LONGEST_NAME)


async def bind(node: Node, code: str, host: str) -> str:
    """Say that a host, and all below it, is a council's; give the council's name."""
    name = await node.store.write(_bind, code.strip().upper(), _host(host))
    if name is None:
        raise NotFound(f"found no council {code[:50]!r}; `fedcop councils import` brings the register")
    return name


async def _bind(tx: Transaction, code: str, host: str) -> str | None:
    found = await councils.find(tx, code)
    if found is not None:
        await councils.put(tx, [], [(host, code)])
    return found.name if found else None


async def unbind(node: Node, code: str, host: str) -> None:
    """Say that a host is not a council's."""
    if not await node.store.write(councils.unbind, _host(host), code.strip().upper()):
        raise NotFound(f"found no host {host[:253]!r} of council {code[:50]!r}")


def _host(host: str) -> str:
    try:
        return canonical(host)
    except ValueError as error:
        raise Invalid(f"found {host[:253]!r}: {error}") from None
