"""What a community elsewhere said before somebody here joined it, read from its outbox.

    await history.read(node, community)       once its first member here was accepted (``workers.history``)

Of a members-only community the outbox holds the Announces of its newest threads, and each of them says where
the whole thread is. Nothing is asked for by its id. Of any other the outbox gives how its newest threads
began, as Announces of activities or of posts, or as the Creates themselves; what hangs below comes once
somebody opens the thread (``fetch.threads``). What is in them is believed as if the community sent it now,
but for the age of proofs: it says by the collection that they still stand (decision 6).
"""

import asyncio
import contextlib
from collections.abc import Iterator

from activitypub import group, vocab
from activitypub.document import Document, id_in
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from activitypub.vocab import registry
from fedcop import fetch
from fedcop.errors import Refusal
from fedcop.fetch import spending
from fedcop.node import Node
from fedcop.receive.announce import arrival_of, receive_boost
from fedcop.receive.arrival import Arrival
from fedcop.receive.dispatch import apply
from fedcop.receive.entry import NewEntry, enter
from storage import posts
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import EntryId
from storage.visible import SYSTEM

MOST_THREADS = 20
MOST_ITEMS = 500
MOST_REQUESTS = 150
MOST_BYTES = 33_554_432
WITHIN = 60  # seconds; what is missing then comes with the next activity in its thread, or never


async def read(node: Node, community: Actor) -> None:
    """Read the newest threads of a community of another node, the oldest of them first.

    What cannot be had, or is not believed, is left out. Raises ``RemoteFault`` or a Refusal when the outbox
    itself cannot be read.
    """
    if community.type != "Group" or community.local or community.outbox is None:
        return
    with spending.at_most(MOST_REQUESTS, octets=MOST_BYTES), contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WITHIN):
            outbox = await fetch.items(node, community.outbox, most=MOST_THREADS)
            for item in reversed(outbox):
                # One that is not believed, or not to be had, does not keep the others from being read.
                with contextlib.suppress(RemoteFault, Refusal):
                    await _take(node, community, item)


async def _take(node: Node, community: Actor, item: Document | str) -> None:
    if isinstance(item, Document) and item.type == "Announce":
        if _is_announce(item, community):
            await (_closed if community.approves else _announced)(node, community, item)
    elif not community.approves:
        await _listed(node, community, item)


async def _closed(node: Node, community: Actor, announce: Document) -> None:
    """Take a thread that only members read, all of it if its Announce says where that is."""
    thread = announce.json.get("context")
    if not (isinstance(thread, str) and same_origin(thread, community.uri)):
        await _apply_all(node, community, announce)
        return
    for item in await fetch.items(node, thread, most=MOST_ITEMS):
        if isinstance(item, Document) and _is_announce(item, community):
            await _apply_all(node, community, item)


async def _announced(node: Node, community: Actor, announce: Document) -> None:
    said = registry.read(announce)
    if any(_inside(announce)):
        await _apply_all(node, community, announce)
    elif isinstance(said, vocab.Activity) and same_origin(said.id, said.actor):
        await receive_boost(node, said, community)


async def _listed(node: Node, community: Actor, item: Document | str) -> None:
    """List a post that stands in the outbox without an Announce, if it is in that community."""
    uri, _ = fetch.offered(item, community.uri)
    said = item.id if isinstance(item, Document) else item
    if uri is None or said is None or await fetch.post(node, uri, community=community) is None:
        return
    entry = NewEntry(
        id=EntryId(node.ids.next(node.clock.now())),
        by_actor=community.id,
        kind="announce",
        uri=said,
        audience="public",
    )
    await node.store.write(_enter, entry, uri)


async def _enter(tx: Transaction, entry: NewEntry, uri: str) -> None:
    post = await posts.find_by_uri(tx, SYSTEM, uri)
    if post is not None and post.community_id == entry.by_actor and post.in_reply_to is None:
        await enter(tx, entry, uri)


def _is_announce(item: Document, community: Actor) -> bool:
    return item.type == "Announce" and id_in(item.json.get("actor")) == community.uri


async def _apply_all(node: Node, community: Actor, announce: Document) -> None:
    for said, inner in _inside(announce):
        with contextlib.suppress(RemoteFault, Refusal):
            arrival = await arrival_of(node, inner, said, community, longest=None)
            if isinstance(arrival, Arrival):
                await apply(node, arrival)


def _inside(announce: Document) -> Iterator[tuple[vocab.Activity, group.Inner]]:
    said = registry.read(announce)
    if isinstance(said, vocab.Activity) and same_origin(said.id, said.actor):
        for inner in group.unwrap(announce):
            if inner.document is not None and inner.document.type in group.PASSED_ON:
                yield said, inner
