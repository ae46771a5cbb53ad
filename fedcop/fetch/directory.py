"""Another node's directory, read into what is held of it: who is listed there, and who no longer is.

    await fetch.entry(node, uri, "people")                  that node says it lists somebody
    await fetch.directory(node, host, whole=False)          once a day, and as a node is met

Only what stands at the origin of the list is taken from it: a council lists its own people and communities.
An entry is the actor's own document. It is kept if it wants to be found, and never passed on (decision 13).
"""

import asyncio
import itertools
from datetime import datetime
from typing import Final

from activitypub import vocab
from activitypub.discovery import webfinger
from activitypub.discovery.followers_sync import digest_of
from activitypub.document import Document
from activitypub.errors import Malformed, RemoteFault
from activitypub.origin import same_origin
from activitypub.vocab import registry
from fedcop.as2.activities import moment_of
from fedcop.errors import Refusal
from fedcop.fetch import actors as fetched
from fedcop.fetch import spending
from fedcop.fetch.discovery import base_of
from fedcop.fetch.documents import collection, ensure_answered, get
from fedcop.fetch.peers import node_host
from fedcop.node import Node
from storage import actors
from storage import directory as rows
from storage.actors import Actor
from storage.directory import Kind
from storage.visible import SYSTEM

KINDS: Final[dict[Kind, str]] = {"people": "Person", "communities": "Group"}

# A council of 10 000 people takes 200 pages of 50, about 100 kB each. What a hostile one could put on a page
# beyond that would lie in our tables.
MOST_PAGES = 200
MOST_ON_PAGE = 100
MOST_REQUESTS = 500
MOST_DOMAINS = 3  # that a council's handles end in
MOST_BYTES = 67_108_864
STEP = 50  # rows, each with what search finds it by
BESIDE = 10  # entries whose transactions share commits


async def entry(node: Node, uri: str, kind: Kind) -> bool:
    """Hold somebody as listed whom their node says it lists; False if their own document is against it.

    Raises as ``fetch.actor`` does.
    """
    return await _learn(node, await fetched.actor(node, uri, fresh=True), kind)


def node_actor_uri(node: Node, host: str) -> str:
    """Give the id of the actor of a council's node, which speaks for its directories."""
    return f"{base_of(node, host)}/actor"


async def directory(node: Node, host: str, *, whole: bool) -> None:
    """Bring what is held of a node's directories in step: its changes, or with ``whole`` all of it.

    Changes are read from the latest on, until a page says nothing new; if the digest is another even then,
    all of it is read. Raises ``RemoteFault`` or a Refusal when it cannot be had, of that ``ShutOut`` when
    that node does not let us read.
    """
    with spending.at_most(MOST_REQUESTS, octets=MOST_BYTES):
        for kind in KINDS:
            await _in_step(node, host, kind, whole=whole)


async def _in_step(node: Node, host: str, kind: Kind, *, whole: bool) -> None:
    url = f"{base_of(node, host)}/directory/{kind}"
    response = await get(node, url)
    ensure_answered(response)
    digest = (response.header("etag") or "").strip('"')
    held = await _held(node, host, kind)
    if not whole:
        if _digest(held) == digest:
            return
        await _Reading(node, host, kind, held).changes()
        held = await _held(node, host, kind)
    if whole or _digest(held) != digest:
        await _Reading(node, host, kind, held).all()


async def _held(node: Node, host: str, kind: Kind) -> dict[str, str]:
    """Give who is held as listed, and when each last changed, as that is written."""
    found = await node.store.scan(rows.theirs, SYSTEM, host, kind)
    return {one.uri: moment_of(one.updated_at) for one in found}


def _digest(held: dict[str, str]) -> str:
    return digest_of(f"{uri}\n{updated}" for uri, updated in held.items())


