"""What reached only the node of whoever is answered goes on to those who should know (ActivityPub 7.1.2).

Going out: somebody here is answered, in a community of another node that the reply does not name, or with the
followers of whoever is answered here among its readers. What came is sent on unchanged, signed by who is
answered (federation.md 1.6, 3.3); an Update or Delete of it likewise.

Coming in: whoever signs is not who acts, so nothing is believed of it but a proof. Without one it says that
something happened to a post, and the post's own node is asked what (decision 6). Only the author of the post
that is answered, which has to be held here, may say so.
"""

from datetime import datetime

import msgspec

from activitypub import document, vocab
from activitypub.document import Document, Json
from activitypub.origin import ensure_same_origin, same_origin
from activitypub.shape import PUBLIC
from activitypub.vocab import registry
from activitypub.vocab.registry import id_of
from activitypub.vocab.write import CONTEXT
from fedcop import fetch
from fedcop.as2 import activities
from fedcop.as2 import posts as as2_posts
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.node import Node
from fedcop.policy.pictures import EVERYBODY
from fedcop.receive.arrival import Arrival, Outcome, ignored, refused
from fedcop.receive.proved import is_proved
from storage import actors, posts
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.posts import Post
from storage.visible import SYSTEM

FORWARDED = frozenset({"Create", "Update", "Delete"})


class Forward(msgspec.Struct, frozen=True, kw_only=True):
    """An activity about to be sent on: to a community, and to the followers of somebody here."""

    parcel: Parcel
    community: Target | None
    followers_of: ActorId | None
    but_host: str
    at: datetime


def prepare(
    node: Node,
    arrival: Arrival,
    *,
    uri: str,
    parent: Post | None,
    answered: Actor | None,
    community: Actor | None,
) -> Forward | None:
    """Make what is sent on of an activity about the post ``uri``; None when all who should know have it.

    ``parent`` is what that post answers, ``answered`` who wrote it, ``community`` where they stand.
    """
    if parent is None or answered is None or not parent.local or parent.audience not in EVERYBODY:
        return None
    if arrival.community is not None:
        return None
    named = _named(arrival.activity)
    elsewhere = community is not None and not (community.local or community.approves)
    target = fanout.target_of(community) if community is not None and elsewhere else None
    if community is not None and community.uri in named:
        target = None
    followers_of = answered.id if answered.followers_uri in named else None
    if target is None and followers_of is None:
        return None
    parcel = fanout.parcel(
        node,
        arrival.raw,
        uri=arrival.activity.id,
        kind=arrival.activity.type,
        sender_id=answered.id,
        object_uri=uri,
    )
    return Forward(
        parcel=parcel,
        community=target,
        followers_of=followers_of,
        but_host=arrival.by.host,
        at=node.clock.now(),
    )


async def of_held(node: Node, arrival: Arrival, post: Post, community: Actor | None) -> Forward | None:
    """Make what is sent on of the Update or Delete of a post that is held."""
    parent, answered = await node.store.read(_answered, post.parent_id)
    return prepare(node, arrival, uri=post.uri, parent=parent, answered=answered, community=community)


async def add(tx: Transaction, node: Node, forward: Forward) -> None:
    """Queue it."""
    followers = await fanout.followers(tx, forward.followers_of) if forward.followers_of is not None else []
    targets = [target for target in followers if target[0] != forward.but_host]
    if forward.community is not None:
        targets.append(forward.community)
    await fanout.enqueue(tx, node, forward.parcel, targets, forward.at)


def _named(activity: vocab.Activity) -> set[str]:
    """Give the ids to which an activity, or the post in it, is addressed."""
    found = {*activity.to, *activity.cc}
    if isinstance(activity.object, vocab.Post):
        found.update(as2_posts.in_question(activity.object))
    return found


async def _answered(read: Reader, parent_id: PostId | None) -> tuple[Post | None, Actor | None]:
    parent = await posts.find(read, SYSTEM, parent_id) if parent_id is not None else None
    answered = await actors.find(read, SYSTEM, parent.author_id) if parent is not None else None
    return parent, answered


