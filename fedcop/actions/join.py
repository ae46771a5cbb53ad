"""Join a community of this node, and decide who may; the same for whoever asks to follow a person.

await join.join_here(node, me, community, new)          somebody of this node asks
await join.decide(node, facilitator, requester_id, accept=True)
told = await join.answer(node, community, follower, follow_bytes, accept=True)     for a Follow received
"""

from datetime import datetime

import msgspec

from fedcop.actions import notify, offer, record, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy import membership
from storage import actors, audit, communities, follows, invited, memberships, notifications, visible
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.follows import Follow, NewFollow
from storage.ids import ActorId
from storage.memberships import Request
from storage.notifications import NewNotification


def accepted(new: NewFollow) -> NewFollow:
    """Give a follow that holds at once."""
    return msgspec.structs.replace(new, accepted_at=new.requested_at)


async def join_here(node: Node, me: Actor, community: Actor, new: NewFollow) -> Follow:
    """Let somebody of this node join one of its communities, or ask its facilitators to decide."""
    now = node.clock.now()
    standing = await node.store.read(membership.standing_of, community, me.id, now)
    membership.ensure_may_join(standing, community.handle)
    if membership.joins_at_once(standing):
        return await node.store.write(_join, node, community, accepted(new), [], None)
    notices = await asked(node, community, me.id)
    follow = activities.bytes_of(activities.follow_of(new.uri, me.uri, community.uri))
    offered = await offer.prepare(node, community, me, follow)
    held = await node.store.write(_join, node, community, new, notices, offered)
    await offer.tell_others(node, community, me)
    return held


async def _join(
    tx: Transaction,
    node: Node,
    community: Actor,
    new: NewFollow,
    notices: list[NewNotification],
    offered: Told | None,
) -> Follow:
    standing = await membership.standing_of(tx, community, new.follower_id, new.requested_at)
    membership.ensure_may_join(standing, community.handle)
    held = await follows.add(tx, new)
    await notify.add(tx, notices)
    if offered is not None:
        await tell.add(tx, node, offered)
    return held


async def asked(node: Node, community: Actor, requester_id: ActorId) -> list[NewNotification]:
    """Make what the facilitators of this node are told when somebody asks to join."""
    people = await node.store.read(communities.facilitators_of, visible.SYSTEM, community.id)
    return notify.prepare(
        node, "follow_request", notify.here(people), by=requester_id, target_id=community.id
    )


async def decide(
    node: Node,
    facilitator: Actor,
    requester_id: ActorId,
    *,
    accept: bool,
    community_id: ActorId | None = None,
) -> None:
    """Accept or refuse the oldest request of somebody among those that this person may decide."""
    request, requester, target = await node.store.read(_request, facilitator.id, requester_id, community_id)
    if not target.local:
        return await offer.answer(node, facilitator, requester, target, accept=accept)
    follow = request.body or activities.bytes_of(activities.follow_of(request.uri, requester.uri, target.uri))
    told = []
    if not requester.local:
        told.append(await answer(node, target, requester, follow, accept=accept))
    if target.type == "Group" and (undo := await offer.taken_back(node, target, requester, follow)):
        told.append(undo)
    notices: list[NewNotification] = []
    if accept and target.type == "Person":
        notices = notify.prepare(node, "follow", [target.id], by=requester.id)
    now = node.clock.now() if accept else None
    decided = None
    if target.type == "Group":
        verb = "join accept" if accept else "join refuse"
        decided = record.note(
            node, record.name_of(facilitator), verb, requester.uri, after={"community": target.uri}
        )
    await node.store.write(_decide, node, facilitator.id, request, told, notices, now, decided)


async def _request(
    read: Reader, facilitator_id: ActorId, requester_id: ActorId, community_id: ActorId | None
) -> tuple[Request, Actor, Actor]:
    viewer = visible.person(facilitator_id)
    request = await memberships.oldest_request(read, viewer, facilitator_id, requester_id, community_id)
    if request is None:
        raise NotFound("nobody of that id waits for your decision")
    requester = await actors.find(read, visible.SYSTEM, request.requester_id)
    target = await actors.find(read, visible.SYSTEM, request.target_id)
    if requester is None or target is None:
        raise NotFound("nobody of that id waits for your decision")
    return request, requester, target


async def _decide(
    tx: Transaction,
    node: Node,
    facilitator_id: ActorId,
    request: Request,
    told: list[Told],
    notices: list[NewNotification],
    accepted_at: datetime | None,
    decided: Note | None,
) -> None:
    # Somebody else may have decided, or been made to leave, since this was read.
    viewer, who = visible.person(facilitator_id), request.requester_id
    if await memberships.oldest_request(tx, viewer, facilitator_id, who, request.target_id) is None:
        raise NotFound("this request was decided already")
    if accepted_at is not None:
        await follows.accept(tx, request.requester_id, request.target_id, accepted_at)
    else:
        await follows.remove(tx, request.requester_id, request.target_id)
    await notifications.settle_request(tx, request.requester_id, request.target_id)
    if decided is not None:
        await audit.record(tx, decided)
    await notify.add(tx, notices)
    for one in told:
        await tell.add(tx, node, one)


async def answer(
    node: Node, target: Actor, follower: Actor, follow: bytes, *, accept: bool, reason: str = ""
) -> Told:
    """Make the Accept or Reject of a Follow, which is echoed as it came, with a reason if there is one."""
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    make = activities.accept_of if accept else activities.reject_of
    document = make(uri, target.uri, follower.uri, follow)
    return await tell.prepare(
        node,
        target,
        document | {"summary": reason} if reason else document,
        object_uri=follower.uri,
        audience="direct",
        people=[follower],
    )


async def refuse(node: Node, target: Actor, follower: Actor, held: Follow) -> None:
    """End somebody's follow of a person or membership of a community, and tell their node."""
    follow = held.body or activities.bytes_of(activities.follow_of(held.uri, follower.uri, target.uri))
    told = await answer(node, target, follower, follow, accept=False)
    await node.store.write(_refuse, node, held, told)


async def _refuse(tx: Transaction, node: Node, held: Follow, told: Told) -> None:
    await invited.remove(tx, held.target_id, held.follower_id)
    if await follows.remove(tx, held.follower_id, held.target_id) is not None:
        await tell.add(tx, node, told)
