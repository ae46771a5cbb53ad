"""A post or an actor goes: by its author, or removed by a facilitator of its community."""

from datetime import datetime

import msgspec

from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop.actions import announce, leave, removal, tell
from fedcop.actions.announce import Passed
from fedcop.actions.tell import Told
from fedcop.node import Node
from fedcop.receive import forward
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.forward import Forward
from fedcop.receive.quote import revoked
from fedcop.receive.subject import (
    REASON,
    Subject,
    is_in,
    may_moderate,
    noted,
    passed_on,
    subject_of,
    write_noted,
)
from storage import activities as kept
from storage import posts, quotes, tombstones, withheld
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Transaction


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A removal by a facilitator; ``told`` is the word of an author of ours to whoever has it from them."""

    subject: Subject
    by: Actor
    reason: str
    passed: Passed | None
    told: Told | None
    note: Note | None


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
    passed, now = passed_on(node, subject, arrival, takes_back=True), node.clock.now()
    if subject.author.id == arrival.by.id and not arrival.asserted:
        sent_on = await forward.of_held(node, arrival, subject.post, subject.community)
        await node.store.write(_delete, node, subject, passed, sent_on, now)
        return DONE
    # Being of the author's host is not enough: one of many people there could empty a neighbour's posts.
    if not is_in(subject, arrival) or not await may_moderate(node, subject, arrival):
        return refused(f"{arrival.by.uri} may not remove {uri}")
    await node.store.write(_remove, node, await _removed(node, arrival, subject, passed), now)
    return DONE


async def _bury(node: Node, arrival: Arrival, uri: str) -> Outcome:
    if arrival.asserted or not same_origin(uri, arrival.by.uri):
        return ignored(f"{uri} is not held here")
    removed = await node.store.read(subject_of, uri, arrival.by, removed=True)
    own = removed is not None and removed.author.id == arrival.by.id
    passed = passed_on(node, removed, arrival) if removed is not None and own else None
    await revoked(node, arrival, uri)
    await node.store.write(_note_gone, node, uri, arrival.by, passed, node.clock.now())
    return DONE


async def _note_gone(
    tx: Transaction, node: Node, uri: str, by: Actor, passed: Passed | None, now: datetime
) -> None:
    """Remember an id that is gone; if it stands for the right to quote somebody, that is gone too.

    Of a post that a facilitator removed before, this is what makes it final, so it is passed on once.
    """
    await tombstones.bury(tx, uri, by.uri, now)
    if (quoting := await quotes.by_stamp(tx, uri, by.id)) is not None:
        await quotes.refuse(tx, quoting)
    if await withheld.finish(tx, uri, by.id) and passed is not None:
        await announce.add(tx, node, passed)


async def _delete(
    tx: Transaction,
    node: Node,
    subject: Subject,
    passed: Passed | None,
    sent_on: Forward | None,
    now: datetime,
) -> None:
    await kept.erase_post(tx, subject.post.id)
    await posts.remove(tx, subject.post.id, now, subject.author.id, "")
    if passed is not None:
        await announce.add(tx, node, passed)
    if sent_on is not None:
        await forward.add(tx, node, sent_on)


async def _removed(node: Node, arrival: Arrival, subject: Subject, passed: Passed | None) -> Removed:
    told = None
    if subject.community is not None:
        told = await removal.told_to_holders(node, subject.author, subject.post, subject.community)
    reason = (arrival.activity.summary or "")[:REASON]
    note = noted(node, arrival, subject.community, "remove", subject.post.uri)
    return Removed(subject=subject, by=arrival.by, reason=reason, passed=passed, told=told, note=note)


async def _remove(tx: Transaction, node: Node, removed: Removed, now: datetime) -> None:
    if not await removal.remove(tx, removed.subject.post.id, now, removed.by.id, removed.reason):
        return
    await write_noted(tx, removed.note)
    if removed.passed is not None:
        await announce.add(tx, node, removed.passed)
    if removed.told is not None:
        await tell.add(tx, node, removed.told)


async def _actor(node: Node, by: Actor) -> Outcome:
    """Remove somebody who takes leave for good, with all that they wrote."""
    # The posts first: were this cut short, a deleted actor's Delete would not be looked at again.
    await leave.erase_posts(node, by.id)
    await node.store.write(leave.forget_actor, by, node.clock.now())
    return DONE