async def may_say(read: Reader, activity: vocab.Activity, by: str) -> bool:
    """Tell whether somebody may send on what another did: the author of the post that is answered there.

    Only of a post for everybody: any other is not served to us, which would be taken for its end.
    """
    uri = id_of(activity.object)
    if activity.type not in FORWARDED or uri is None or not same_origin(uri, activity.actor):
        return False
    if activity.type == "Create" and isinstance(activity.object, vocab.Post):
        answers = activity.object.in_reply_to if _is_public(activity.object) else None
    else:
        held = await posts.find_by_uri(read, SYSTEM, uri)
        theirs = held is not None and held.audience in EVERYBODY and await _is_by(read, held, activity.actor)
        answers = held.in_reply_to if held is not None and theirs else None
    parent = await posts.find_by_uri(read, SYSTEM, answers) if answers is not None else None
    return parent is not None and await _is_by(read, parent, by)


def _is_public(post: vocab.Post) -> bool:
    return PUBLIC in (*post.to, *post.cc)


async def _is_by(read: Reader, post: Post, uri: str) -> bool:
    author = await actors.find(read, SYSTEM, post.author_id)
    return author is not None and author.uri == uri


def row_uri(uri: str, forwarded_by: str | None) -> str:
    """Give under which id an activity is queued: what was sent on must not take the place of what it is.

    No id holds a blank.
    """
    return uri if forwarded_by is None else f"{uri} {forwarded_by}"


def is_forwarded(uri: str) -> bool:
    """Tell whether a row of the queue, given by its id, was sent on by another than who acted."""
    return " " in uri


async def arrival_of(node: Node, received: Document, activity: vocab.Activity) -> Arrival | Outcome:
    """Give what was sent on as it is believed: as its proof says, or as the post's own node does."""
    ensure_same_origin(activity.id, activity.actor)
    if await is_proved(node, received, activity):
        by = await fetch.actor(node, activity.actor)
        return Arrival(activity=activity, raw=received.raw, by=by, proved=True, forwarded=True)
    uri = id_of(activity.object)
    if uri is None or not same_origin(uri, activity.actor):
        return refused("it names nothing that may be asked for")
    found = await fetch.document(node, uri)
    said = _said(activity, uri, found)
    if said is None:
        return refused(f"{uri} is not so at its own node")
    by_actor = await node.store.read(actors.find_by_uri, SYSTEM, activity.actor)
    if activity.type != "Delete":
        by_actor = await fetch.actor(node, activity.actor)
    if by_actor is None:
        return ignored(f"{activity.actor} is not known here")
    whole = document.read(activities.bytes_of(said))
    believed = registry.read(whole)
    assert isinstance(believed, vocab.Activity), "it was made here"
    return Arrival(activity=believed, raw=whole.raw, by=by_actor, forwarded=True)


def _said(activity: vocab.Activity, uri: str, found: Document | None) -> Json | None:
    """Say again what happened to a post, in the words of its own node only; None when that gives it the lie.

    The id is made up here too: another's could take the place of one that its actor has yet to use.
    """
    head: Json = {"id": f"{uri}#{activity.type.lower()}", "type": activity.type, "actor": activity.actor}
    if activity.type == "Delete":
        gone = found is None or found.type == "Tombstone"
        return {"@context": CONTEXT} | head | {"to": [PUBLIC], "cc": [], "object": uri} if gone else None
    thing = registry.read(found) if found is not None else None
    if found is None or not isinstance(thing, vocab.Post):
        return None
    inner = {key: value for key, value in found.json.items() if key != "@context"}
    if thing.updated is not None:
        head["id"] += f"-{activities.moment_of(thing.updated)}"
    readers = {"to": list(thing.to), "cc": list(thing.cc)}
    return {"@context": found.json.get("@context", CONTEXT)} | head | readers | {"object": inner}
