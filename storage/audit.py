"""Who decided what: a chain of entries, each written once in the transaction of what was decided.

note = Note(seal=seal, at=now, by_name="ada", verb="deny", object="york.example", salts=(a, b))
await audit.record(tx, note)                            appends it
end = await store.read(audit.end)                       how long the chain is, and its last mac
verdict = await audit_check.look(store, seal, ...)      whether all of it is as it was written
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from storage import chain
from storage.chain import Seal, Stored
from storage.engine import Reader, Transaction
from storage.row import Row, text_of

ADDRESSES_FOR: Final = timedelta(days=90)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, ready to be recorded.

    ``before`` and ``after`` say by name what changed, ``address`` where it came from; ``salts`` are two texts
    from chance, for the hash of the detail and of the address.
    """

    seal: Seal
    at: datetime
    by_name: str
    verb: str
    object: str
    reason: str = ""
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}
    address: str = ""
    salts: tuple[str, str]


class End(Row, frozen=True):
    """The end of the chain: how many entries there are, and the mac of the last; empty for none."""

    number: int
    mac: str


class Entry(Row, frozen=True):
    """One decision as it is shown; ``before`` and ``after`` are JSON by name, None where nothing was said."""

    number: int
    at: datetime
    by_name: str
    verb: str
    object: str
    changed: str
    before: str | None
    after: str | None
    reason: str | None
    address: str | None


ADVANCE = "UPDATE audit_end SET number = number + 1 WHERE one = 1 RETURNING number, mac"

SET_END = "UPDATE audit_end SET mac = :mac WHERE one = 1"

ADD = """
INSERT INTO audit (number, at, by_name, verb, object, changed, detail_hash, address_hash, mac)
VALUES (:number, :at, :by_name, :verb, :object, :changed, :detail_hash, :address_hash, :mac)
"""

ADD_DETAIL = """
INSERT INTO audit_details (number, before, after, reason, salt)
VALUES (:number, :before, :after, :reason, :salt)
"""

ADD_ADDRESS = """
INSERT INTO audit_addresses (number, address, salt, at) VALUES (:number, :address, :salt, :at)
"""


async def record(tx: Transaction, note: Note) -> None:
    """Append an entry to the chain."""
    place = await tx.one(End, ADVANCE)
    assert place is not None, "the row is made with the table"
    before, after = _text(note.before), _text(note.after)
    detail = (before, after, note.reason)
    said = before != "{}" or after != "{}" or bool(note.reason)
    names = sorted({*note.before, *note.after})
    changed = ",".join(name for name in names if note.before.get(name) != note.after.get(name))
    detail_hash = chain.hash_of(note.salts[0], detail) if said else ""
    address_hash = chain.hash_of(note.salts[1], (note.address,)) if note.address else ""
    at = text_of(note.at)
    bound = (at, note.by_name, note.verb, note.object, changed, detail_hash, address_hash)
    mac = note.seal.link(place.mac, place.number, bound)
    await tx.execute(
        ADD,
        number=place.number,
        at=at,
        by_name=note.by_name,
        verb=note.verb,
        object=note.object,
        changed=changed,
        detail_hash=detail_hash,
        address_hash=address_hash,
        mac=mac,
    )
    if said:
        await tx.execute(
            ADD_DETAIL,
            number=place.number,
            before=before,
            after=after,
            reason=note.reason,
            salt=note.salts[0],
        )
    if note.address:
        await tx.execute(ADD_ADDRESS, number=place.number, address=note.address, salt=note.salts[1], at=at)
    await tx.execute(SET_END, mac=mac)


def _text(values: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(sorted(values.items()))).decode()


END = "SELECT number, mac FROM audit_end WHERE one = 1"


async def end(read: Reader) -> End:
    """Give the end of the chain: kept elsewhere, it tells later whether the tail was cut off."""
    return await read.one(End, END) or End(0, "")


HIGHEST = "SELECT MAX(number) FROM audit"


async def highest(read: Reader) -> int:
    """Give the number of the last entry that is there."""
    return await read.value(HIGHEST) or 0


