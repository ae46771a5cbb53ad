"""Councils by their register codes, and which hosts are whose.

    known = await store.read(councils.of_hosts, ["social.powys.gov.uk"])
    known["social.powys.gov.uk"]                    [Council(code="W06000023", ...)]

The council of a person is one that their host belongs to, whatever their own document claims: a claim only
chooses where a host is that of several.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from storage.engine import Reader, Transaction
from storage.row import Row, array_of


class Council(Row, frozen=True):
    """A row of the register; ``labels`` is JSON: what councils have in common."""

    code: str
    name: str
    name_cy: str
    kind: str
    nation: str
    labels: str


class _Host(Row, frozen=True):
    host: str
    code: str


class _Bound(Council, frozen=True):
    host: str


def labels_of(council: Council) -> frozenset[str]:
    """Give what a council has in common with others, with its nation and kind."""
    labels = msgspec.json.decode(council.labels, type=list[str])
    return frozenset({*labels, council.nation, council.kind} - {""})


def name_of(council: Council, language: str) -> str:
    """Give the name of a council in a language; in English where the register has no other."""
    return council.name_cy if language == "cy" and council.name_cy else council.name


def chosen(listed: Sequence[Council], claimed: str) -> Council | None:
    """Give the council of somebody whose host is that of ``listed``; None if it is not clear which."""
    named = [council for council in listed if council.code == claimed]
    only = named or (listed if len(listed) == 1 else [])
    return only[0] if only else None


COLUMNS = ", ".join(f"c.{name}" for name in Council.__struct_fields__)

ALL = f"SELECT {COLUMNS} FROM councils AS c ORDER BY c.name"


async def all_of(read: Reader) -> list[Council]:
    """Give the whole register, by name."""
    return await read.all(Council, ALL)


FIND = f"SELECT {COLUMNS} FROM councils AS c WHERE c.code = :code"


async def find(read: Reader, code: str) -> Council | None:
    """Give a council by its code."""
    return await read.one(Council, FIND, code=code)


BOUND = f"""
SELECT {COLUMNS}, h.host FROM council_hosts AS h JOIN councils AS c ON c.code = h.code
 WHERE h.host IN (SELECT value FROM json_each(:hosts)) ORDER BY c.name
"""


async def of_hosts(read: Reader, hosts: Iterable[str]) -> dict[str, list[Council]]:
    """Give the councils that each host belongs to: those of the longest name that it is, or lies below."""
    above = {host: _above(host) for host in hosts}
    every = sorted({name for names in above.values() for name in names})
    rows = await read.all(_Bound, BOUND, hosts=array_of(every)) if every else []
    by_host: dict[str, list[Council]] = {}
    for row in rows:
        by_host.setdefault(row.host, []).append(_council(row))
    return {
        host: next((by_host[name] for name in names if name in by_host), []) for host, names in above.items()
    }


def _council(row: _Bound) -> Council:
    return Council(*(getattr(row, name) for name in Council.__struct_fields__))


def _above(host: str) -> list[str]:
    """Give a host and all names that it lies below, the longest first."""
    parts = host.partition(":")[0].split(".")
    return [host, *(".".join(parts[n:]) for n in range(len(parts)))]


HOSTS = "SELECT h.host, h.code FROM council_hosts AS h ORDER BY h.host"


async def hosts_by_code(read: Reader) -> dict[str, list[str]]:
    """Give the hosts that are each council's, by its code; all below each are, too."""
    found: dict[str, list[str]] = {}
    for row in await read.all(_Host, HOSTS):
        found.setdefault(row.code, []).append(row.host)
    return found


PUT = """
INSERT INTO councils (code, name, kind, nation)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:rows) WHERE true
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, nation = excluded.nation
"""

BIND = """
INSERT INTO council_hosts (host, code) SELECT value ->> 0, value ->> 1 FROM json_each(:rows) WHERE true
ON CONFLICT (host, code) DO NOTHING
"""


async def put(
    tx: Transaction, listed: Sequence[tuple[str, str, str, str]], hosts: Sequence[tuple[str, str]]
) -> None:
    """Bring councils in, as code, name, kind and nation, and whose each host is, as host and code.

    Of a code that comes twice the last row counts: PostgreSQL updates no row twice in one statement.
    """
    await tx.execute(PUT, rows=json.dumps(list({row[0]: row for row in listed}.values())))
    await tx.execute(BIND, rows=json.dumps(hosts))


UNBIND = "DELETE FROM council_hosts WHERE host = :host AND code = :code"


async def unbind(tx: Transaction, host: str, code: str) -> bool:
    """Say that a host is not a council's; tell whether it was."""
    return await tx.execute(UNBIND, host=host, code=code) > 0


NAME_CY = "UPDATE councils SET name_cy = :text WHERE code = :code"
LABELS = "UPDATE councils SET labels = :text WHERE code = :code"


async def set_welsh(tx: Transaction, names: Mapping[str, str]) -> None:
    """Give councils, by code, their Welsh names."""
    await tx.many(NAME_CY, _texts(names))


async def set_labels(tx: Transaction, labels: Mapping[str, Sequence[str]]) -> None:
    """Say, by code, what councils have in common with others."""
    await tx.many(LABELS, _texts({code: json.dumps(list(named)) for code, named in labels.items()}))


def _texts(by_code: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "text": text} for code, text in by_code.items()]