class _Reading:
    """One directory, read page by page; ``held``: who is held as listed, and when each last changed."""

    def __init__(self, node: Node, host: str, kind: Kind, held: dict[str, str]) -> None:
        self._node = node
        self._host = host
        self._kind = kind
        self._held = held
        self._first = f"{base_of(node, host)}/directory/{kind}/page/1"
        self._listed: set[str] = set()
        self._domains: dict[str, asyncio.Future[str | None]] = {}

    async def changes(self) -> None:
        """Read from the latest change on, until a page says nothing new."""
        address: str | None = self._first
        for _ in range(MOST_PAGES):
            address, new = await self._page(address) if address is not None else (None, False)
            if address is None or not new:
                break

    async def all(self) -> None:
        """Read every page, and let go of whoever is on none."""
        address: str | None = self._first
        pages = 0
        while address is not None and pages < MOST_PAGES:
            address, _ = await self._page(address)
            pages += 1
        if address is not None:
            return  # it is longer than anybody's: who is not among the first is not known to be gone
        if pages > 1:
            await self._page(self._first)  # where whoever changed meanwhile stands now
        gone = sorted(self._held.keys() - self._listed)
        for start in range(0, len(gone), STEP):
            await self._node.store.bulk(rows.forget, self._host, gone[start : start + STEP])

    async def _page(self, address: str) -> tuple[str | None, bool]:
        """Read one page; give where the next is, and whether this one said anything new."""
        page = await collection(self._node, address)
        if page is None:
            return None, False
        listed = itertools.islice(page.items("orderedItems"), MOST_ON_PAGE)
        items = [item for item in listed if isinstance(item, Document)]
        own = [item for item in items if item.id is not None and self._is_own(item.id)]
        gone = [str(item.id) for item in own if item.type == "Tombstone" and item.id in self._held]
        await self._node.store.write(rows.forget, self._host, gone)
        self._listed.update(str(item.id) for item in own if item.type == KINDS[self._kind])
        new = [item for item in own if item.type == KINDS[self._kind] and not self._has(item)]
        for start in range(0, len(new), BESIDE):
            await asyncio.gather(*map(self._take, new[start : start + BESIDE]))
        following = page.json.get("next")
        further = isinstance(following, str) and same_origin(following, self._first)
        return following if further else None, bool(gone or new)

    def _is_own(self, uri: str) -> bool:
        """Tell whether the list can speak for an id: of its origin, and no part of another document."""
        return same_origin(uri, self._first) and "#" not in uri

    def _has(self, item: Document) -> bool:
        return item.id in self._held and self._held[item.id] == item.json.get("updated")

    async def _take(self, item: Document) -> None:
        """Hold an entry, unless it is none: one that cannot be read keeps no other from being read."""
        node = self._node
        try:
            found = registry.read(item)
            if not isinstance(found, vocab.Actor):
                raise Malformed(f"{item.id} is a {item.type}; wanted an actor")
            held = await node.store.read(actors.find_by_uri, SYSTEM, found.id)
            if held is not None and held.state == "deleted":
                return
            if held is not None and found.updated is not None and found.updated < _whole_seconds(held):
                # An Update overtook this page, or a clock is wrong: who it is about says what holds.
                await entry(node, found.id, self._kind)
                return
            domain = None if held is not None else await self._domain_of(item, found)
            await _learn(node, await fetched.store_actor(node, found, held=held, domain=domain), self._kind)
        except (RemoteFault, Refusal):
            return

    async def _domain_of(self, item: Document, found: vocab.Actor) -> str | None:
        """Give the domain of the handle of somebody not met before, where it is known to lead to their node.

        A council's first reading would else cost a request for each of its people. None: it has to be asked
        for, since the domain does not lead there, or the handle is somebody else's.
        """
        said = item.json.get("webfinger")
        name, domain = webfinger.split(said) if isinstance(said, str) else ("", "")
        if name.lower() != found.preferred_username.lower() or not await self._leads_here(domain.lower()):
            return None
        held = await self._node.store.read(actors.find_by_handle, SYSTEM, name, domain)
        return None if held is not None else domain.lower()

    async def _leads_here(self, domain: str) -> bool:
        """Tell whether a domain says that the node that is read is its own; few are asked, each once."""
        node = self._node
        if domain == self._host or node.domains.get(domain) == self._host:
            return True
        if domain not in self._domains:
            if len(self._domains) == MOST_DOMAINS or not node.allows(domain):
                return False
            self._domains[domain] = asyncio.ensure_future(node_host(node, domain))
        return await self._domains[domain] == self._host


def _whole_seconds(held: Actor) -> datetime:
    return held.updated_at.replace(microsecond=0)


async def _learn(node: Node, actor: Actor, kind: Kind) -> bool:
    if actor.type != KINDS[kind]:
        return False
    return await node.store.write(rows.learn, actor.id, kind)
