"""Who decided what."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import audit
from storage.audit import Note
from storage.chain import Seal
from storage.engine import Reader, Store, Transaction
from tests.storage.people import NOON

SEAL = Seal(b"k" * 32)


def note(verb: str = "deny", *, at: datetime = NOON, **more: Any) -> Note:
    given = {"by_name": "ada", "object": "york.example", "salts": ("s", "t")} | more
    return Note(seal=SEAL, at=at, verb=verb, **given)


async def test_decisions_are_given_newest_first(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.write(audit.record, note("allow"))
    changed = {
        "before": {"severity": "allow", "source": "page"},
        "after": {"severity": "deny", "source": "page", "reason": "spam"},
    }
    await store.write(audit.record, note(at=later, reason="spam", address="192.0.2.1", **changed))
    second, first = await store.read(audit.latest, 5)
    assert (first.number, first.at, first.verb, first.object) == (1, NOON, "allow", "york.example")
    assert (first.changed, first.before, first.after, first.reason, first.address) == (
        "",
        None,
        None,
        None,
        None,
    )
    assert (second.number, second.at, second.by_name, second.reason) == (2, later, "ada", "spam")
    assert (second.changed, second.before, second.after, second.address) == (
        "reason,severity",
        '{"severity":"allow","source":"page"}',
        '{"reason":"spam","severity":"deny","source":"page"}',
        "192.0.2.1",
    )
    assert await store.read(audit.latest, 1) == [second]
    assert await store.read(audit.latest, 5, below=2) == [first]


async def test_what_was_decided_about_something_is_found(store: Store) -> None:
    await store.write(audit.record, note("allow", object="kent.example"))
    await store.write(audit.record, note("deny"))
    assert [one.verb for one in await store.read(audit.about, "york.example", limit=5)] == ["deny"]


async def test_the_end_tells_how_long_the_chain_is(store: Store) -> None:
    assert await store.read(audit.end) == audit.End(0, "")
    await store.write(audit.record, note())
    await store.write(audit.record, note())
    end = await store.read(audit.end)
    first, second = await store.read(audit.stored, 0, end.number, 5)
    assert (end.number, end.mac) == (2, second.mac)
    assert first.mac == SEAL.link("", 1, first.bound)
    assert second.mac == SEAL.link(first.mac, 2, second.bound)
    assert await store.read(audit.highest) == 2


async def test_addresses_are_erased_and_nothing_else(store: Store) -> None:
    later = NOON + timedelta(days=1)
    await store.write(audit.record, note(address="192.0.2.1", reason="spam"))
    await store.write(audit.record, note(at=later, address="192.0.2.2"))
    assert await store.write(audit.erase_addresses, later, 10) == 1
    second, first = await store.read(audit.latest, 2)
    assert (first.address, first.reason, second.address) == (None, "spam", "192.0.2.2")


async def test_the_same_is_noted_once_in_a_while(store: Store) -> None:
    await store.write(audit.record, note("read closed"))
    again = note("read closed", at=NOON + timedelta(minutes=5))
    assert await store.read(audit.was_noted, again, since=NOON)
    assert not await store.read(audit.was_noted, again, since=NOON + timedelta(minutes=1))
    for other in (note("read closed", by_name="bea"), note("deny"), note("read closed", object="x")):
        assert not await store.read(audit.was_noted, other, since=NOON)


async def test_decisions_of_before_are_chained_in_their_order(store: Store) -> None:
    async def fill(tx: Transaction) -> None:
        for number in (1, 2, 3):
            await tx.execute(
                "INSERT INTO audit_unchained (id, at, by_name, verb, object, detail)"
                " VALUES (:id, :at, 'ada', 'deny', :object, 'spam')",
                id=number,
                at=NOON,
                object=f"{number}.example",
            )

    await store.write(fill)
    assert await store.read(audit.is_unchained)
    assert await store.write(audit.chain_up, SEAL, ["a", "b"]) == 2
    assert await store.write(audit.chain_up, SEAL, ["c", "d"]) == 1
    assert not await store.read(audit.is_unchained)
    assert await store.write(audit.chain_up, SEAL, ["e"]) == 0
    entries = await store.read(audit.latest, 5)
    assert [(one.number, one.object, one.reason, one.at) for one in entries] == [
        (number, f"{number}.example", "spam", NOON) for number in (3, 2, 1)
    ]


async def test_what_is_rolled_back_leaves_no_gap(store: Store) -> None:
    async def fails(tx: Transaction) -> None:
        await audit.record(tx, note())
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(fails)
    await store.write(audit.record, note())
    assert await store.read(_numbers) == [1]


async def _numbers(read: Reader) -> list[int]:
    return await read.values("SELECT number FROM audit ORDER BY number")
