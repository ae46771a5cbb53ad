"""Accept and Reject: what became of a Follow or QuoteRequest of ours, or of a post in a community."""

import contextlib
from datetime import datetime

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import hear
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored
from fedcop.receive.declined import tell_author
from fedcop.receive.offer import decide
from fedcop.receive.quote import settle
from storage import actors, directory, follows, histories, memberships
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow
from storage.ids import RowId
from storage.visible import SYSTEM


async def receive_accept(node: Node, arrival: Arrival) -> Outcome:
    """Let a follow hold that somebody here asked for; only whom it is of may say so (decision 11)."""
    answered = arrival.activity.object
    if isinstance(answered, vocab.Activity) and answered.type == "Offer":
        return await decide(node, arrival, answered, accept=True)
    if (settled := await settle(node, arrival, accept=True)) is not None:
        return settled
    follow = await node.store.read(_answered, arrival)
    if follow is None:
        return ignored("it answers no Follow of ours")
    now = node.clock.now()
    history_id = RowId(node.ids.next(now))
    if not await node.store.write(_accept, node, follow, arrival.by, history_id, now):
        return ignored("it was accepted before")
    if arrival.by.type == "Group":
        # Who else belongs to it decides what they may see here (decisions 9 and 12); the daily pull heals.
        with contextlib.suppress(RemoteFault, Refusal):
            await fetch.members(node, arrival.by, again=True)
    return DONE


async def _accept(
    tx: Transaction, node: Node, follow: Follow, by: Actor, history_id: RowId, now: datetime
) -> bool:
    """Let a follow hold; what a community said before its first member here came is to be read."""
    if not await follows.accept(tx, follow.follower_id, follow.target_id, now):
        return False
    if follow.follower_id == node.actor_id:
        await directory.want(tx, by.host, now)
        tx.wake("directory")
    if by.type == "Group" and len(await memberships.uris_at(tx, SYSTEM, by.id, node.uris.host)) == 1:
        await histories.want_community(tx, history_id, by.id, now)
        tx.wake("histories")
    return True


async def receive_reject(node: Node, arrival: Arrival) -> Outcome:
    """End a follow or a request of somebody here; or note that a post, or a routed ask, is not taken."""
    answered = arrival.activity.object
    if isinstance(answered, vocab.Activity) and answered.type == "Offer":
        return await decide(node, arrival, answered, accept=False)
    if (settled := await settle(node, arrival, accept=False)) is not None:
        return settled
    follow = await node.store.read(_answered, arrival)
    if follow is None and await hear.decline(node, arrival.by, object_of(answered)):
        return DONE
    if follow is None:
        return await tell_author(node, arrival)
    await node.store.write(follows.remove, follow.follower_id, follow.target_id)
    return DONE


def object_of(answered: vocab.activities.Object | None) -> str:
    """Give the id of the note that a Reject is about: peers echo its Create, or name it."""
    if isinstance(answered, vocab.Activity) and answered.type == "Create":
        return id_of(answered.object) or ""
    return id_of(answered) or ""


async def _answered(read: Reader, arrival: Arrival) -> Follow | None:
    """Find the follow that is answered, by its id or by who follows whom; it must be of the answerer."""
    answered = arrival.activity.object
    uri = id_of(answered)
    follow = await follows.find_by_uri(read, uri) if uri is not None else None
    if follow is None and isinstance(answered, vocab.Activity) and answered.type == "Follow":
        follower = await actors.find_by_uri(read, SYSTEM, answered.actor)
        follow = await follows.find(read, follower.id, arrival.by.id) if follower is not None else None
    if follow is None or follow.target_id != arrival.by.id:
        return None
    follower = await actors.find(read, SYSTEM, follow.follower_id)
    return follow if follower is not None and follower.local else None
