"""The measures: each is run in turn with the yardstick, and of all rounds the best counts.

What else happens on a machine only ever makes a figure worse, so the best of five is the steadiest one.
"""

import asyncio
import tempfile
from pathlib import Path

import msgspec

from bench import load, yardstick
from bench.peer import Peer, Person, written
from bench.seed import follow_each_other
from bench.site import Site, Spent

AUTHORS = 20
ACTIVITIES = 1_000
HOSTS = 500
POSTS = 6  # each to every host
PAGES = 400
IDLE_AFTER = 2.0

TEXT = "<p>" + "The gullies in the lower road are full again, and the crew comes on Thursday. " * 12 + "</p>"


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one operation costs: processor seconds of the node, and how many went through in a second."""

    processor: float
    per_second: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The best of all rounds. ``yardstick``: seconds of a signature by `openssl speed`; ``memory``: bytes."""

    yardstick: float
    signature: float
    accepted: Cost
    visible: Cost
    delivery: Cost
    home: Cost
    start: Cost
    memory: int

    def ratios(self) -> dict[str, float]:
        """Give each cost as a multiple of the yardstick, which is what can be compared between machines."""
        costs = {name: getattr(self, name) for name in ("accepted", "visible", "delivery", "home", "start")}
        return {name: cost.processor / self.yardstick for name, cost in costs.items()}


def best(rounds: list[Figures]) -> Figures:
    """Give the best figure of each kind."""
    costs = {
        name: Cost(
            processor=min(getattr(one, name).processor for one in rounds),
            per_second=max(getattr(one, name).per_second for one in rounds),
        )
        for name in ("accepted", "visible", "delivery", "home", "start")
    }
    return Figures(
        yardstick=min(one.yardstick for one in rounds),
        signature=min(one.signature for one in rounds),
        memory=min(one.memory for one in rounds),
        **costs,
    )


async def measure(rounds: int = 5) -> Figures:
    """Make a node with somebody who reads, somebody with followers at 500 hosts, and 20 peers; measure it."""
    with tempfile.TemporaryDirectory(prefix="fedcop-bench-") as folder:
        async with Peer() as peer:
            bench = Bench(Site(Path(folder)), peer)
            await bench.make()
            try:
                return best([await bench.round() for _ in range(rounds)])
            finally:
                await bench.site.stop()


class Bench:
    """A node and its peers, measured round by round."""

    def __init__(self, site: Site, peer: Peer) -> None:
        self.site = site
        self.peer = peer
        self.authors: list[Person] = []
        self.reader = ""
        self.writer = ""

    async def make(self) -> None:
        """Make the node, its people, and whom they follow."""
        self.site.make()
        self.reader, self.writer = self.site.add_person("ruth"), self.site.add_person("will")
        self.authors = [self.peer.person("devon", f"author{number}") for number in range(AUTHORS)]
        followers = [self.peer.person(f"h{number:03}", "ana") for number in range(HOSTS)]
        await follow_each_other(self.site, "ruth", following=self.authors)
        await follow_each_other(self.site, "will", followers=followers)

    async def round(self) -> Figures:
        """Take every measure once; the process is a new one each time, and warm before it is measured."""
        stick, signature = yardstick.openssl(), yardstick.signature(self.peer.key)
        await self.site.start("--no-workers")
        accepted = await self.accepted()
        await self.site.stop()
        await self.site.start()
        await self.site.settled()
        await self.site.stop()
        start = await self.site.start()
        await asyncio.sleep(IDLE_AFTER)
        memory = self.site.resident()
        figures = Figures(
            yardstick=stick,
            signature=signature,
            accepted=accepted,
            visible=await self.visible(),
            delivery=await self.delivery(),
            home=await self.home(),
            start=Cost(processor=start.processor, per_second=1 / start.wall),
            memory=memory,
        )
        await self.site.stop()
        return figures

    async def accepted(self) -> Cost:
        """Activities that were answered 202: signature checked, on disk; nothing else is done here."""
        await self._post(AUTHORS)
        requests = self._requests(ACTIVITIES)
        before = self.site.spent()
        await self._fire(requests, 202)
        return _cost(self.site.spent().since(before), ACTIVITIES)

    async def visible(self) -> Cost:
        """Activities from the socket to the home timeline of a follower, acceptance included."""
        await self._post(AUTHORS)
        await self.site.settled()
        requests = self._requests(ACTIVITIES)
        held, before = self._posts(), self.site.spent()
        await self._fire(requests, 202)
        await self.site.settled()
        spent = self.site.spent().since(before)
        assert self._posts() == held + ACTIVITIES, "not every activity became a post"
        return _cost(spent, ACTIVITIES)

    async def delivery(self) -> Cost:
        """Deliveries of posts to followers at 500 hosts, over connections that are open."""
        await self._publish(1)
        before = self.site.spent()
        await self._publish(POSTS)
        return _cost(self.site.spent().since(before), POSTS * HOSTS)

    async def home(self) -> Cost:
        """Home timelines of 20 posts, over HTTP with a token, by as many clients at once as the others."""
        path = "/api/v1/timelines/home?limit=20"
        page = await self.site.ask("GET", path, token=self.reader)
        assert len(page) == 20, f"found {len(page)} posts at home, wanted 20"
        headers = (("Host", self.site.domain), ("Authorization", f"Bearer {self.reader}"))
        request = written(headers, "GET", path, b"")
        await self._fire([request] * 50, 200)
        before = self.site.spent()
        await self._fire([request] * PAGES, 200)
        return _cost(self.site.spent().since(before), PAGES)

    def _requests(self, count: int) -> list[bytes]:
        people = self.authors
        return [self.peer.create(self.site, people[number % len(people)], TEXT) for number in range(count)]

    async def _post(self, count: int) -> None:
        await self._fire(self._requests(count), 202)

    async def _publish(self, count: int) -> None:
        expected = len(self.peer.arrived) + count * HOSTS
        for number in range(count):
            status = f"News {number}. {TEXT}"
            await self.site.ask("POST", "/api/v1/statuses", token=self.writer, status=status)
        await self.peer.wait_for(expected)

    async def _fire(self, requests: list[bytes], wanted: int) -> None:
        statuses = await load.fire(self.site.port, requests)
        assert set(statuses) == {wanted}, f"found the statuses {set(statuses)}, wanted {wanted}"

    def _posts(self) -> int:
        return self.site.value("SELECT COUNT(*) FROM posts WHERE local = 0")


def _cost(spent: Spent, count: int) -> Cost:
    return Cost(processor=spent.processor / count, per_second=count / spent.wall)
