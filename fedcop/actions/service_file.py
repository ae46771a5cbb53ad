"""The local-government service list as a file: what it says, and how it comes onto this node.

    done = await take(node, texts)

Two files of the esd standards are read (okfn/ckanext-esdstandards at 0133a969 has both): functions, each
with the one above it, and services. Both have the columns Identifier, Label, Type; no other is read.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from fedcop.content import plain
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import search_rows, service_list
from storage.engine import Transaction
from storage.service_list import Service

LONGEST_LABEL: Final = 200
MOST: Final = 20_000
AT_ONCE: Final = 500

_COLUMNS: Final = ("Identifier", "Label", "Type")
_TYPES: Final = {"Function": "function", "Service": "service"}


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows the files had, and how many the list has now."""

    read: int
    held: int


async def take(node: Node, texts: Sequence[str]) -> Taken:
    """Bring the rows of all files in; nothing is changed if one of them cannot be read."""
    listed = [row for text in texts for row in read(text)]
    held = await node.store.write(_take, listed)
    return Taken(read=len(listed), held=held)


async def _take(tx: Transaction, listed: Sequence[Service]) -> int:
    for start in range(0, len(listed), AT_ONCE):
        await service_list.put(tx, listed[start : start + AT_ONCE])
    await search_rows.note_all_due(tx)  # people are found by the labels of what they offer
    return await service_list.held(tx)


def read(text: str) -> list[Service]:
    """Give the rows of one file; raise ``Invalid`` with the line of whatever is not as wanted."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    listed = []
    try:
        columns = [column for column in reader.fieldnames or () if column]
        if not set(_COLUMNS) <= set(columns):
            found = ", ".join(columns[:8]) or "nothing"
            raise Invalid(f"found columns {found[:200]}; wanted {', '.join(_COLUMNS)}")
        for cells in reader:
            listed.append(_service(cells, reader.line_num))
            if len(listed) > MOST:
                raise Invalid(f"line {reader.line_num}: more than {MOST} rows; wanted at most that many")
    except csv.Error as error:
        raise Invalid(f"line {max(reader.line_num, 1)}: {error}") from None
    return listed


def _service(cells: Mapping[str, str | None], line: int) -> Service:
    kind, number = cells["Type"] or "", cells["Identifier"] or ""
    if kind not in _TYPES:
        raise Invalid(f"line {line}: found the type {kind[:50]!r}, wanted Function or Service")
    label = plain.line_of(cells["Label"] or "", LONGEST_LABEL)
    if not label:
        raise Invalid(f"line {line}: has no label")
    above = (cells.get("Parent identifiers") or "").partition(";")[0].strip()
    return Service(
        f"{_TYPES[kind]}/{_number(number, line)}",
        label,
        "",
        f"function/{_number(above, line)}" if above else None,
    )


def _number(text: str, line: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Invalid(f"line {line}: found {text[:50]!r}, wanted a number of the list")
    return int(text)
