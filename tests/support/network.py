"""Nodes of councils in one process, that meet only through a router, and what their people do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette

from fedcop import config as configuration
from fedcop import federation
from fedcop.actions import account, community, follow, post, setup
from fedcop.actions.post import Draft
from fedcop.config import Config
from fedcop.node import Node, open_node
from fedcop.workers import delivery, history, inbox
from storage import actors, notifications, posts, timelines, views, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.pages import Page
from storage.posts import Post
from storage.views import PostView
from storage.visible import SYSTEM, Viewer
from tests.support import databases, ready
from tests.support.clock import NOON, noon
from tests.support.hosts import Door, HostRouter
from tests.support.speak import Peer

ALLOWED = [
    "kent.example",
    "devon.example",
    "essex.example",
    "surrey.example",
    "mastodon.example",
    "lemmy.example",
]
KINDS = ("mention", "post", "boost", "follow", "follow_request", "like", "update", "report", "quote")


@dataclass
class Council:
    """One node with its people and communities."""

    node: Node

    @property
    def host(self) -> str:
        return self.node.uris.host

    def url(self, path: str) -> str:
        return self.node.config.node.base_url + path

    async def person(self, handle: str) -> Actor:
        """Add a person who signs in here."""
        found, _ = await account.add_person(
            self.node, handle, email=f"{handle}@{self.host}", display_name=handle.title(), password=None
        )
        return found

    async def community(self, slug: str, facilitator: Actor, **more: Any) -> Actor:
        """Open a community."""
        return await community.open_community(
            self.node, slug, name=slug.title(), summary="", facilitator=facilitator, **more
        )

    async def publish(self, author: Actor, text: str, **more: Any) -> PostId:
        """Publish a post."""
        return await post.publish(self.node, author, Draft(text=text, **more))

    async def follow(self, me: Actor, target: Actor) -> None:
        """Follow a person of any node, or ask to join a community."""
        await follow.follow(self.node, me, await self.known(target))

    async def known(self, actor: Actor) -> Actor:
        """Give this node's own row of an actor that it holds."""
        found = await self.node.store.read(actors.find_by_uri, SYSTEM, actor.uri)
        assert found is not None, f"{actor.uri} is not known at {self.host}"
        return found

    async def knows(self, uri: str) -> bool:
        return await self.node.store.read(actors.find_by_uri, SYSTEM, uri) is not None

    async def post(self, uri: str) -> Post | None:
        """Give the post that this node holds under an id."""
        return await self.node.store.read(posts.find_by_uri, SYSTEM, uri)

    async def uri_of(self, post_id: PostId) -> str:
        found = await self.node.store.read(posts.find, SYSTEM, post_id)
        assert found is not None
        return found.uri

    async def home(self, me: Actor) -> list[PostView]:
        """Give what a person's home timeline shows."""
        return await self.node.store.read(_home, visible.person(me.id), me, self.node.clock.now())

    async def told(self, me: Actor) -> list[str]:
        """Give the kinds of what a person was told, the latest first."""
        found = await self.node.store.read(
            notifications.page, visible.person(me.id), me.id, Page(limit=40), types=KINDS
        )
        return [one.type for one in found]


async def _home(read: Reader, viewer: Viewer, me: Actor, now: datetime) -> list[PostView]:
    return await views.views(read, viewer, await timelines.home(read, viewer, me.id, Page(limit=20), now))


class Network:
    """Several councils' nodes and the wire between them."""

    def __init__(self, made: Path, folder: Path) -> None:
        self._made = made
        self.folder = folder
        self.router = HostRouter()
        self.clock = noon()
        self.councils: list[Council] = []

    async def open(self, domain: str, **tables: dict[str, Any]) -> Council:
        """Add a node that allows the hosts of tests; ``tables`` change its configuration."""
        config = config_of(self._made, domain, tables)
        made = self._made / domain / urlsplit(config.node.base_url).netloc
        if not made.exists():
            await setup.set_up(config_of(made, domain, tables), now=NOON - timedelta(hours=1))
        folder = databases.copied(made, self.folder / domain)
        door = Door(self.router)
        node = await open_node(config_of(folder, domain, tables), clock=self.clock, transport=door)
        door.node = ready.hand_out(node)
        app = Starlette(routes=federation.routes(node))
        app.state.node = node
        self.router.add(node.uris.host, app)
        council = Council(node)
        self.councils.append(council)
        return council

    def peer(self, host: str, *, software: str = "mastodon") -> Peer:
        """Add a server of other software."""
        return Peer(host, self.router, self.clock, software=software)

    async def settle(self) -> None:
        """Run every node's workers until nothing is due at this moment."""
        while any([await step(council.node) for council in self.councils]):
            pass

    def fetches(self) -> list[str]:
        """Give every GET since the last time."""
        return [line for line in self.router.take() if line.startswith("GET ")]

    def __iter__(self) -> Iterator[Council]:
        return iter(self.councils)

    async def close(self) -> None:
        """Close every node."""
        for council in self.councils:
            await council.node.close()
        databases.give_back(self.folder)


def config_of(folder: Path, domain: str, tables: dict[str, dict[str, Any]]) -> Config:
    """Give the configuration of a test's node."""
    # As councils do, none lists itself.
    others = [host for host in ALLOWED if host != domain]
    given: dict[str, dict[str, Any]] = {
        "node": {"domain": domain},
        "federation": {"allow": others},
        "database": {"url": databases.url_of(folder)},
    }
    for name, table in tables.items():
        given[name] = given.get(name, {}) | table
    return configuration.parse(given, folder=folder)


async def step(node: Node) -> int:
    """Run each worker of a node once."""
    return await inbox.work(node) + await delivery.work(node) + await history.work(node)


def titles(shown: Iterable[PostView]) -> list[str]:
    """Give the titles, or texts, of what a timeline shows."""
    return [view.post.title or view.post.content for view in shown]
