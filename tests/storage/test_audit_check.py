"""The chain is looked through."""

from datetime import timedelta

import pytest

from storage import audit, audit_check
from storage.audit import End
from storage.audit_check import Verdict
from storage.chain import Seal
from storage.engine import Store, Transaction
from storage.sqlite import SqliteStore
from tests.storage.people import NOON
from tests.storage.test_audit import SEAL, note


async def fill(store: Store, entries: int = 5) -> None:
    for number in range(1, entries + 1):
        await store.write(
            audit.record,
            note(
                object=f"{number}.example", reason="spam", address="192.0.2.1", before={"severity": "allow"}
            ),
        )


async def spoil(store: Store, sql: str) -> None:
    async def change(tx: Transaction) -> None:
        assert await tx.execute(sql) > 0

    await store.write(change)


async def look(store: Store, known: End | None = None, seal: Seal = SEAL) -> Verdict:
    return await audit_check.look(store, seal, erased_before=NOON, known=known)


async def texts(store: Store, known: End | None = None) -> list[str]:
    return [f"{fault.number}: {fault.text}" for fault in (await look(store, known)).faults]


async def test_a_chain_as_it_was_written_is_right(store: Store) -> None:
    assert await look(store) == Verdict(count=0, head="", faults=[])
    await fill(store)
    end = await store.read(audit.end)
    assert await look(store, end) == Verdict(count=5, head=end.mac, faults=[])
    await fill(store, 1)
    assert (await look(store, end)).faults == [], "what came later does not matter"


@pytest.mark.parametrize(
    "column", ["at", "by_name", "verb", "object", "changed", "detail_hash", "address_hash"]
)
async def test_one_changed_byte_is_found_and_its_entry_named(store: Store, column: str) -> None:
    await fill(store)
    await spoil(store, f"UPDATE audit SET {column} = {column} || '.' WHERE number = 3")
    assert "3: it, or its place in the chain, was changed" in await texts(store)
    assert {fault.number for fault in (await look(store)).faults} == {3}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("audit_details", "before"),
        ("audit_details", "after"),
        ("audit_details", "reason"),
        ("audit_details", "salt"),
        ("audit_addresses", "address"),
        ("audit_addresses", "at"),
    ],
)
async def test_one_changed_byte_beside_it_too(store: Store, table: str, column: str) -> None:
    await fill(store)
    await spoil(store, f"UPDATE {table} SET {column} = {column} || '.' WHERE number = 3")
    (fault,) = await texts(store)
    assert fault.startswith("3: its ")


@pytest.mark.parametrize("value", ["CAST(X'ff' AS TEXT)", "X'ff'"])
async def test_what_cannot_be_read_any_more_is_named(engine: SqliteStore, value: str) -> None:
    await fill(engine)
    await spoil(engine, f"UPDATE audit SET by_name = {value} WHERE number = 3")
    assert await texts(engine) == ["3: it cannot be read"]


async def test_a_changed_mac_shows_there_and_in_the_next(store: Store) -> None:
    await fill(store)
    await spoil(store, "UPDATE audit SET mac = 'x' WHERE number = 3")
    assert {fault.number for fault in (await look(store)).faults} == {3, 4}


async def test_a_missing_entry_is_named(store: Store) -> None:
    await fill(store)
    await spoil(store, "DELETE FROM audit WHERE number IN (2, 3)")
    assert await texts(store) == ["2: it is missing", "3: it is missing"]


async def test_two_entries_that_changed_places_are_found(store: Store) -> None:
    await fill(store)
    for place in ("SET number = 99 WHERE number = 3", "SET number = 3 WHERE number = 4"):
        await spoil(store, f"UPDATE audit {place}")
    await spoil(store, "UPDATE audit SET number = 4 WHERE number = 99")
    assert {fault.number for fault in (await look(store)).faults} >= {3, 4}


async def test_a_tail_that_was_cut_off_is_found(store: Store) -> None:
    await fill(store)
    await spoil(store, "DELETE FROM audit WHERE number > 3")
    assert await texts(store) == ["4: the tail was cut off: there were 5 entries, 3 are here"]


async def test_a_tail_cut_off_with_care_is_found_by_what_was_noted_elsewhere(store: Store) -> None:
    await fill(store)
    end = await store.read(audit.end)
    for table in ("audit", "audit_details", "audit_addresses"):
        await spoil(store, f"DELETE FROM {table} WHERE number > 3")
    await spoil(store, "UPDATE audit_end SET number = 3, mac = (SELECT mac FROM audit WHERE number = 3)")
    assert await texts(store) == []
    assert await texts(store, end) == ["4: the tail was cut off: 5 entries were noted, 3 are here"]
    await fill(store, 3)
    assert await texts(store, end) == [f"5: it is not the one that was noted as {end.mac}"]


async def test_the_end_has_to_be_that_of_the_last_entry(store: Store) -> None:
    await fill(store)
    await spoil(store, "UPDATE audit_end SET number = 3, mac = (SELECT mac FROM audit WHERE number = 3)")
    assert await texts(store) == ["5: it is not the one that was written last"]


async def test_another_key_opens_nothing_and_ends_after_some_faults(store: Store) -> None:
    await fill(store, audit_check.FAULTS_MOST + 5)
    verdict = await look(store, seal=Seal(b"x" * 32))
    assert len(verdict.faults) == audit_check.FAULTS_MOST
    assert verdict.count == audit_check.FAULTS_MOST


async def test_an_address_erased_in_time_is_no_fault(store: Store) -> None:
    await fill(store)
    await store.write(audit.erase_addresses, NOON + timedelta(days=1), 10)
    verdict = await audit_check.look(store, SEAL, erased_before=NOON + timedelta(days=1))
    assert verdict.faults == []
    assert len((await look(store)).faults) == 5


async def test_a_chain_of_several_pages_is_looked_through(engine: SqliteStore) -> None:
    await fill(engine, 5)
    assert (await audit_check.look(engine, SEAL, erased_before=NOON, at_once=2)).count == 5
    await spoil(engine, "UPDATE audit SET by_name = X'ff' WHERE number = 4")
    verdict = await audit_check.look(engine, SEAL, erased_before=NOON, at_once=2)
    assert [(fault.number, fault.text) for fault in verdict.faults] == [(4, "it cannot be read")]
