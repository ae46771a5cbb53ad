"""The outbox as a queue."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage import deliveries, peers, released
from storage.deliveries import HEADS, Backlog, Claimed, Failure, NewBody, Settled
from storage.engine import Reader, Store, Transaction, Value
from storage.ids import ActorId, RowId
from storage.row import Row
from storage.sqlite import SqliteStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = ActorId(1)
COMMUNITY = ActorId(2)
POST = "https://leeds.example/posts/1"


class Step(Row):
    """One line of a query plan."""

    id: int
    parent: int
    unused: int
    detail: str


async def _add_sender(tx: Transaction, actor_id: ActorId, name: str) -> None:
    await tx.execute(
        """INSERT INTO actors (id, uri, type, handle, host, domain, local, created_at, updated_at)
        VALUES (:id, :uri, 'Person', :name, 'leeds.example', 'leeds.example', 1, :now, :now)""",
        id=actor_id,
        uri=f"https://leeds.example/people/{name}",
        name=name,
        now=NOW,
    )


class Outbox:
    """Queues activities in a store and takes them out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self._next = 100

    async def send(
        self,
        *hosts: str,
        kind: str = "Create",
        about: str | None = POST,
        by: ActorId = ADA,
        inbox: str = "inbox",
    ) -> RowId:
        """Queue an activity for the inbox of each host."""
        self._next += 1
        body_id = RowId(self._next)
        await self.store.write(self._send, body_id, hosts, kind, about, by, inbox)
        return body_id

    async def _send(
        self,
        tx: Transaction,
        body_id: RowId,
        hosts: tuple[str, ...],
        kind: str,
        about: str | None,
        by: ActorId,
        inbox: str,
    ) -> None:
        body = NewBody(
            uri=f"https://leeds.example/activities/{body_id}",
            type=kind,
            object_uri=about,
            sender_id=by,
            body=f"{kind} {body_id}".encode(),
        )
        await deliveries.add_body(tx, body_id, body)
        targets = [(host, f"https://{host}/{inbox}") for host in hosts]
        await deliveries.add(tx, body_id, targets, self.now)

    async def claim(
        self, *, hosts: int = 10, failing: int = 10, allows: Callable[[str], bool] = lambda _: True
    ) -> list[Claimed]:
        """Take queues that are due."""
        return await self.store.write(
            deliveries.claim,
            now=self.now,
            until=self.now + 15 * MINUTE,
            hosts=hosts,
            failing=failing,
            allows=allows,
        )

    async def settle(self, *settled: Settled) -> None:
        """Write what came of queues."""
        await self.store.write(deliveries.settle, settled, self.now)

    async def fail(self, claimed: Claimed, *, refused: bool = False, for_: timedelta = 10 * MINUTE) -> None:
        """Write that a host did not take its head."""
        failure = Failure(
            id=claimed.heads[0].id,
            answer="503 not now",
            refused=refused,
            due_at=self.now + for_,
            rest_until=self.now + MINUTE,
        )
        await self.settle(Settled(host=claimed.queue.host, over=[], failure=failure))

    async def bodies(self) -> list[str]:
        """Give the bytes of every body that is stored."""

        async def read(read: Reader) -> list[str]:
            return [body.decode() for body in await read.values("SELECT body FROM bodies ORDER BY id")]

        return await self.store.read(read)

    async def waiting(self) -> dict[str, int]:
        """Give how many deliveries wait, by host."""
        return {backlog.host: backlog.waiting for backlog in await self.store.read(deliveries.backlog)}


@pytest.fixture
async def outbox(store: Store) -> Outbox:
    await store.write(_add_sender, ADA, "ada")
    await store.write(_add_sender, COMMUNITY, "floods")
    return Outbox(store)


def texts(claimed: Claimed) -> list[str]:
    return [claimed.bodies[head.body_id].body.decode() for head in claimed.heads]


