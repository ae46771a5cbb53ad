"""Another node's directory, read into what is held of it: who is listed there, and who no longer is.

    await fetch.entry(node, uri, "people")                  that node says it lists somebody
    await fetch.directory(node, host, whole=False)          once a day, and as a node is met

Only what stands at the origin of the list is taken from it: a council lists its own people and communities.
An entry is the actor's own document. It is kept if it wants to be found, and never passed on (decision 13).
"""

from typing import Final

from activitypub import vocab
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
from fedcop.node import Node
from storage import actors
from storage import directory as rows
from storage.actors import Actor
from storage.directory import Kind
from storage.visible import SYSTEM

KINDS: Final[dict[Kind, str]] = {"people": "Person", "communities": "Group"}

# A council of 10 000 people takes 200 pages of 50, about 100 kB each.
MOST_PAGES = 200
MOST_REQUESTS = 500
MOST_BYTES = 67_108_864


async def entry(node: Node, uri: str, kind: Kind) -> bool:
    """Hold somebody as listed whom their node says it lists; False if their own document is against it.

    Raises as ``fetch.actor`` does.
    """
    return await _learn(node, await fetched.actor(node, uri, fresh=True), kind)


async def node_actor(node: Node, host: str) -> Actor:
    """Give the actor of a council's node, which speaks for its directories; raise as ``fetch.actor``."""
    return await fetched.actor(node, f"{base_of(node, host)}/actor")


async def directory(node: Node, host: str, *, whole: bool) -> None:
    """Bring what is held of a node's directories in step: its changes, or with ``whole`` all of it.

    Changes are read from the latest on, until a page says nothing new; if the digest is another even then,
    all of it is read. Raises ``RemoteFault`` or a Refusal when it cannot be had, of that ``Withheld`` when
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
    if not whole and _digest(held) == digest:
        return
    await _read(node, host, kind, url, held, whole=whole)
    if not whole and _digest(held := await _held(node, host, kind)) != digest:
        await _read(node, host, kind, url, held, whole=True)


async def _held(node: Node, host: str, kind: Kind) -> dict[str, str]:
    """Give who is held as listed, and when each last changed, as that is written."""
    found = await node.store.scan(rows.theirs, SYSTEM, host, kind)
    return {one.uri: moment_of(one.updated_at) for one in found}


def _digest(held: dict[str, str]) -> str:
    return digest_of(f"{uri}\n{updated}" for uri, updated in held.items())


async def _read(node: Node, host: str, kind: Kind, url: str, held: dict[str, str], *, whole: bool) -> None:
    listed: set[str] = set()
    address: str | None = f"{url}/page/1"
    for _ in range(MOST_PAGES):
        page = await collection(node, address) if address is not None else None
        if page is None:
            break
        items = [item for item in page.items("orderedItems") if isinstance(item, Document)]
        own = [item for item in items if item.id is not None and same_origin(item.id, url)]
        gone = [str(item.id) for item in own if item.type == "Tombstone" and item.id in held]
        await node.store.write(rows.forget, host, gone)
        listed.update(str(item.id) for item in own if item.type == KINDS[kind])
        new = [item for item in own if item.type == KINDS[kind] and not _is_held(item, held)]
        for item in new:
            await _take(node, item, kind)
        if not (whole or gone or new):
            break
        address = _next(page, url)
    else:
        return  # it is longer than anybody's: who is not among the first is not known to be gone
    if whole:
        await node.store.write(rows.forget, host, sorted(set(held) - listed))


def _is_held(item: Document, held: dict[str, str]) -> bool:
    return item.id in held and held[item.id] == item.json.get("updated")


def _next(page: Document, url: str) -> str | None:
    address = page.json.get("next")
    return address if isinstance(address, str) and same_origin(address, url) else None


async def _take(node: Node, item: Document, kind: Kind) -> None:
    """Hold an entry, unless it is none: one that cannot be read does not keep the others from being read."""
    try:
        found = registry.read(item)
        if not isinstance(found, vocab.Actor):
            raise Malformed(f"{item.id} is a {item.type}; wanted an actor")
        held = await node.store.read(actors.find_by_uri, SYSTEM, found.id)
        if held is not None and held.state != "active":
            return
        await _learn(node, await fetched.store_actor(node, found, held=held), kind)
    except (RemoteFault, Refusal):
        return


async def _learn(node: Node, actor: Actor, kind: Kind) -> bool:
    if actor.type != KINDS[kind]:
        return False
    return await node.store.write(rows.learn, actor.id, kind)
