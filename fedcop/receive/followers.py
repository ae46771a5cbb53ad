"""A node says with a delivery who of this node follows the sender: where we differ, it is set right."""

import logging
from datetime import timedelta

from activitypub.discovery import followers_sync
from activitypub.errors import RemoteFault
from fedcop import fetch
from fedcop.actions.reconcile import reconcile
from fedcop.errors import Refusal
from fedcop.node import Node
from storage import memberships
from storage.actors import Actor
from storage.visible import SYSTEM

# A node whose digest never fits costs one request in this time, however much it sends.
EVERY = timedelta(minutes=10)

log = logging.getLogger("fedcop.receive")


async def synchronise(node: Node, by: Actor, header: str) -> None:
    """Compare what the sender of an activity says of its followers with what is held here (FEP-8fcf).

    Nothing that goes wrong is the activity's fault: it comes with the next one again.
    """
    try:
        await _synchronise(node, by, header)
    except (RemoteFault, Refusal) as error:
        log.info("followers of %s stay as they are: %s", by.uri, error)


async def _synchronise(node: Node, by: Actor, header: str) -> None:
    stated = followers_sync.read(header, signer=by.uri, followers=by.followers_uri)
    held = await node.store.read(memberships.uris_at, SYSTEM, by.id, node.uris.host)
    if followers_sync.digest_of(held) == stated.digest:
        return
    if not node.memory.may_try(f"followers {by.uri}", now=node.clock.now(), every=EVERY):
        return
    listed = await fetch.listed(node, stated.url)
    if listed is None or not listed.whole:
        return
    await reconcile(node, by, [uri for uri in listed.uris if node.uris.is_ours(uri)])
    if by.type == "Group":
        await fetch.members(node, by, again=True)
