"""Follows by people here of somebody elsewhere, set right as that somebody's node lists them (FEP-8fcf).

As at Mastodon (SynchronizeFollowersService): a follow that the other side does not know ends here, one that
it knows and nobody here wants is taken back there. One that waits here is asked for again, since nothing but
an Accept makes it hold (decision 11).
"""

from collections.abc import Collection

from fedcop.actions import follow, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.node import Node
from storage import actors, follows, memberships
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow
from storage.visible import SYSTEM


async def reconcile(node: Node, target: Actor, listed: Collection[str]) -> None:
    """End, take back or ask again for follows of ``target``; ``listed`` are all of ours that it knows."""
    held = set(await node.store.read(memberships.uris_at, SYSTEM, target.id, node.uris.host))
    for uri in sorted(held.difference(listed)):
        me = await node.store.read(actors.find_by_uri, SYSTEM, uri)
        if me is not None:
            await follow.unfollow(node, me, target)
    for uri in sorted(set(listed) - held):
        found = await node.store.read(_ours, uri, target)
        if found is not None:
            await _answer(node, *found, target)


async def _ours(read: Reader, uri: str, target: Actor) -> tuple[Actor, Follow | None] | None:
    """Give somebody here by their id, with the follow that waits; None for nobody who can say a word."""
    me = await actors.find_by_uri(read, SYSTEM, uri)
    if me is None or not me.local or me.state != "active":
        return None
    return me, await follows.find(read, me.id, target.id)


async def _answer(node: Node, me: Actor, held: Follow | None, target: Actor) -> None:
    """Take a follow back that nobody here wants, or ask again for one that waits."""
    now = node.clock.now()
    uri = held.uri if held is not None else node.uris.activity(node.ids.next(now))
    document = activities.follow_of(uri, me.uri, target.uri)
    if held is None:
        document = activities.undo_of(node.uris.activity(node.ids.next(now)), document)
    told = await tell.prepare(node, me, document, object_uri=target.uri, audience="direct", people=[target])
    await node.store.write(_add, node, me, held, target, told)


async def _add(
    tx: Transaction, node: Node, me: Actor, held: Follow | None, target: Actor, told: Told
) -> None:
    standing = await follows.find(tx, me.id, target.id)
    if (standing and standing.uri) == (held and held.uri):
        await tell.add(tx, node, told)
