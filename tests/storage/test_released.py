"""What a process had in hand when it ended."""

from datetime import UTC, datetime, timedelta

from storage import deliveries, released
from storage.deliveries import NewBody
from storage.engine import Reader, Store, Transaction
from storage.ids import ActorId, RowId
from storage.released import Taken
from tests.storage.people import add

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FOR = timedelta(minutes=15)
HOSTS = ("devon.example", "essex.example")


async def _queue(tx: Transaction, sender: ActorId) -> None:
    body = NewBody(uri="https://kent.example/1", type="Create", object_uri=None, sender_id=sender, body=b"{}")
    await deliveries.add_body(tx, RowId(9), body)
    await deliveries.add(tx, RowId(9), [(host, f"https://{host}/inbox") for host in HOSTS], NOW)


async def _claim(tx: Transaction, by: int, now: datetime = NOW) -> list[str]:
    until = now + FOR
    found = await deliveries.claim(tx, now=now, until=until, hosts=1, failing=1, allows=bool, by=by)
    return [claimed.queue.host for claimed in found]


async def _tried(read: Reader) -> list[str]:
    return await read.values("SELECT host FROM deliveries WHERE attempt > 0 ORDER BY host")


async def test_only_what_the_ended_process_had_comes_free_and_counts_as_tried(store: Store) -> None:
    await store.write(_queue, await add(store, "ada"))
    assert [await store.write(_claim, by) for by in (3, 4, 5)] == [["devon.example"], ["essex.example"], []]

    assert await store.scan(released.taken) == [Taken(3, NOW + FOR), Taken(4, NOW + FOR)]
    assert await store.write(released.release, Taken(4, NOW + FOR)) == 1
    assert await store.read(_tried) == ["essex.example"]
    assert await store.write(_claim, 5) == ["essex.example"]


async def test_what_another_took_under_the_same_number_since_then_stays_with_it(store: Store) -> None:
    await store.write(_queue, await add(store, "ada"))
    await store.write(_claim, 3)
    (seen,) = await store.scan(released.taken)
    await store.write(_claim, 3, NOW + timedelta(seconds=1))

    assert await store.write(released.release, seen) == 1
    assert await store.read(_tried) == ["devon.example"]
    assert await store.scan(released.taken) == [Taken(3, NOW + timedelta(seconds=1) + FOR)]
