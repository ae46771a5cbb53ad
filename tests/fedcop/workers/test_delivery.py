"""What waits for other hosts is sent."""

import asyncio
from datetime import timedelta

import pytest

from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.errors import PeerTrouble
from fedcop.node import Node
from fedcop.rules import Rule, Rules
from fedcop.transport import Budget
from fedcop.workers import delivery
from fedcop.workers.delivery import FAILING, WINDOW
from storage import deliveries, released
from storage.deliveries import NewBody
from storage.engine import Transaction
from storage.ids import RowId
from tests.support.network import Council, Network


class Hosts:
    """A way out to hosts that take what they are sent, are down, or hang."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.hung: set[str] = set()
        self.broken: set[str] = set()
        self.taken: list[tuple[str, bytes]] = []
        self.tried = 0
        self.under_way = 0
        self.most = 0
        self.asked = asyncio.Event()
        self.changed = asyncio.Event()

    async def exchange(self, request: Request, budget: Budget) -> Response:
        host = host_of(request.url)
        self.tried += 1
        self.asked.set()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self._answer(host)
        finally:
            self.under_way -= 1
        self.taken.append((host, request.body))
        self.changed.set()
        return Response(status=202, url=request.url)

    async def _answer(self, host: str) -> None:
        if host in self.hung:
            await asyncio.Event().wait()
        if host in self.down:
            raise PeerTrouble(host, "cannot be reached")
        if host in self.broken:
            raise LookupError("a bug")
        await asyncio.sleep(0)

    async def close(self) -> None:
        self.taken.clear()

    async def took(self, count: int) -> None:
        """Wait until so many deliveries were taken."""
        async with asyncio.timeout(20):
            while len(self.taken) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
def hosts(node: Node) -> Hosts:
    """Let a node that may talk with all meet these hosts."""
    node.rules = Rules(mode="open")
    way_out = Hosts()
    node.transport = way_out
    return way_out


async def queue(node: Node, names: list[str], text: str = "x") -> None:
    """Queue one activity for each host."""
    body_id = RowId(node.ids.next(node.clock.now()))

    async def add(tx: Transaction) -> None:
        body = NewBody(
            uri=node.uris.activity(body_id),
            type="Like",
            object_uri=None,
            sender_id=node.actor_id,
            body=text.encode(),
        )
        await deliveries.add_body(tx, body_id, body)
        await deliveries.add(
            tx, body_id, [(name, f"https://{name}/inbox") for name in names], node.clock.now()
        )

    await node.store.write(add)


async def waiting(node: Node) -> dict[str, int]:
    return {backlog.host: backlog.waiting for backlog in await node.store.read(deliveries.backlog)}


async def settled(node: Node) -> None:
    while await delivery.work(node):
        pass


async def test_each_host_gets_all_in_order_and_each_once(node: Node, hosts: Hosts) -> None:
    names = [f"h{n}.example" for n in range(30)]
    for n in range(20):
        await queue(node, names, str(n))
    await settled(node)

    for name in names:
        assert [body for host, body in hosts.taken if host == name] == [str(n).encode() for n in range(20)]
    assert await waiting(node) == {}
    assert hosts.most <= WINDOW


async def test_a_host_that_was_down_gets_all_when_it_is_back(node: Node, hosts: Hosts) -> None:
    hosts.down = {"down.example"}
    await queue(node, ["down.example", "well.example"], "1")
    await queue(node, ["down.example", "well.example"], "2")
    await settled(node)
    assert hosts.taken == [("well.example", b"1"), ("well.example", b"2")]
    assert await waiting(node) == {"down.example": 2}

    hosts.down.clear()
    await settled(node)
    assert await waiting(node) == {"down.example": 2}
    node.clock.move(timedelta(minutes=1))  # type: ignore[attr-defined]
    await settled(node)
    assert hosts.taken[2:] == [("down.example", b"1"), ("down.example", b"2")]


async def test_a_host_that_is_heard_is_tried_at_once(node: Node, hosts: Hosts) -> None:
    hosts.down = {"down.example"}
    await queue(node, ["down.example"])
    for _ in range(10):
        await settled(node)
        node.clock.move(timedelta(hours=6))  # type: ignore[attr-defined]
    await settled(node)
    node.clock.move(timedelta(minutes=2))  # type: ignore[attr-defined]
    hosts.down.clear()
    assert await delivery.work(node) == 0
    await node.store.write(deliveries.wake, "down.example", node.clock.now())
    assert await delivery.work(node) == 1
    assert hosts.taken == [("down.example", b"x")]


async def test_hosts_that_hang_cost_those_that_are_well_nothing(node: Node, hosts: Hosts) -> None:
    """As many hung hosts as there are places, known to have failed: half of the places stay for others."""
    down = [f"hung{n}.example" for n in range(WINDOW)]
    hosts.down = set(down)
    await queue(node, down)
    await delivery.work(node)
    hosts.tried = 0
    hosts.hung, hosts.down = set(down), set()
    node.clock.move(timedelta(minutes=1))  # type: ignore[attr-defined]
    well = [f"well{n}.example" for n in range(200)]
    await queue(node, well)

    task = asyncio.create_task(delivery.run(node))
    await hosts.took(200)
    assert hosts.under_way == FAILING
    assert hosts.tried == 200 + FAILING
    assert {host for host, _ in hosts.taken} == set(well)
    hosts.hung.clear()
    task.cancel()
    await asyncio.wait([task], timeout=0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_host_that_leaves_the_list_is_not_tried(node: Node, hosts: Hosts) -> None:
    await queue(node, ["rogue.example", "well.example"])
    node.rules = Rules(mode="open", rules=(Rule(pattern="rogue.example", severity="deny"),))
    await settled(node)
    assert [host for host, _ in hosts.taken] == ["well.example"]
    assert hosts.tried == 1


async def test_a_fault_of_ours_with_one_host_is_that_hosts_alone(
    node: Node, hosts: Hosts, caplog: pytest.LogCaptureFixture
) -> None:
    hosts.broken = {"odd.example"}
    await queue(node, ["odd.example", "well.example"])
    await settled(node)
    assert [host for host, _ in hosts.taken] == ["well.example"]
    assert await waiting(node) == {"odd.example": 1}
    assert "a bug" in caplog.text


async def test_after_a_crash_all_is_sent_and_what_was_on_the_wire_perhaps_twice(
    node: Node, hosts: Hosts
) -> None:
    hosts.hung = {"slow.example"}
    await queue(node, ["slow.example"], "1")
    task = asyncio.create_task(delivery.work(node))
    await hosts.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    hosts.hung.clear()
    assert await delivery.work(node) == 0
    (taken,) = await node.store.scan(released.taken)
    await node.store.write(released.release, taken)
    await settled(node)
    assert hosts.taken == [("slow.example", b"1")]


async def test_who_is_no_more_gets_nothing_any_more(network: Network, kent: Council) -> None:
    devon = network.peer("devon.example")
    bea = devon.person("bea")
    ada = await kent.person("ada")
    follow = {"id": f"{bea}/follows/1", "type": "Follow", "actor": bea, "object": ada.uri}
    await devon.post(kent.url("/inbox"), follow)
    await network.settle()
    devon.status = {"/inbox": 410, "/users/bea": 410}
    await kent.publish(ada, "one")
    await network.settle()
    network.router.take()
    await kent.publish(ada, "two")
    await network.settle()

    assert network.router.take() == []
    assert (await kent.known(ada)).followers_count == 0
