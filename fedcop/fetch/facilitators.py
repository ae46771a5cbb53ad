"""Who facilitates a community of another node, as that node lists them."""

import asyncio
import contextlib
from datetime import timedelta

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.vocab import registry
from fedcop.errors import Refusal
from fedcop.fetch.actors import actor
from fedcop.fetch.documents import document
from fedcop.node import Node
from storage import communities
from storage.actors import Actor

# One lead and up to eight more (decision 10 of the design); who lists more is not believed to mean it.
MOST = 9
# Somebody waits for the follow that this comes before.
WITHIN = 5
EVERY = timedelta(minutes=10)


async def facilitates(node: Node, community: Actor, who: Actor) -> bool:
    """Tell whether somebody has a say in a community of another node, as far as it is known here who has.

    Whoever is of its host has: who keeps a node may act in every community there (FEP-1b12). Somebody not
    listed may be so new that the list held is old, so it is asked for again, every ten minutes at most. Where
    no list is held the community's word is enough.
    """
    if who.host == community.host:
        return True
    listed_at = await node.store.read(communities.listed_at, community.id)
    if listed_at is None or await node.store.read(communities.is_facilitator, community.id, who.id):
        return True
    if node.clock.now() - listed_at < EVERY:
        return False
    await facilitators(node, community)
    return await node.store.read(communities.is_facilitator, community.id, who.id)


async def facilitators(node: Node, community: Actor) -> None:
    """Fetch and keep who facilitates a community; what cannot be had now stays as it is."""
    uri = community.facilitators_uri
    if uri is None:
        return
    with contextlib.suppress(RemoteFault, Refusal, TimeoutError):
        async with asyncio.timeout(WITHIN):
            got = await document(node, uri)
            listed = registry.read(got) if got is not None else None
            if isinstance(listed, vocab.Collection):
                await _keep(node, community, listed.items[:MOST])


async def _keep(node: Node, community: Actor, uris: tuple[str, ...]) -> None:
    found = await asyncio.gather(*(_person(node, uri) for uri in uris))
    people = [person.id for person in found if person is not None]
    if people:
        await node.store.write(communities.set_facilitators, community.id, people, node.clock.now())


async def _person(node: Node, uri: str) -> Actor | None:
    with contextlib.suppress(RemoteFault, Refusal):
        found = await actor(node, uri)
        return found if found.type != "Group" else None
    return None
