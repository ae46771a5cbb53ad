"""Somebody elsewhere follows a person here, or asks to join a community of ours."""

from datetime import datetime

import msgspec

from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import join, notify, offer, post, tell
from fedcop.actions.draft import Draft
from fedcop.actions.tell import Told
from fedcop.errors import NotPermitted, Refusal
from fedcop.node import Node
from fedcop.policy import membership
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.directory import receive_node_follow
from storage import actors, blocks, follows, invited, peers
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow, NewFollow
from storage.notifications import NewNotification
from storage.visible import SYSTEM

PEOPLE = frozenset({"Person", "Service"})


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that may follow from a Follow; which of it does is decided in the transaction."""

    accept: Told
    reject: Told
    offered: Told | None
    accepted: list[NewNotification]
    waits: list[NewNotification]


async def receive_follow(node: Node, arrival: Arrival) -> Outcome:
    """Accept a Follow, refuse it, or let it wait for a decision; each time it comes it is answered."""
    uri = id_of(arrival.activity.object)
    target = await node.store.read(actors.find_by_uri, SYSTEM, uri) if uri else None
    if target is None or not target.local or target.state != "active":
        return ignored(f"{uri} is nobody here")
    if target.id == node.actor_id:
        return await receive_node_follow(node, arrival, target)
    if target.type not in ("Person", "Group"):
        return ignored(f"{uri} is not to be followed")
    if target.type == "Group":
        # Design 5: what a member's node runs decides how the community speaks to it, so it is asked first.
        await fetch.peer_kind(node, arrival.by.host)
        try:
            await node.store.read(_ensure_keeps_closed, target, arrival.by)
        except NotPermitted as refusal:
            return await _told_why(node, target, arrival, refusal)
    now = node.clock.now()
    new = NewFollow(
        id=node.ids.next(now),
        follower_id=arrival.by.id,
        target_id=target.id,
        uri=arrival.activity.id,
        body=arrival.raw,
        requested_at=now,
    )
    answers = await _answers(node, target, arrival)
    try:
        held = await node.store.write(_write, node, target, arrival.by, new, answers)
    except Refusal as refusal:
        await node.store.write(tell.add, node, answers.reject)
        return refused(refusal.text)
    if target.type == "Group" and held.state == "requested" and held.id == new.id:
        await offer.tell_others(node, target, arrival.by)
    return DONE


async def _ensure_keeps_closed(read: Reader, target: Actor, by: Actor) -> None:
    peer = await peers.find(read, by.host)
    software, version = (peer.software, peer.version) if peer is not None else ("", "")
    membership.ensure_keeps_closed(target, software, version)


async def _told_why(node: Node, target: Actor, arrival: Arrival, refusal: NotPermitted) -> Outcome:
    """Reject a Follow, and tell who sent it why, in a note, since few servers show the reason of a Reject."""
    by = arrival.by
    reject = await join.answer(node, target, by, arrival.raw, accept=False, reason=refusal.text)
    if not await node.store.read(invited.has_written_to, target.id, by.id):
        text = f"@{by.handle}@{by.domain} {refusal.text}."
        await post.publish(node, target, Draft(text=text, audience="direct", language="en"))
    await node.store.write(tell.add, node, reject)
    return refused(refusal.text)


async def _answers(node: Node, target: Actor, arrival: Arrival) -> Answers:
    by, offered = arrival.by, None
    if target.type == "Group":
        accepted: list[NewNotification] = []
        waits = await join.asked(node, target, by.id)
        offered = await offer.prepare(node, target, by, arrival.raw)
    else:
        accepted = notify.prepare(node, "follow", [target.id], by=by.id)
        waits = notify.prepare(node, "follow_request", [target.id], by=by.id)
    return Answers(
        accept=await join.answer(node, target, by, arrival.raw, accept=True),
        reject=await join.answer(node, target, by, arrival.raw, accept=False),
        offered=offered,
        accepted=accepted,
        waits=waits,
    )


async def _write(
    tx: Transaction, node: Node, target: Actor, by: Actor, new: NewFollow, answers: Answers
) -> Follow:
    if await _is_granted(tx, target, by, new.requested_at):
        new = join.accepted(new)
    held = await follows.add(tx, new)
    if held.state == "accepted":
        await notify.add(tx, answers.accepted)
        await tell.add(tx, node, answers.accept)
    else:
        await notify.add(tx, answers.waits)
        if answers.offered is not None and held.id == new.id:
            await tell.add(tx, node, answers.offered)
    return held


async def _is_granted(read: Reader, target: Actor, by: Actor, now: datetime) -> bool:
    """Tell whether a Follow holds at once; raise ``Refusal`` for who may not even ask."""
    if target.type == "Group":
        if by.type == "Group":
            # Two communities that follow each other would announce each other for ever (federation.md 1.7).
            raise NotPermitted("a community does not join another")
        if target.approves and by.type not in PEOPLE:
            raise NotPermitted(f"only people join the community {target.handle}, and this is no person")
        standing = await membership.standing_of(read, target, by.id, now)
        membership.ensure_may_join(standing, target.handle)
        return membership.joins_at_once(standing)
    if await blocks.is_blocked(read, target.id, by.id):
        raise NotPermitted(f"{target.handle} does not want to be followed by {by.uri}")
    return not target.approves
