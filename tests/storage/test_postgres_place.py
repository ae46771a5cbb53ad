"""Who is at work on a PostgreSQL database, and what they tell each other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest

from storage import lock, postgres
from storage.engine import Change, Transaction
from storage.errors import Unavailable
from storage.postgres import PostgresStore
from storage.postgres_place import PLACES, Place
from tests.storage.engines import put
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield databases.url_of(tmp_path)
    databases.give_back(tmp_path)


@pytest.fixture
async def both(url: str) -> AsyncIterator[list[PostgresStore]]:
    """Give the stores of two processes that share a database."""
    stores = [await postgres.open_store(url, readers=2, writers=2) for _ in range(2)]
    yield stores
    for store in stores:
        await store.close()


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, ten seconds at most."""
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")


def drop(url: str, *pids: int) -> None:
    """Have the server drop connections, or every one."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND (cardinality(%s::int[]) = 0 OR pid = ANY(%s))",
            (list(pids), list(pids)),
        )


def test_who_wants_it_alone_waits_for_nobody(url: str) -> None:
    with lock.alone(url), pytest.raises(Unavailable, match="another process works on this"), lock.alone(url):
        pass
    with lock.alone(url):
        pass


async def test_while_a_store_is_open_nobody_has_it_alone_nor_the_other_way_round(url: str) -> None:
    store = await postgres.open_store(url)
    with pytest.raises(Unavailable, match="another process works on this"), lock.alone(url):
        pass
    await store.close()
    with lock.alone(url), pytest.raises(Unavailable, match="is being migrated or moved"):
        await postgres.open_store(url)


async def test_each_process_has_a_number_of_its_own_and_there_are_sixteen(url: str) -> None:
    async with AsyncExitStack() as stack:
        places = [Place(url, print) for _ in range(PLACES)]
        for place in places:
            await place.open()
            stack.push_async_callback(place.close)
        assert [place.number for place in places] == list(range(PLACES))
        late = Place(url, print)
        with pytest.raises(Unavailable, match="16 processes share this database"):
            await late.open()
        await places[7].close()
        await late.open()
        assert late.number == 7
        await late.close()


async def test_a_subject_and_a_change_reach_the_other_process_once(both: list[PostgresStore]) -> None:
    told: list[tuple[int, object]] = []
    for number, store in enumerate(both):
        store.on_wake = lambda subject, number=number: told.append((number, subject))
        store.on_change = lambda change, number=number: told.append((number, change))
    change = Change("entry", 5, frozenset({7}))

    async def write(tx: Transaction) -> None:
        tx.wake("deliveries")
        tx.changed(change)

    await both[0].write(write)
    await eventually(lambda: len(told) == 4)
    await both[1].write(put, "after")
    assert sorted(told, key=repr) == sorted(
        [(0, "deliveries"), (0, change), (1, "deliveries"), (1, change)], key=repr
    )


async def test_only_who_works_counts_as_a_worker(both: list[PostgresStore]) -> None:
    first, second = both
    assert await second.workers() == frozenset({1})
    assert await first.workers() == frozenset({0, 1})
    await second.close()
    assert await first.workers() == frozenset({0})


async def test_one_leads_and_another_takes_over(both: list[PostgresStore]) -> None:
    first, second = both
    over = await first.lead()
    waits = asyncio.create_task(second.lead())
    done, _ = await asyncio.wait([waits], timeout=0.7)
    assert not done
    await first.close()
    async with asyncio.timeout(10):
        await waits
    assert not over.is_set() or first.waiting == 0


async def test_a_place_that_was_lost_is_taken_again_and_who_led_leads_no_more(url: str) -> None:
    store = await postgres.open_store(url)
    over = await store.lead()
    drop(url)
    async with asyncio.timeout(10):
        await over.wait()
        assert store.process == 0
        again = await store.lead()
    assert again is not over
    assert await store.workers() == frozenset({0})
    assert await store.write(put, "after") == "after"
    await store.close()


async def test_a_number_that_another_took_is_known_to_be_lost_until_it_is_free(url: str) -> None:
    place = Place(url, print)
    await place.open()
    with psycopg.connect(url, autocommit=True) as thief:
        found = thief.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 0 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        assert found is not None
        take = thief.execute  # it waits until the holder is gone, and comes before it returns
        waiting = asyncio.create_task(asyncio.to_thread(take, "SELECT pg_advisory_lock(1717920867, 0)"))
        await asyncio.sleep(0.1)
        drop(url, found[0])
        await waiting
        await eventually(lambda: not place.taken)
    await eventually(lambda: place.taken)
    assert place.number == 0
    await place.close()
