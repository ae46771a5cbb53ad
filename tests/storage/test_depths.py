"""How much waits, and since when."""

from datetime import UTC, datetime, timedelta

from storage import deliveries, depths, migrate, peers, received
from storage.deliveries import NewBody
from storage.depths import Depth, Peer, State
from storage.engine import Store, Transaction
from storage.ids import ActorId, RowId, at
from storage.received import NewReceived
from storage.received import Settled as Received
from tests.storage import people

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def _queue(tx: Transaction, sender: ActorId) -> None:
    body = NewBody(uri="urn:1", type="Create", object_uri=None, sender_id=sender, body=b"{}")
    await deliveries.add_body(tx, RowId(1), body)
    targets = [("devon.example", f"https://devon.example/{name}") for name in "abc"]
    await deliveries.add(tx, RowId(1), [*targets, ("essex.example", "https://essex.example/inbox")], NOW)


async def _receive(tx: Transaction, number: int, came_at: datetime) -> RowId:
    row_id = RowId(at(came_at) + number)
    new = NewReceived(
        uri=f"urn:{number}", type="Like", actor_uri="https://devon.example/x", host="devon.example",
        key_id="k", body=b"{}",
    )  # fmt: skip
    await received.put(tx, new, row_id)
    return row_id


async def test_of_an_empty_node_nothing_waits(store: Store) -> None:
    found = await store.scan(depths.depths, NOW)
    assert set(found) == {"received", "deliveries", "histories", "scheduled"}
    assert set(found.values()) == {Depth(0, None)}


async def test_each_queue_says_how_much_waits_and_since_when(store: Store) -> None:
    await store.write(_queue, await people.add(store, "ada"))
    done = await store.write(_receive, 1, NOW - 2 * HOUR)
    await store.write(_receive, 2, NOW - HOUR)
    await store.write(received.settle, [Received(id=done, state="done")])
    found = await store.scan(depths.depths, NOW)
    assert found["received"] == Depth(1, NOW - HOUR)
    assert found["deliveries"] == Depth(4, NOW)


async def test_the_longest_queues_come_first_and_no_more_than_wanted(store: Store) -> None:
    await store.write(_queue, await people.add(store, "ada"))
    devon, essex = Peer("devon.example", 3, NOW, 0), Peer("essex.example", 1, NOW, 0)
    assert await store.scan(depths.longest, 50) == [devon, essex]
    assert await store.scan(depths.longest, 1) == [devon]


async def test_peers_are_counted_by_what_they_may_and_how_they_do(store: Store) -> None:
    for host in ("devon.example", "essex.example", "york.example"):
        await store.write(peers.met, host, NOW)
    await store.write(peers.failed, "york.example", "no answer", NOW)
    assert await store.scan(depths.peers) == [State("open", False, 2), State("open", True, 1)]


async def test_the_schema_is_that_of_the_last_step(store: Store) -> None:
    assert await store.read(depths.schema) == len(migrate.wanted())
