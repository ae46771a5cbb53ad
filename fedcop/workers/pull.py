"""Asks once a day who belongs to the communities of other nodes that somebody here is a member of.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled.
"""

import logging
from datetime import timedelta

from fedcop import fetch
from fedcop.actions.reconcile import reconcile
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import actors, memberships
from storage.ids import ActorId
from storage.visible import SYSTEM

ROUND = timedelta(minutes=10)
ASKED_EVERY = timedelta(days=1)
AT_ONCE = 100  # communities a round, one after the other: 14 000 in a day

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Ask the communities whose turn it is, and give how many that were."""
    due = await node.store.read(memberships.to_ask, node.clock.now() - ASKED_EVERY, AT_ONCE)
    for community_id in due:
        ended = await guarded(_ask(node, community_id), f"members of {community_id}")
        if not isinstance(ended, Given):
            log.info("the members of a community could not be had: %s", ended.text)
    return len(due)


async def _ask(node: Node, community_id: ActorId) -> None:
    community = await node.store.read(actors.find, SYSTEM, community_id)
    if community is None:
        return
    listed = await fetch.members(node, community)
    if listed is not None and listed.whole:
        await reconcile(node, community, [uri for uri in listed.uris if node.uris.is_ours(uri)])


async def run(node: Node) -> None:
    """Ask until cancelled."""
    while True:
        ended = await guarded(work(node), "asking for members")
        if not isinstance(ended, Given):
            log.warning("asking for members has to wait: %s", ended.text)
        await node.hub.wait("pull", seconds=ROUND.total_seconds())
