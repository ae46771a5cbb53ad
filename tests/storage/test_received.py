"""The inbox as a queue."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import received, released
from storage.engine import Reader, Store
from storage.ids import IdSource, RowId
from storage.received import Count, NewReceived, Received, Settled
from storage.row import Row
from storage.sqlite import SqliteStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Step(Row):
    """One line of a query plan."""

    id: int
    parent: int
    unused: int
    detail: str


class Inbox:
    """Puts activities into a store and takes them out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self._ids = IdSource()
        self._names: dict[int, str] = {}

    async def put(self, name: str, *, by: str = "ada", kind: str = "Create") -> bool:
        """Receive an activity."""
        row_id = RowId(self._ids.next(self.now))
        self._names[row_id] = name
        new = NewReceived(
            uri=f"https://kent.example/activities/{name}",
            type=kind,
            actor_uri=f"https://kent.example/people/{by}",
            host="kent.example",
            key_id=f"https://kent.example/people/{by}#main-key",
            body=name.encode(),
        )
        return await self.store.write(received.put, new, row_id)

    async def claim(self, limit: int = 10) -> list[Received]:
        """Take what is due."""
        return await self.store.write(received.claim, now=self.now, until=self.now + 15 * MINUTE, limit=limit)

    async def names(self, limit: int = 10) -> list[str]:
        """Take what is due and give the names."""
        return [self._names[row.id] for row in await self.claim(limit)]

    async def settle(self, row: Received, state: str, **what: object) -> None:
        """Write what came of one."""
        settled = [Settled(id=row.id, state=state, **what)]  # type: ignore[arg-type]
        await self.store.write(received.settle, settled)


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return Inbox(store)


async def states(store: Store) -> dict[str, int]:
    return {count.state: count.n for count in await store.read(received.counts)}


async def test_an_activity_is_stored_once_for_its_id(inbox: Inbox, store: Store) -> None:
    assert await inbox.put("a") is True
    assert await inbox.put("a") is False
    assert await store.read(received.counts) == [Count("waiting", 1)]


async def test_of_many_that_bring_the_same_id_at_once_one_is_first(inbox: Inbox) -> None:
    assert sorted(await asyncio.gather(*(inbox.put("a") for _ in range(20)))) == [False] * 19 + [True]


async def test_a_claimed_activity_is_whole_and_of_the_time_of_its_id(inbox: Inbox) -> None:
    await inbox.put("a")
    (row,) = await inbox.claim()
    assert (row.uri, row.type, row.host) == ("https://kent.example/activities/a", "Create", "kent.example")
    assert (row.body, row.attempt, row.received_at) == (b"a", 0, NOW)


async def test_activities_are_taken_in_order_and_once(inbox: Inbox) -> None:
    for name in "abc":
        await inbox.put(name, by=name)
    assert await inbox.names(limit=2) == ["a", "b"]
    assert await inbox.names() == ["c"]
    assert await inbox.names() == []


async def test_while_an_actor_has_one_in_hand_the_later_ones_wait(inbox: Inbox) -> None:
    await inbox.put("a")
    await inbox.put("b")
    await inbox.put("x", by="bob")
    (first,) = await inbox.claim(limit=1)
    assert await inbox.names() == ["x"]
    await inbox.settle(first, "done")
    assert await inbox.names() == ["b"]


async def test_one_put_off_lets_what_adds_pass_but_not_what_changes(inbox: Inbox) -> None:
    await inbox.put("follow", kind="Follow")
    (row,) = await inbox.claim()
    await inbox.settle(row, "waiting", outcome="no answer", due_at=inbox.now + MINUTE)
    for kind in ("Like", "Undo", "Update", "Delete"):
        await inbox.put(kind, kind=kind)

    assert await inbox.names() == ["Like"]
    inbox.now += 2 * MINUTE
    assert await inbox.names() == ["follow"]


async def test_one_put_off_comes_again_with_its_attempts_counted(inbox: Inbox) -> None:
    await inbox.put("a")
    (row,) = await inbox.claim()
    await inbox.settle(row, "waiting", due_at=inbox.now + MINUTE)
    assert await inbox.claim() == []
    inbox.now += MINUTE
    (again,) = await inbox.claim()
    assert again.attempt == 1


async def test_one_given_back_unbegun_is_taken_again_without_an_attempt(inbox: Inbox) -> None:
    await inbox.put("a")
    (row,) = await inbox.claim()
    await inbox.settle(row, "waiting")
    assert await inbox.claim() == [row]


async def test_what_a_dead_worker_held_comes_free_by_itself(inbox: Inbox) -> None:
    await inbox.put("a")
    await inbox.claim()
    inbox.now += 15 * MINUTE
    assert await inbox.names() == ["a"]


async def test_what_an_ended_process_held_is_given_back_at_the_start(inbox: Inbox, store: Store) -> None:
    await inbox.put("a")
    await inbox.claim()
    (taken,) = await store.scan(released.taken)
    assert await store.write(released.release, taken) == 1
    assert await inbox.names() == ["a"]


async def test_a_turn_writes_results_and_takes_the_next(inbox: Inbox, store: Store) -> None:
    await inbox.put("a")
    await inbox.put("b")
    (first,) = await inbox.claim(limit=1)
    settled = [Settled(id=first.id, state="ignored", outcome="of no interest")]
    (second,) = await store.write(received.turn, settled, now=NOW, until=NOW + MINUTE, limit=5)
    assert second.body == b"b"
    assert await states(store) == {"ignored": 1, "waiting": 1}


async def test_bytes_go_before_ids_and_what_waits_keeps_both(inbox: Inbox, store: Store) -> None:
    await inbox.put("done")
    await inbox.put("waiting", by="bob")
    (done, _) = await inbox.claim()
    await inbox.settle(done, "done")
    later = NOW + MINUTE

    assert await store.read(received.with_old_body, NOW, 10) == []
    old = await store.read(received.with_old_body, later, 10)
    assert old == [done.id]
    await store.write(received.forget_bodies, old)
    assert await store.read(received.with_old_body, later, 10) == []
    assert await inbox.put("done") is False

    assert await store.write(received.forget, later, 10) == 1
    assert await states(store) == {"waiting": 1}
    assert await inbox.put("done") is True


async def test_a_claim_reads_the_front_of_the_queue_only(engine: SqliteStore) -> None:
    async def plan(read: Reader) -> list[str]:
        sql = received.CLAIM
        rows = await read.all(Step, f"EXPLAIN QUERY PLAN {sql}", now=NOW, until=NOW, limit=1, by=0)
        return [row.detail for row in rows]

    steps = await engine.read(plan)
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert any("received_waiting" in step for step in steps)
    assert any("received_by_actor" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


async def test_what_its_sender_says_of_followers_stays_with_an_activity(store: Store) -> None:
    uri = "https://kent.example/people/ada"
    new = NewReceived(
        uri=f"{uri}/1", type="Create", actor_uri=uri, host="kent.example", key_id=uri, body=b"{}",
        synchronization="stated",
    )  # fmt: skip
    await store.write(received.put, new, RowId(IdSource().next(NOW)))
    (row,) = await store.write(received.claim, now=NOW, until=NOW + MINUTE, limit=1)
    assert row.synchronization == "stated"
