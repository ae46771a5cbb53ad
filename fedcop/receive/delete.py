"""A post or an actor goes: by its author, or removed by a facilitator of its community."""

from datetime import datetime

from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop.actions import announce, leave
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import Subject, is_in, may_moderate, passed_on, subject_of
from storage import activities as kept
from storage import actors, follows, keys, posts
from storage.actors import Actor
from storage.engine import Transaction

REASON = 500


async def receive_delete(node: Node, arrival: Arrival) -> Outcome:
    """Remove what is named; what was never here is remembered, so that a late Create stays dead."""
    uri = id_of(arrival.activity.object)
    if uri is None:
        return ignored("it names nothing")
    if uri == arrival.by.uri:
        return await _actor(node, arrival.by) if not arrival.asserted else refused("asserted only")
    subject = await node.store.read(subject_of, uri, arrival.by)
    if subject is None:
        return await _bury(node, arrival, uri)
    own = subject.author.id == arrival.by.id and not arrival.asserted
    # Being of the author's host is not enough: one of many people there could empty a neighbour's posts.
    if not own and not (is_in(subject, arrival) and may_moderate(subject, arrival)):
        return refused(f"{arrival.by.uri} may not remove {uri}")
    passed = passed_on(node, subject, arrival, takes_back=True)
    reason = "" if own else (arrival.activity.summary or "")[:REASON]
    await node.store.write(_write, node, subject, arrival.by, reason, passed, node.clock.now())
    return DONE


async def _bury(node: Node, arrival: Arrival, uri: str) -> Outcome:
    if arrival.asserted or not same_origin(uri, arrival.by.uri):
        return ignored(f"{uri} is not held here")
    await node.store.write(posts.bury, uri, arrival.by.uri, node.clock.now())
    return DONE


async def _write(
    tx: Transaction,
    node: Node,
    subject: Subject,
    by: Actor,
    reason: str,
    passed: Passed | None,
    now: datetime,
) -> None:
    await kept.erase_post(tx, subject.post.id)
    await posts.remove(tx, subject.post.id, now, by.id, reason)
    if passed is not None:
        await announce.add(tx, node, passed)


async def _actor(node: Node, by: Actor) -> Outcome:
    """Remove somebody who takes leave for good, with all that they wrote."""
    # The posts first: were this cut short, a deleted actor's Delete would not be looked at again.
    await leave.erase_posts(node, by.id)
    await node.store.write(_remove_actor, by, node.clock.now())
    return DONE


async def _remove_actor(tx: Transaction, by: Actor, now: datetime) -> None:
    await actors.mark_deleted(tx, by.id, now)
    for follow in await follows.of_actor(tx, by.id):
        await follows.remove(tx, follow.follower_id, follow.target_id)
    await keys.forget_owner(tx, by.uri)
