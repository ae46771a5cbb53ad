"""A question in a community of three councils, asked and answered from Mastodon clients."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from fedcop import fetch
from fedcop.actions import token
from fedcop.knowledge import working_time
from fedcop.server.app import build
from fedcop.workers import broker, due
from storage import asks
from storage.actors import Actor
from storage.asks import Ask
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support import described
from tests.support.network import Council, Network

SCOPES = "read write follow push"


@dataclass
class World:
    """Kent's community floods with its facilitator fin; devon's dee and essex's eva belong to it."""

    network: Network
    kent: Council
    devon: Council
    essex: Council
    fin: Actor
    dee: Actor
    eva: Actor
    floods: Actor
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def client(self, council: Council, person: Actor) -> httpx.AsyncClient:
        """Give a Mastodon client of somebody."""
        secret = await token.create(council.node, person.handle, scopes=SCOPES, app_name="t", by="t")
        made = httpx.AsyncClient(
            transport=described.Described(app=build(council.node)),
            base_url=council.node.config.node.base_url,
            headers={"authorization": f"Bearer {secret}"},
        )
        self.clients.append(made)
        return made

    async def settle(self) -> None:
        """Let everything that is due happen, at every node."""
        await self.network.settle()
        while sum([await self._work(council) for council in self.network]):
            await self.network.settle()

    async def _work(self, council: Council) -> int:
        return await due.work(council.node) + await broker.work(council.node)

    async def hours(self, number: float) -> None:
        """Let so many working hours pass, at most eight at a time, and everything that follows happen."""
        clock = self.network.clock
        while number > 0:
            later = working_time.after(clock.now(), timedelta(hours=min(number, 8)), "england")
            clock.move(later - clock.now() + timedelta(seconds=1))
            await self.settle()
            number -= 8

    async def close(self) -> None:
        """Close every client."""
        for client in self.clients:
            await client.aclose()

    async def ask(self, council: Council, uri: str) -> Ask:
        """Give an ask as a node holds it."""
        found = await council.node.store.read(asks.find, SYSTEM, (await self.held(council, uri)).id)
        assert found is not None, f"{uri} asks nothing at {council.host}"
        return found

    async def held(self, council: Council, uri: str) -> Post:
        found = await council.post(uri)
        assert found is not None, f"{uri} is not held at {council.host}"
        return found

    async def states(self, uri: str) -> list[str]:
        """Give the state of an ask at each node."""
        return [(await self.ask(council, uri)).state for council in self.network]


async def opened(network: Network) -> World:
    """Give the community with its members."""
    kent, devon, essex = network
    fin, dee, eva = await kent.person("fin"), await devon.person("dee"), await essex.person("eva")
    floods = await kent.community("floods", fin)
    for council, person in ((devon, dee), (essex, eva)):
        await fetch.actor(council.node, floods.uri)
        await council.follow(person, floods)
    await network.settle()
    for council in network:
        network.router.add(council.host, build(council.node))
    return World(network, kent, devon, essex, fin, dee, eva, floods)


async def said(client: httpx.AsyncClient, **form: Any) -> Any:
    """Post a status."""
    made = await client.post("/api/v1/statuses", json=form)
    assert made.status_code == 200, made.text
    return made.json()


async def shown(client: httpx.AsyncClient, uri: str) -> Any:
    """Give a status as a client shows it, found by its address."""
    found = await client.get("/api/v2/search", params={"q": uri, "resolve": "true", "type": "statuses"})
    return found.json()["statuses"][0]