async def test_a_body_is_stored_once_and_sent_to_each_inbox_once(outbox: Outbox) -> None:
    body_id = await outbox.send("kent.example", "york.example", "kent.example")
    kent, york = await outbox.claim()

    assert [claimed.queue.host for claimed in (kent, york)] == ["kent.example", "york.example"]
    assert texts(kent) == texts(york) == [f"Create {body_id}"]
    assert kent.heads[0].inbox == "https://kent.example/inbox"
    assert kent.heads[0].queued_at == NOW
    body = kent.bodies[body_id]
    assert (body.sender_id, body.sender_uri) == (ADA, "https://leeds.example/people/ada")


async def test_a_hosts_deliveries_come_in_the_order_in_which_they_were_queued(outbox: Outbox) -> None:
    sent = [await outbox.send("york.example", "kent.example", kind="Like") for _ in range(3)]
    for claimed in await outbox.claim():
        assert [head.body_id for head in claimed.heads] == sent


async def test_a_body_for_many_inboxes_and_the_next_one_never_share_an_id(outbox: Outbox) -> None:
    await outbox.send(*(f"h{n}.example" for n in range(50)))
    await outbox.send(*(f"h{n}.example" for n in range(50)), kind="Like")
    claimed = await outbox.claim(hosts=100)
    assert len({head.id for one in claimed for head in one.heads}) == 100
    assert {tuple(head.body_id for head in one.heads) for one in claimed} == {(101, 102)}


async def test_at_most_sixteen_of_a_host_are_taken_at_once(outbox: Outbox) -> None:
    for _ in range(HEADS + 3):
        await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    assert len(claimed.heads) == HEADS == 16
    await outbox.settle(Settled(host="kent.example", over=claimed.heads, reached=True))
    (claimed,) = await outbox.claim()
    assert len(claimed.heads) == 3