PAGE = """
SELECT e.number, e.at, e.by_name, e.verb, e.object, e.changed, d.before, d.after, d.reason, a.address
  FROM audit AS e LEFT JOIN audit_details AS d ON d.number = e.number
  LEFT JOIN audit_addresses AS a ON a.number = e.number
 WHERE e.number < :below ORDER BY e.number DESC LIMIT :limit
"""

NEWEST = 2**62


async def latest(read: Reader, limit: int, *, below: int = NEWEST) -> list[Entry]:
    """Give the latest decisions, newest first; of those before the entry ``below``, if given."""
    return await read.all(Entry, PAGE, below=below, limit=limit)


ABOUT = """
SELECT e.number, e.at, e.by_name, e.verb, e.object, e.changed, d.before, d.after, d.reason, a.address
  FROM audit AS e LEFT JOIN audit_details AS d ON d.number = e.number
  LEFT JOIN audit_addresses AS a ON a.number = e.number
 WHERE e.object = :object ORDER BY e.number DESC LIMIT :limit
"""


async def about(read: Reader, object: str, *, limit: int) -> list[Entry]:
    """Give what was decided about somebody or something, newest first."""
    return await read.all(Entry, ABOUT, object=object, limit=limit)


LAST = "SELECT MAX(at) FROM audit WHERE object = :object AND verb = :verb AND by_name = :by_name"


async def was_noted(read: Reader, note: Note, *, since: datetime) -> bool:
    """Tell whether the same was recorded of the same person since a moment."""
    last = await read.value(LAST, object=note.object, verb=note.verb, by_name=note.by_name)
    return last is not None and last >= text_of(since)


STORED = """
SELECT e.number, e.at, e.by_name, e.verb, e.object, e.changed, e.detail_hash, e.address_hash, e.mac,
       d.before, d.after, d.reason, d.salt, a.address, a.salt, a.at
  FROM audit AS e LEFT JOIN audit_details AS d ON d.number = e.number
  LEFT JOIN audit_addresses AS a ON a.number = e.number
 WHERE e.number > :after AND e.number <= :upto ORDER BY e.number LIMIT :limit
"""


async def stored(read: Reader, after: int, upto: int, limit: int) -> list[Stored]:
    """Give entries as they lie there, in order, beginning behind one."""
    return await read.all(Stored, STORED, after=after, upto=upto, limit=limit)


ERASE_ADDRESSES = """
-- But for those of decisions about what is on hold, or by whoever is.
DELETE FROM audit_addresses
 WHERE number IN (
    SELECT x.number FROM audit_addresses AS x JOIN audit AS e ON e.number = x.number
     WHERE x.at < :before AND NOT EXISTS (
           SELECT 1 FROM holds AS o LEFT JOIN handles AS n ON n.actor_id = o.target_id
            WHERE o.uri = e.object OR o.kind = 'person' AND n.handle = e.by_name)
     ORDER BY x.at LIMIT :limit)
"""


async def erase_addresses(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of where decisions before a moment came from, and give how many; the chain stays whole."""
    return await tx.execute(ERASE_ADDRESSES, before=text_of(before), limit=limit)


class _Unchained(Row, frozen=True):
    id: int
    at: datetime
    by_name: str
    verb: str
    object: str
    detail: str


UNCHAINED = "SELECT id, at, by_name, verb, object, detail FROM audit_unchained ORDER BY id LIMIT :limit"

REMOVE_UNCHAINED = "DELETE FROM audit_unchained WHERE id <= :last"


async def is_unchained(read: Reader) -> bool:
    """Tell whether there are entries from before there was a chain."""
    return bool(await read.all(_Unchained, UNCHAINED, limit=1))


async def chain_up(tx: Transaction, seal: Seal, salts: Sequence[str]) -> int:
    """Put the oldest entries from before there was a chain into it, one for each salt; give how many."""
    rows = await tx.all(_Unchained, UNCHAINED, limit=len(salts))
    for row, salt in zip(rows, salts, strict=False):
        note = Note(
            seal=seal,
            at=row.at,
            by_name=row.by_name,
            verb=row.verb,
            object=row.object,
            reason=row.detail,
            salts=(salt, salt),
        )
        await record(tx, note)
    if rows:
        await tx.execute(REMOVE_UNCHAINED, last=rows[-1].id)
    return len(rows)
