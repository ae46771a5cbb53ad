"""Something is taken back: matched by type, actor and object, since Lemmy makes the inner id anew."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from activitypub import vocab
from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive import chosen
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.block import lift_block
from fedcop.receive.lock import unlock
from fedcop.receive.offer import withdraw_offer
from fedcop.receive.restore import restore
from fedcop.receive.subject import Subject, is_in, passed_on, subject_of
from storage import actors, blocks, counted, entries, follows, knowhow, likes
from storage.actors import Actor
from storage.engine import Transaction
from storage.visible import SYSTEM


async def receive_undo(node: Node, arrival: Arrival) -> Outcome:
    """Take back a follow, a like, a boost, a block, a ban, a lock, a removal or a choice."""
    undone = arrival.activity.object
    if isinstance(undone, str):
        # What bears only an id is between two actors, and no community's to pass on.
        gone = arrival.community is None and await node.store.write(_by_id, undone, arrival.by)
        return DONE if gone else ignored(f"{undone} is not known here")
    if not isinstance(undone, vocab.Activity):
        return ignored("it takes back no activity")
    # One facilitator may take back what another decided: each is asked whether they may.
    if undone.actor != arrival.by.uri and not _is_moderation(undone):
        return refused(f"{arrival.by.uri} may not take back what {undone.actor} did")
    undoer = UNDOERS.get(undone.type)
    return await undoer(node, arrival, undone) if undoer else ignored(f"{undone.type} is not taken back")


def _is_moderation(undone: vocab.Activity) -> bool:
    return undone.type in ("Delete", "Lock") or (undone.type == "Block" and undone.target is not None)


async def _by_id(tx: Transaction, uri: str, by: Actor) -> bool:
    """Take back what bears an id: Mastodon may name a Follow, an Announce or a Block by its id alone."""
    follow = await follows.find_by_uri(tx, uri)
    if follow is not None and follow.follower_id == by.id:
        await follows.remove(tx, follow.follower_id, follow.target_id)
        return True
    entry = await entries.find_by_uri(tx, uri)
    if entry is not None and entry.by_actor == by.id:
        await entries.remove(tx, by.id, entry.post_id)
        return True
    return await blocks.unblock_by_uri(tx, by.id, uri)


async def _follow(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    if arrival.community is not None:
        return refused("no community passes on the end of a follow (FEP-1b12)")
    gone = await node.store.write(_remove_follow, arrival.by, id_of(undone.object) or "")
    return DONE if gone else ignored("there is no such follow")


async def _remove_follow(tx: Transaction, by: Actor, target_uri: str) -> bool:
    target = await actors.find_by_uri(tx, SYSTEM, target_uri)
    return target is not None and await follows.remove(tx, by.id, target.id) is not None


async def _boost(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    gone = await node.store.write(_remove_entry, arrival.by, undone.id, id_of(undone.object) or "")
    return DONE if gone else ignored("there is no such announce")


async def _remove_entry(tx: Transaction, by: Actor, uri: str, post_uri: str) -> bool:
    entry = await entries.find_by_uri(tx, uri)
    if entry is not None and entry.by_actor == by.id:
        return await entries.remove(tx, by.id, entry.post_id) is not None
    subject = await subject_of(tx, post_uri, by)
    return subject is not None and await entries.remove(tx, by.id, subject.post.id) is not None


async def _like(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    uri, now = id_of(undone.object) or "", node.clock.now()
    subject = await node.store.read(subject_of, uri, arrival.by)
    if subject is None:
        await node.store.write(_counts, arrival, undone, now)
        return ignored(f"{uri} is not held here")
    if not is_in(subject, arrival):
        return refused(f"{uri} is in another community than the one that says so")
    passed = passed_on(node, subject, arrival)
    gone = await node.store.write(_remove_like, node, subject, arrival, undone, passed, now)
    return DONE if gone else ignored("there is no such like")


async def _remove_like(
    tx: Transaction,
    node: Node,
    subject: Subject,
    arrival: Arrival,
    undone: vocab.Activity,
    passed: Passed | None,
    now: datetime,
) -> bool:
    if not await _counts(tx, arrival, undone, now):
        return False
    if undone.type == "Like":
        await knowhow.unuse(tx, subject.post.id, arrival.by.id)
    if undone.type != "Dislike" and not await likes.remove(tx, arrival.by.id, subject.post.id):
        return False
    if passed is not None:
        await announce.add(tx, node, passed)
    return True


async def _counts(tx: Transaction, arrival: Arrival, undone: vocab.Activity, now: datetime) -> bool:
    """Tell whether an Undo is not an old one that somebody repeats, and let the like count no more."""
    if arrival.asserted:
        return True
    if arrival.proved and not await counted.first(tx, arrival.activity.id, arrival.by.id, now):
        return False
    if same_origin(undone.id, arrival.by.uri):
        await counted.spend(tx, undone.id, arrival.by.id, now)
    return True


UNDOERS: Mapping[str, Callable[[Node, Arrival, vocab.Activity], Awaitable[Outcome]]] = {
    "Announce": _boost,
    "Block": lift_block,
    "ChooseAnswer": chosen.take_back,
    "Delete": restore,
    "Dislike": _like,
    "EmojiReact": _like,
    "Follow": _follow,
    "Like": _like,
    "Lock": unlock,
    "Offer": withdraw_offer,
}