async def test_a_queue_in_hand_is_not_taken_again_before_its_time(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    await outbox.claim()
    await outbox.send("kent.example")
    assert await outbox.claim() == []
    outbox.now += 15 * MINUTE
    assert len(await outbox.claim()) == 1


async def test_a_body_goes_with_its_last_delivery_and_a_queue_too(outbox: Outbox) -> None:
    await outbox.send("kent.example", "york.example")
    kent, york = await outbox.claim()
    await outbox.settle(Settled(host="kent.example", over=kent.heads, reached=True))
    assert len(await outbox.bodies()) == 1
    assert await outbox.waiting() == {"york.example": 1}
    await outbox.settle(Settled(host="york.example", over=york.heads, reached=True))
    assert await outbox.bodies() == []

    async def queues(read: Reader) -> int:
        return int(await read.value("SELECT COUNT(*) FROM queues"))

    assert await outbox.store.read(queues) == 0


async def test_a_failed_head_blocks_its_host_until_it_is_due_and_nobody_else(outbox: Outbox) -> None:
    await outbox.send("kent.example", "york.example")
    kent, york = await outbox.claim()
    await outbox.fail(kent)
    await outbox.settle(Settled(host="york.example", over=york.heads, reached=True))
    await outbox.send("kent.example", "york.example", kind="Like")

    assert [claimed.queue.host for claimed in await outbox.claim()] == ["york.example"]
    outbox.now += 10 * MINUTE
    (again,) = await outbox.claim()
    assert (again.queue.host, again.queue.failures) == ("kent.example", 1)
    assert texts(again) == ["Create 101", "Like 102"]
    (backlog,) = [b for b in await outbox.store.read(deliveries.backlog) if b.host == "kent.example"]
    assert backlog == Backlog("kent.example", 2, NOW, NOW + 10 * MINUTE, 1)


async def test_failures_count_up_and_a_delivery_that_is_taken_ends_the_count(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    await outbox.send("kent.example")
    counts = []
    for _ in range(3):
        (claimed,) = await outbox.claim()
        counts.append(claimed.queue.failures)
        await outbox.fail(claimed)
        outbox.now += 10 * MINUTE
    (claimed,) = await outbox.claim()
    first, second = claimed.heads
    failure = Failure(
        id=second.id, answer="no answer", refused=False, due_at=outbox.now, rest_until=outbox.now
    )
    await outbox.settle(Settled(host="kent.example", over=[first], reached=True, failure=failure))
    (claimed,) = await outbox.claim()
    await outbox.settle(Settled(host="kent.example", over=[], reached=True))
    (last,) = await outbox.claim()

    assert counts == [0, 1, 2]
    assert (claimed.queue.failures, last.queue.failures) == (1, 0)


async def test_what_the_peer_itself_refuses_is_counted_from_the_first_time(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    for refused in (True, False, True):
        (claimed,) = await outbox.claim()
        await outbox.fail(claimed, refused=refused)
        outbox.now += 10 * MINUTE
    (claimed,) = await outbox.claim()
    assert (claimed.heads[0].refusals, claimed.heads[0].first_refused_at) == (2, NOW)
    peer = await outbox.store.read(peers.find, "kent.example")
    assert peer is not None
    assert (peer.failures, peer.last_error) == (3, "503 not now")


async def test_hosts_that_failed_last_hold_no_more_than_their_share(outbox: Outbox) -> None:
    hosts = [f"down{n}.example" for n in range(6)]
    await outbox.send(*hosts)
    for claimed in await outbox.claim():
        await outbox.fail(claimed, for_=MINUTE)
    outbox.now += 2 * MINUTE
    await outbox.send("well1.example", "well2.example", "well3.example")

    taken = [claimed.queue.host for claimed in await outbox.claim(hosts=4, failing=2)]
    assert sorted(taken) == ["down0.example", "down1.example", "well1.example", "well2.example"]
    assert await outbox.claim(hosts=0, failing=2) == []


async def test_a_host_that_is_no_longer_allowed_is_not_taken(outbox: Outbox) -> None:
    await outbox.send("kent.example", "rogue.example")
    taken = await outbox.claim(allows=lambda host: host != "rogue.example")
    assert [claimed.queue.host for claimed in taken] == ["kent.example"]
    outbox.now += 30 * MINUTE
    assert [claimed.queue.host for claimed in await outbox.claim()] == ["kent.example"]
    outbox.now += 31 * MINUTE
    assert "rogue.example" in [claimed.queue.host for claimed in await outbox.claim()]


async def test_what_a_peer_sends_wakes_its_queue_but_not_within_its_rest(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    await outbox.fail(claimed)
    await outbox.store.write(deliveries.wake, "kent.example", NOW)
    assert await outbox.claim() == []
    outbox.now += MINUTE
    assert len(await outbox.claim()) == 1

    await outbox.fail(claimed)
    outbox.now += 5 * MINUTE
    assert await outbox.claim() == []
    await outbox.store.write(deliveries.wake, "kent.example", outbox.now)
    assert len(await outbox.claim()) == 1


async def test_a_delete_takes_back_what_was_never_sent_and_itself(outbox: Outbox) -> None:
    await outbox.send("kent.example", "york.example")
    await outbox.send("kent.example", kind="Update")
    await outbox.send("kent.example", about="https://leeds.example/posts/2")
    await outbox.send("kent.example", kind="Delete")

    assert await outbox.waiting() == {"kent.example": 1, "york.example": 1}
    assert await outbox.bodies() == ["Create 101", "Create 103"]


async def test_a_delete_follows_where_the_create_was_sent(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    await outbox.settle(Settled(host="kent.example", over=claimed.heads, reached=True))
    await outbox.send("kent.example", kind="Update")
    await outbox.send("kent.example", kind="Delete")

    (claimed,) = await outbox.claim()
    assert texts(claimed) == ["Delete 103"]


async def test_a_delete_follows_where_the_create_may_be_on_the_wire(outbox: Outbox) -> None:
    await outbox.send("hand.example", "tried.example", "crashed.example")
    taken = {claimed.queue.host: claimed for claimed in await outbox.claim()}
    await outbox.fail(taken["tried.example"])
    await outbox.send("hand.example", kind="Delete")
    await outbox.send("tried.example", kind="Delete")
    await outbox.store.write(released.release, *await outbox.store.scan(released.taken))
    await outbox.send("crashed.example", kind="Delete")

    assert await outbox.waiting() == {"hand.example": 2, "tried.example": 2, "crashed.example": 2}


async def test_a_delete_takes_back_what_the_same_sender_queued_only(outbox: Outbox) -> None:
    """A node may have the post from its author, though the community's announce never left."""
    await outbox.send("kent.example", by=COMMUNITY)
    await outbox.send("kent.example", kind="Delete", by=ADA)
    (claimed,) = await outbox.claim()
    assert texts(claimed) == ["Create 101", "Delete 102"]


async def test_what_an_ended_process_held_is_given_back_at_the_start(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    await outbox.claim()
    (taken,) = await outbox.store.scan(released.taken)
    assert await outbox.store.write(released.release, taken) == 1
    assert len(await outbox.claim()) == 1


async def test_the_queue_of_a_host_ends_with_all_that_waits(outbox: Outbox) -> None:
    await outbox.send("kent.example", "york.example")
    await outbox.send("kent.example", kind="Like")
    assert await outbox.store.write(deliveries.end_host, "kent.example") == 2
    assert await outbox.waiting() == {"york.example": 1}
    assert await outbox.bodies() == ["Create 101"]


async def test_what_comes_of_a_queue_that_ended_meanwhile_changes_nothing(outbox: Outbox) -> None:
    await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    await outbox.store.write(deliveries.end_host, "kent.example")
    await outbox.fail(claimed)
    assert await outbox.waiting() == {}
    assert await outbox.claim() == []


async def test_a_turn_writes_results_and_takes_the_next(outbox: Outbox) -> None:
    await outbox.send("kent.example", "york.example")
    (kent,) = await outbox.claim(hosts=1)
    settled = [Settled(host="kent.example", over=kent.heads, reached=True, scheme="rfc9421")]
    taken = await outbox.store.write(
        deliveries.turn,
        settled,
        now=NOW,
        until=NOW + MINUTE,
        hosts=5,
        failing=5,
        allows=lambda _: True,
    )

    assert [claimed.queue.host for claimed in taken] == ["york.example"]
    assert await outbox.waiting() == {"york.example": 1}
    nothing = await outbox.store.write(
        deliveries.turn, [], now=NOW, until=NOW, hosts=5, failing=5, allows=lambda _: True
    )
    assert nothing == []


async def test_the_scheme_that_a_peer_took_is_kept(outbox: Outbox) -> None:
    await outbox.store.write(peers.met, "kent.example", NOW)
    await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    assert claimed.queue.scheme == "cavage"
    await outbox.settle(Settled(host="kent.example", over=claimed.heads, reached=True, scheme="rfc9421"))
    await outbox.send("kent.example")
    (claimed,) = await outbox.claim()
    assert claimed.queue.scheme == "rfc9421"
    peer = await outbox.store.read(peers.find, "kent.example")
    assert peer is not None
    assert peer.reached_at == NOW


@pytest.mark.parametrize("sql", [deliveries.HEADS_OF, deliveries.BODIES, deliveries.DUE, deliveries.UNSENT])
async def test_a_claim_reads_no_whole_table(engine: SqliteStore, sql: str) -> None:
    async def plan(read: Reader) -> list[str]:
        values: dict[str, Value] = dict.fromkeys(("hosts", "ids", "targets"), "[]")
        values |= {"now": NOW, "heads": 1, "limit": 1, "body_id": 1}
        wanted = {name: value for name, value in values.items() if f":{name}" in sql}
        return [row.detail for row in await read.all(Step, f"EXPLAIN QUERY PLAN {sql}", **wanted)]

    tables = ("SCAN d", "SCAN b", "SCAN q", "SCAN a", "SCAN p", "SCAN gone", "SCAN n")
    steps = await engine.read(plan)
    assert [step for step in steps if step.startswith(tables) and "USING INDEX" not in step] == []
