"""An Announce: somebody boosts a post, or a community passes on what was done in it.

What is believed inside a community's Announce (decision 6 of the design, FEP-fe34)
  1. what comes from the announcer's own origin;
  2. what carries a valid proof of its actor, not older than 30 days;
  3. what its own origin gives when it is asked: the post of a Create or Update, the absence after a Delete;
  4. a like, its Undo, an accepted answer and moderation on the community's bare word, but only for that
     community's posts.
An author whose host is not on the list is not listened to, whoever announces.
"""

from datetime import timedelta

import msgspec

from activitypub import audience, group, vocab
from activitypub.document import Document
from activitypub.group import Inner
from activitypub.origin import ensure_same_origin, host_of
from activitypub.vocab import registry
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import notify
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.entry import NewEntry, enter, entry_of
from fedcop.receive.proved import PROOF_FOR, is_proved
from storage import actors, memberships, peers, posts
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import EntryId
from storage.notifications import NewNotification
from storage.visible import SYSTEM

LIKES = frozenset({"Like", "Dislike"})
MODERATION = frozenset({"Add", "Block", "ChooseAnswer", "Lock", "Remove"})


async def receive_boost(node: Node, announce: vocab.Activity, by: Actor) -> Outcome:
    """List a post that somebody boosts, or that a community announces by its id, fetched if need be."""
    uri = id_of(announce.object)
    if uri is None:
        return ignored("it announces nothing that has an id")
    if not await node.store.read(_matters, node, by, uri):
        return ignored("nobody here follows who announces it")
    if not _is_listed(node, uri):
        return refused(f"{host_of(uri)} is not on the federation list")
    community = by if by.type == "Group" else None
    if await fetch.post(node, uri, community=community) is None:
        return ignored(f"{uri} is not there, or is no post")
    post = await node.store.read(posts.find_by_uri, SYSTEM, uri)
    if post is None or post.audience not in ("public", "unlisted"):
        return ignored(f"{uri} is not for everybody")
    entry = NewEntry(
        id=EntryId(node.ids.next(node.clock.now())),
        by_actor=by.id,
        kind="announce" if community else "boost",
        uri=announce.id,
        audience=audience.read(announce.to, announce.cc, followers=by.followers_uri).audience,
    )
    author = await node.store.read(actors.find, SYSTEM, post.author_id)
    told = [] if community or author is None else notify.here([author])
    notices = notify.prepare(node, "boost", told, by=by.id, post_id=post.id)
    new = await node.store.write(_write_boost, entry, post.uri, notices)
    return DONE if new else ignored("it is listed already")


async def _matters(read: Reader, node: Node, by: Actor, uri: str) -> bool:
    """Tell whether somebody here follows who announces, or wrote what is announced."""
    return node.uris.is_ours(uri) or await memberships.has_member_at(read, by.id, node.uris.host)


def _is_listed(node: Node, uri: str) -> bool:
    """Tell whether a post's host is on the list; this node's own need not be."""
    return node.uris.is_ours(uri) or node.allows(host_of(uri))


async def _write_boost(tx: Transaction, entry: NewEntry, uri: str, notices: list[NewNotification]) -> bool:
    new = await enter(tx, entry, uri)
    if new:
        await notify.add(tx, notices)
    return new


async def wrapped(node: Node, announce: Document, by: Actor) -> list[Inner]:
    """Give the activities that a community passes on whole; none when it names a post, or is no community."""
    if by.type != "Group":
        return []
    inner = [one for one in group.unwrap(announce) if one.document is not None]
    inner = [one for one in inner if one.document and one.document.type in group.PASSED_ON]
    if inner:
        await node.store.write(peers.set_kind, by.host, "group")
    return inner


async def arrival_of(
    node: Node, inner: Inner, announce: vocab.Activity, by: Actor, *, longest: timedelta | None = PROOF_FOR
) -> Arrival | Outcome:
    """Give what a community passed on, if it is believed; else what became of it.

    ``longest``: how old a proof may be, None while a collection of that community is read.
    """
    document = inner.document
    activity = registry.read(document) if document is not None else None
    if document is None or not isinstance(activity, vocab.Activity):
        return ignored("what it passes on is not understood")
    arrival = Arrival(
        activity=activity, raw=document.raw, by=by, community=by, wrapper=announce.id, asserted=True
    )
    if node.uris.is_ours(activity.actor):
        return await _ours_again(node, arrival)
    if not node.allows(host_of(activity.actor)):
        return refused(f"{host_of(activity.actor)} is not on the federation list")
    ensure_same_origin(activity.id, activity.actor)
    if inner.same_origin or (inner.proof and await is_proved(node, document, activity, longest=longest)):
        actor = await fetch.actor(node, activity.actor)
        return msgspec.structs.replace(arrival, by=actor, asserted=False, proved=not inner.same_origin)
    if _is_by_word(activity):
        return await _asserted(node, arrival)
    if by.approves and await _is_fedcop(node, by.host):
        return refused("nobody gives by its id what is for members only, and no proof speaks for it")
    return await _asked(node, arrival)


