"""What a members-only community elsewhere said before somebody here joined it, read from its outbox.

    await history.read(node, community, apply)

The outbox holds the Announces of its newest threads, and each of them says where the whole thread is. What is
in them is believed as if the community sent it now, but for the age of proofs: it says by the collection that
they still stand (decision 6). Nothing is asked for by its id.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator

from activitypub import group, vocab
from activitypub.document import Document, id_in
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from activitypub.vocab import registry
from fedcop import fetch
from fedcop.errors import NotFound, NotPermitted, Refusal
from fedcop.node import Node
from fedcop.receive.announce import arrival_of
from fedcop.receive.arrival import Arrival, Outcome
from storage import memberships
from storage.actors import Actor
from storage.visible import SYSTEM

MOST_THREADS = 20
MOST_ITEMS = 500
WITHIN = 60  # seconds; what is missing then comes with the next activity in its thread, or never

Apply = Callable[[Node, Arrival], Awaitable[Outcome]]


async def read(node: Node, community: Actor, apply: Apply) -> None:
    """Read the newest threads of a community once its first member here was accepted.

    What cannot be had, or is not believed, is left out.
    """
    if community.type != "Group" or not community.approves or community.local or community.outbox is None:
        return
    if len(await node.store.read(memberships.uris_at, SYSTEM, community.id, node.uris.host)) != 1:
        return  # whoever is here already got everything as it came
    with contextlib.suppress(RemoteFault, Refusal, TimeoutError):
        async with asyncio.timeout(WITHIN):
            outbox = await _announces(node, community, community.outbox)
            for announce in outbox[:MOST_THREADS]:
                thread = announce.json.get("context")
                if isinstance(thread, str) and same_origin(thread, community.uri):
                    await _apply_all(node, community, await _announces(node, community, thread), apply)
                else:
                    await _apply_all(node, community, [announce], apply)


async def _announces(node: Node, community: Actor, uri: str) -> list[Document]:
    """Give the Announces of a community that stand in a collection of its own."""
    found = await fetch.document(node, uri)
    items = found.items("orderedItems") if found is not None else []
    return [item for item in items if isinstance(item, Document) and _is_announce(item, community)][
        :MOST_ITEMS
    ]


def _is_announce(item: Document, community: Actor) -> bool:
    return item.type == "Announce" and id_in(item.json.get("actor")) == community.uri


async def _apply_all(node: Node, community: Actor, announces: list[Document], apply: Apply) -> None:
    for announce in announces:
        for document, inner in _inside(announce):
            # One that is not believed does not keep the others from being read.
            with contextlib.suppress(RemoteFault, NotFound, NotPermitted):
                arrival = await arrival_of(node, inner, document, community, longest=None)
                if isinstance(arrival, Arrival):
                    await apply(node, arrival)


def _inside(announce: Document) -> Iterator[tuple[vocab.Activity, group.Inner]]:
    said = registry.read(announce)
    if isinstance(said, vocab.Activity) and same_origin(said.id, said.actor):
        for inner in group.unwrap(announce):
            if inner.document is not None and inner.document.type in group.PASSED_ON:
                yield said, inner
