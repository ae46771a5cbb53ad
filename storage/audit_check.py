"""Look through the chain of decisions: is every entry as it was written, and the last one still there?"""

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec

from storage import audit, chain
from storage.audit import End
from storage.chain import Seal, Stored
from storage.engine import Reader, Store
from storage.errors import StorageError
from storage.row import text_of

AT_ONCE = 500  # entries in one read
FAULTS_MOST = 20


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and with which entry."""

    number: int
    text: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of looking at the chain; ``count`` and ``head`` are how long it is and its last mac."""

    count: int
    head: str
    faults: list[Fault]


async def look(
    store: Store, seal: Seal, *, erased_before: datetime, known: End | None = None, at_once: int = AT_ONCE
) -> Verdict:
    """Look at every entry; give up after 20 faults.

    ``known``: the end as it was written down elsewhere, which has to be in the chain still.
    """
    end, highest = await store.read(_extent)
    found: list[Fault] = []
    number, mac = 0, ""
    before: str | None = ""  # the mac that the next entry follows, if that is known
    async for expected, entry in _entries(store, highest, at_once):
        if entry is None:
            found.append(Fault(number=expected, text="it cannot be read"))
            number, before = expected, None
            continue
        gone = _missing(number, entry.number)
        found += gone
        found += [
            Fault(number=entry.number, text=text)
            for text in chain.faults(
                seal, None if gone else before, entry, erased_before=text_of(erased_before)
            )
        ]
        number, mac, before = entry.number, entry.mac, entry.mac
        if known is not None and known.number == number and known.mac != mac:
            found.append(Fault(number=number, text=f"it is not the one that was noted as {known.mac}"))
        if len(found) >= FAULTS_MOST:
            break
    else:
        found += _tail(End(number, mac), end, known)
    return Verdict(count=number, head=mac, faults=found)


async def _extent(read: Reader) -> tuple[End, int]:
    end = await audit.end(read)
    return end, max(end.number, await audit.highest(read))


def _missing(number: int, following: int) -> list[Fault]:
    return [Fault(number=gone, text="it is missing") for gone in range(number + 1, following)][:FAULTS_MOST]


def _tail(last: End, end: End, known: End | None) -> list[Fault]:
    """Say what is wrong with where the chain ends."""
    found = []
    if known is not None and last.number < known.number:
        text = f"the tail was cut off: {known.number} entries were noted, {last.number} are here"
        found.append(Fault(number=last.number + 1, text=text))
    elif last.number < end.number:
        text = f"the tail was cut off: there were {end.number} entries, {last.number} are here"
        found.append(Fault(number=last.number + 1, text=text))
    elif last.mac != end.mac:
        found.append(Fault(number=last.number, text="it is not the one that was written last"))
    return found


async def _entries(store: Store, upto: int, at_once: int) -> AsyncIterator[tuple[int, Stored | None]]:
    """Give every entry in order; None with its number for one that nothing can be made of."""
    number = 0
    while True:
        try:
            rows = await store.scan(audit.stored, number, upto, at_once)
        except (StorageError, msgspec.ValidationError):
            async for one in _one_by_one(store, number, min(number + at_once, upto)):
                yield one
            number = min(number + at_once, upto)
        else:
            for row in rows:
                yield row.number, row
            if not rows:
                return
            number = rows[-1].number
        if number >= upto:
            return


async def _one_by_one(store: Store, after: int, upto: int) -> AsyncIterator[tuple[int, Stored | None]]:
    for number in range(after + 1, upto + 1):
        try:
            rows = await store.scan(audit.stored, number - 1, number, 1)
        except (StorageError, msgspec.ValidationError):
            yield number, None
        else:
            for row in rows:
                yield number, row
