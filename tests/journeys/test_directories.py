"""Journey: three councils' nodes, served each by its own process, find out who may be found in the others."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from activitypub.wire import Request, Response
from bench.site import Site
from fedcop.fetch import documents
from fedcop.knowledge import one_box, reasons
from fedcop.knowledge.one_box import Page
from fedcop.node import open_node
from fedcop.transport import Budget
from storage import actors, visible
from storage.visible import SYSTEM

WITHIN = 60.0
MEET_WITHIN = 120.0
ADDRESSES = [f"/directory/{kind}{page}" for kind in ("people", "communities") for page in ("", "/page/1")]

# Whom our node actor follows, and who let it.
FOLLOWED = """
SELECT COUNT(*) FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE a.local = 1 AND a.type = 'Application' AND f.state = 'accepted'"""


class World:
    """Powys, Devon and Essex, which list each other, each with somebody who looks for others."""

    def __init__(self, folder: Path) -> None:
        self.powys, self.devon, self.essex = self.sites = [
            Site(folder, name=name) for name in ("powys", "devon", "essex")
        ]
        for site in self.sites:
            site.allow = [other.domain for other in self.sites if other is not site]
        self.tokens: dict[str, str] = {}

    async def open(self) -> None:
        for site in self.sites:
            await asyncio.to_thread(site.make)
            self.tokens[site.domain] = await asyncio.to_thread(site.add_person, "seeker")
            await site.start()
        took = await until(self.met, seconds=MEET_WITHIN)
        print(f"\nthree nodes follow each other after {took:.1f} s")

    async def met(self) -> bool:
        return all([site.value(FOLLOWED) == 2 for site in self.sites])

    async def found(self, at: Site) -> set[str]:
        """Give who of other councils is in the directory of somebody's app."""
        accounts = await at.ask("GET", "/api/v1/directory", token=self.tokens[at.domain])
        return {account["acct"].partition("@")[0] for account in accounts if "@" in account["acct"]}

    async def finds(self, at: Site, *names: str) -> float:
        """Wait until exactly these are found, and give the seconds that took."""

        async def same() -> bool:
            return await self.found(at) == set(names)

        return await until(same, seconds=WITHIN)


async def until(wanted: Callable[[], Awaitable[bool]], *, seconds: float) -> float:
    """Wait until something holds, and give the seconds that took."""
    began = time.monotonic()
    while not await wanted():
        assert time.monotonic() - began < seconds, "it took too long"
        await asyncio.sleep(0.2)
    return time.monotonic() - began


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    try:
        await made.open()
        yield made
    finally:
        for site in made.sites:
            await site.stop()


async def choose(site: Site, token: str, *, findable: bool, **more: str) -> None:
    await site.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        token=token,
        discoverable=str(findable).lower(),
        **more,
    )


@pytest.mark.slow
async def test_who_may_be_found_is_found_elsewhere_within_a_minute_and_gone_as_fast(
    world: World, tmp_path: Path
) -> None:
    powys, devon, essex = world.sites
    mair, huw = [await asyncio.to_thread(powys.add_person, name) for name in ("mair", "huw")]
    await choose(powys, mair, findable=True, note="Sustainable drainage")
    print(f"found in Devon after {await world.finds(devon, 'mair'):.1f} s")
    assert await searched(devon, "drainage") == ["mair: “drainage” in the text"]
    await world.finds(essex, "mair")
    token = world.tokens[devon.domain]
    (hit,) = (await devon.ask("GET", "/api/v2/search", token=token, q="drainage", type="accounts"))[
        "accounts"
    ]
    assert (hit["acct"], hit["discoverable"]) == (f"mair@{powys.domain}", True)

    await essex.stop()
    await choose(powys, mair, findable=False)
    print(f"gone in Devon after {await world.finds(devon):.1f} s")
    await choose(powys, huw, findable=True)
    await asyncio.to_thread(
        powys.command, "community", "open", "floods", "--name", "Floods", "--facilitator", "huw"
    )
    await world.finds(devon, "huw", "floods")
    assert await searched(devon, "drainage") == []
    gone = await devon.ask("GET", "/api/v1/accounts/lookup", token=token, acct=f"mair@{powys.domain}")
    assert (gone["note"], gone["discoverable"]) == ("", False)
    await essex.start()
    print(f"a stopped node has caught up after {await world.finds(essex, 'huw', 'floods'):.1f} s")

    rogue = Site(tmp_path, name="rogue")
    await asyncio.to_thread(rogue.make)
    for address in ADDRESSES:
        assert [one.status for one in await asked(rogue, powys.base + address)] == [403, 401]
    print(f"403 to a node that is not listed at {', '.join(ADDRESSES)}")


async def searched(site: Site, text: str) -> list[str]:
    """Give whom the seeker finds by words of their profiles, each with the reason."""
    node = await open_node(site.config)
    try:
        me = await node.store.read(actors.find_by_uri, SYSTEM, node.uris.person("seeker"))
        assert me is not None
        now, home = node.clock.now(), node.uris.domain
        found = await node.store.scan(
            one_box.look, visible.person(me.id), text, now, Page(limit=5), home=home, need=True
        )
        return [
            f"{one.row.handle}: {', '.join(reasons.said(one.reasons, found.words, 'en'))}"
            for one in found.people
        ]
    finally:
        await node.close()


async def asked(site: Site, url: str) -> list[Response]:
    """Ask another node as this one, by a signed request and by one without a signature."""
    node = await open_node(site.config)
    try:
        unsigned = Request(method="GET", url=url, headers=(("Accept", "application/activity+json"),))
        return [
            await documents.get(node, url),
            await node.transport.exchange(unsigned, Budget(seconds=10, max_bytes=65_536, kind="peer")),
        ]
    finally:
        await node.close()