async def _is_fedcop(node: Node, host: str) -> bool:
    """Tell whether a node runs what this one runs; Lemmy's do give such a post to a member's node."""
    await fetch.peer_kind(node, host)
    peer = await node.store.read(peers.find, host)
    return peer is not None and peer.software == "fedcop"


async def _ours_again(node: Node, arrival: Arrival) -> Arrival | Outcome:
    """Our own activity, passed on by the community, is done here already, but for what it had to decide.

    That is whether it lists a post, and what somebody here asked of it as its facilitator.
    """
    uri = id_of(arrival.activity.object)
    if _is_decided_there(arrival):
        return await _asserted(node, arrival)
    if arrival.activity.type == "Create" and uri is not None:
        await node.store.write(_list_thread, entry_of(node, arrival), uri)
    return DONE


def _is_decided_there(arrival: Arrival) -> bool:
    """Tell whether a facilitator here asked for it, and so did not do it themselves."""
    activity = arrival.activity
    if activity.type == "Update":
        return arrival.community is not None and id_of(activity.object) == arrival.community.uri
    if activity.type == "Undo" and isinstance(activity.object, vocab.Activity):
        return activity.object.type in MODERATION | {"Delete"}
    return activity.type in MODERATION | {"Delete"}


async def _list_thread(tx: Transaction, entry: NewEntry | None, uri: str) -> None:
    post = await posts.find_by_uri(tx, SYSTEM, uri)
    if entry is None or post is None or post.community_id != entry.by_actor:
        return  # whoever announces may not list what was posted elsewhere, or for few
    if post.in_reply_to is None:
        await enter(tx, entry, uri)


def _is_by_word(activity: vocab.Activity) -> bool:
    """Tell whether a community's word is enough: for likes, their Undo, and moderation."""
    if activity.type == "Undo" and isinstance(activity.object, vocab.Activity):
        return activity.object.type in LIKES | MODERATION | {"Delete"}
    return activity.type in LIKES | MODERATION


async def _asserted(node: Node, arrival: Arrival) -> Arrival | Outcome:
    """Nobody is fetched for a vote or a moderation: who is not known here has no say."""
    actor = await node.store.read(actors.find_by_uri, SYSTEM, arrival.activity.actor)
    if actor is None:
        return ignored(f"{arrival.activity.actor} is not known here")
    return msgspec.structs.replace(arrival, by=actor)


async def _asked(node: Node, arrival: Arrival) -> Arrival | Outcome:
    """Ask the origin of what was created, changed or deleted."""
    activity = arrival.activity
    uri = id_of(activity.object)
    if uri is None or not _is_listed(node, uri):
        return refused("it names nothing that may be asked for")
    if activity.type == "Update" and arrival.community is not None and uri == arrival.community.uri:
        return arrival  # what the community is now, its node is asked for, whoever changed it
    if activity.type == "Delete":
        return await _asked_for_absence(node, arrival, uri)
    if activity.type not in ("Create", "Update"):
        return ignored(f"{activity.type} is not believed without a proof")
    found = await fetch.document(node, uri)
    thing = registry.read(found) if found is not None else None
    if not isinstance(thing, vocab.Post) or thing.attributed_to != activity.actor:
        return refused(f"{uri} is not what its own node gives")
    actor = await fetch.actor(node, activity.actor)
    believed = msgspec.structs.replace(activity, objects=(thing,))
    return msgspec.structs.replace(arrival, activity=believed, by=actor, asserted=False)


async def _asked_for_absence(node: Node, arrival: Arrival, uri: str) -> Arrival | Outcome:
    """An author's Delete is believed when the post is gone at its origin, another's on the bare word."""
    post = await node.store.read(posts.find_by_uri, SYSTEM, uri)
    actor = await node.store.read(actors.find_by_uri, SYSTEM, arrival.activity.actor)
    if post is None or actor is None:
        return ignored(f"{uri} is not held here")
    if post.author_id != actor.id:
        return msgspec.structs.replace(arrival, by=actor)
    found = await fetch.document(node, uri)
    if found is not None and found.type != "Tombstone":
        return refused(f"{uri} still stands at its own node")
    return msgspec.structs.replace(arrival, by=actor, asserted=False)
