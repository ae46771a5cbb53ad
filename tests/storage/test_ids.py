"""Row ids."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import ids
from storage.engine import Store, Transaction
from storage.ids import IdSource
from storage.sqlite import SqliteStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@settings(max_examples=50)
@given(st.lists(st.integers(-5, 5), max_size=60), st.integers(0, 15))
def test_each_id_is_larger_than_the_one_before_even_when_the_clock_steps_back(
    steps: list[int], process: int
) -> None:
    source = IdSource(process=process)
    now = NOW
    minted, notified = [], []
    for step in steps:
        now += step * MILLISECOND
        minted.append(source.next(now))
        notified.append(source.next_notification(now))
    assert minted == sorted(set(minted))
    assert notified == sorted(set(notified))


def test_ids_begin_above_those_that_are_stored() -> None:
    last = ids.at(NOW) + 4_000
    source = IdSource(last=last, last_notification=(int(NOW.timestamp() * 1000) << 10) + 5)
    assert source.next(NOW - timedelta(days=1)) > last
    assert source.next_notification(NOW) > (int(NOW.timestamp() * 1000) << 10) + 5


def test_several_processes_never_mint_the_same_id() -> None:
    minted = [IdSource(process=process).next(NOW) for process in range(16)]
    assert len(set(minted)) == 16
    assert {ids.time_of(one) for one in minted} == {NOW}


@pytest.mark.parametrize("process", [-1, 16])
def test_a_process_that_has_no_number_of_its_own_is_refused(process: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 15"):
        IdSource(process=process)


def test_a_millisecond_that_is_full_goes_on_in_the_next() -> None:
    source = IdSource()
    minted = [source.next(NOW) for _ in range(4_097)]
    assert ids.time_of(minted[-2]) == NOW
    assert ids.time_of(minted[-1]) == NOW + MILLISECOND


def test_an_id_holds_its_time_and_a_border_lies_below_it() -> None:
    minted = IdSource().next(NOW)
    assert ids.time_of(minted) == NOW
    assert ids.at(NOW) <= minted < ids.at(NOW + MILLISECOND)


def test_ids_of_notifications_stay_exact_in_json_numbers() -> None:
    assert IdSource().next_notification(datetime(2200, 1, 1, tzinfo=UTC)) < 2**53


async def test_the_highest_ids_are_those_of_any_table(store: Store) -> None:
    async def add(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO audit_unchained (id, at, by_name, verb, object) VALUES (77, '', '', '', '')"
        )
        await tx.execute("INSERT INTO ended (id, host, what, detail, at) VALUES (78, '', '', '', '')")

    assert await store.read(ids.highest) == (0, 0)
    await store.write(add)
    assert await store.read(ids.highest) == (78, 0)


async def test_every_table_with_ids_of_the_shared_space_is_asked(engine: SqliteStore) -> None:
    async def tables(tx: Transaction) -> list[str]:
        return await tx.values(
            """SELECT m.name FROM pragma_table_list AS m JOIN pragma_table_info(m.name) AS c
            WHERE m.type = 'table' AND c.name = 'id' AND c.type = 'INTEGER' ORDER BY m.name"""
        )

    named = await engine.write(tables)
    assert [name for name in named if f"FROM {name}\n" not in ids.HIGHEST] == [
        "notifications",
        "push_subscriptions",  # numbered by the database: clients read the id as a small number
    ]
