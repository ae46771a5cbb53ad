"""Somebody likes a post. A dislike is not kept, but a community of ours passes it on."""

from datetime import datetime

from activitypub.vocab.registry import id_of
from fedcop.actions import announce, notify
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import Subject, ensure_not_banned, is_admitted, is_in, passed_on, subject_of
from storage import counted, knowhow, likes, visible
from storage.engine import Reader, Transaction
from storage.ids import RowId
from storage.notifications import NewNotification


async def receive_like(node: Node, arrival: Arrival) -> Outcome:
    """Count a like of a post that is held here and that who likes it may see."""
    uri = id_of(arrival.activity.object)
    subject = await node.store.read(_liked, uri, arrival, node.clock.now()) if uri else None
    if subject is None and uri and await is_admitted(node, uri, arrival.by):
        subject = await node.store.read(_liked, uri, arrival, node.clock.now())
    if subject is None:
        return ignored(f"{uri} is not held here")
    if not is_in(subject, arrival):
        return refused(f"{uri} is in another community than the one that says so")
    told = [] if arrival.activity.type == "Dislike" else [subject.author]
    notices = notify.prepare(node, "like", notify.here(told), by=arrival.by.id, post_id=subject.post.id)
    like_id = RowId(node.ids.next(now := node.clock.now()))
    passed = passed_on(node, subject, arrival)
    new = await node.store.write(_write, node, arrival, subject, like_id, passed, notices, now)
    return DONE if new else ignored("it is known already")


async def _liked(read: Reader, uri: str, arrival: Arrival, now: datetime) -> Subject | None:
    # Whether somebody elsewhere is a member of a community elsewhere is for that community to say.
    viewer = visible.person(arrival.by.id) if arrival.community is None else visible.SYSTEM
    subject = await subject_of(read, uri, arrival.by, viewer=viewer)
    if subject is not None:
        await ensure_not_banned(read, subject, arrival.by, now)
    return subject


async def _write(
    tx: Transaction,
    node: Node,
    arrival: Arrival,
    subject: Subject,
    like_id: RowId,
    passed: Passed | None,
    notices: list[NewNotification],
    now: datetime,
) -> bool:
    if arrival.proved and not await counted.first(tx, arrival.activity.id, arrival.by.id, now):
        return False
    if arrival.activity.type != "Dislike" and not await _counted(tx, arrival, subject, like_id, now):
        return False
    if passed is not None:
        await announce.add(tx, node, passed)
    await notify.add(tx, notices)
    return True


async def _counted(
    tx: Transaction, arrival: Arrival, subject: Subject, like_id: RowId, now: datetime
) -> bool:
    """Count a like, and the use of know-how that it may tell of; False if both are known."""
    by, post_id = arrival.by.id, subject.post.id
    new = await likes.add(tx, like_id, actor_id=by, post_id=post_id, uri=arrival.activity.id)
    used = arrival.activity.type == "Like" and arrival.activity.used
    return (used and await knowhow.use(tx, post_id, by, now)) or new
