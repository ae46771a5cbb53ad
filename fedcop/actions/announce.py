"""A community of ours passes on what somebody does in it (FEP-1b12), whoever wrote it.

    passed = announce.prepare(node, community, uri=..., kind="Create", body=raw, ...)     on the loop
    await announce.add(tx, node, passed)                             in the transaction that stores the post

Rules that hold in this file (decision 5 of the design)
  1. A peer of kind ``group`` gets everything whole: an Announce of the unmodified bytes, so that proofs hold.
  2. A ``plain`` peer gets the Announce of a new thread's id, later its Undo, and nothing else: it would show
     each comment as a boost (federation.md 1.5).
  3. An ``unknown`` peer gets both forms of a new thread, and the rest whole.
  4. Only ``group.PASSED_ON`` is passed on; never an Announce, a Follow, an answer or a report.
  5. Only a new thread is an entry of the community: what its followers see in a timeline.
  6. What is done in a community that only its members read goes whole to ``group`` peers with a member and to
     nobody else, and is addressed to nobody else (decision 9).
"""

from datetime import datetime

import msgspec

from activitypub import document, group, vocab
from activitypub.errors import LocalFault
from activitypub.shape import PUBLIC
from activitypub.vocab import registry
from fedcop import uris
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import NotPermitted
from fedcop.node import Node
from storage import activities as kept
from storage import entries
from storage.activities import NewKept
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, EntryId, PostId

WHOLE = ("group", "unknown")
CLOSED = ("group",)
PLAIN = ("plain", "unknown")


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """An activity that a community is about to pass on, in each form that somebody gets."""

    kept: NewKept
    community_id: ActorId
    wrapped: Parcel
    plain: Parcel | None
    entry_id: EntryId | None
    at: datetime


def prepare(
    node: Node,
    community: Actor,
    *,
    uri: str,
    kind: str,
    actor_id: ActorId,
    body: bytes,
    object_uri: str | None,
    post_id: PostId | None = None,
    begins_thread: bool = False,
    undoes: str | None = None,
    copy_of: str | None = None,
) -> Passed:
    """Make the forms in which a community passes on an activity, given as its bytes came.

    ``begins_thread``: a new top-level post. ``undoes``: the plain Announce that a removal takes back, as
    ``plain_of`` gives it. ``copy_of``: a post of ours that whoever gets the bytes then holds.
    """
    if kind not in group.PASSED_ON:
        raise LocalFault(
            f"{uri}: {kind} is not passed on; wanted one of {', '.join(sorted(group.PASSED_ON))}"
        )
    if community.approves:
        _ensure_for_members(uri, body)
    now = node.clock.now()
    wrapper = node.uris.activity(node.ids.next(now))
    wrapped = fanout.parcel(
        node,
        whole(community, wrapper, body, at=now, begun_by=post_id if begins_thread else None),
        uri=wrapper,
        kind=kind,  # the queue goes by what is carried: a Delete takes back an unsent Create
        sender_id=community.id,
        object_uri=object_uri,
        copy_of=copy_of,
        private=community.approves,
    )
    plain = _plain_of(
        node, community, object_uri, begins_thread=begins_thread, undoes=undoes, copy_of=copy_of
    )
    return Passed(
        kept=NewKept(
            uri=uri, type=kind, actor_id=actor_id, community_id=community.id, post_id=post_id,
            object_uri=object_uri, wrapped_by=wrapper,
            plain_by=plain.body.uri if plain and begins_thread else None,
            audience="members" if community.approves else "public", body=body, at=now,
        ),
        community_id=community.id,
        wrapped=wrapped,
        plain=plain,
        entry_id=EntryId(node.ids.next(now)) if begins_thread else None,
        at=now,
    )  # fmt: skip


def _ensure_for_members(uri: str, body: bytes) -> None:
    """Raise ``NotPermitted`` for what addresses everybody, itself or in what it carries."""
    said = registry.read(document.read(body))
    things = [said, *said.objects] if isinstance(said, vocab.Activity) else []
    if any(PUBLIC in (*one.to, *one.cc) for one in things if isinstance(one, vocab.Activity | vocab.Post)):
        raise NotPermitted(f"{uri} addresses everybody, and is for the members of a community only")


def whole(community: Actor, uri: str, body: bytes, *, at: datetime, begun_by: PostId | None) -> bytes:
    """Give the Announce that carries an activity whole; ``begun_by`` is the post that begins a thread."""
    followers = uris.followers_of(community.uri)
    if not community.approves:
        return group.wrap(uri, community.uri, followers, body, published=at)
    thread = uris.thread_of(community.uri, begun_by) if begun_by is not None else None
    return group.wrap_for_members(uri, community.uri, followers, body, published=at, thread=thread)


def _plain_of(
    node: Node,
    community: Actor,
    object_uri: str | None,
    *,
    begins_thread: bool,
    undoes: str | None,
    copy_of: str | None,
) -> Parcel | None:
    if object_uri is None or community.approves or not (begins_thread or undoes):
        return None
    now = node.clock.now()
    followers = uris.followers_of(community.uri)
    uri = node.uris.activity(node.ids.next(now))
    if undoes is None:
        told = group.plain(uri, community.uri, followers, object_uri, published=now)
    else:
        undone = activities.boost_of(
            undoes, community.uri, object_uri, to=[PUBLIC], cc=[followers], published=now
        )
        told = activities.bytes_of(activities.undo_of(uri, undone))
    return fanout.parcel(
        node,
        told,
        uri=uri,
        kind="Announce" if undoes is None else "Undo",
        sender_id=community.id,
        object_uri=object_uri,
        copy_of=copy_of if undoes is None else None,  # who is told of a post fetches it
    )


def taken_back(node: Node, community: Actor, object_uri: str, plain_by: str) -> Parcel | None:
    """Make the Undo of the plain Announce of a post, for what goes without an activity of its own."""
    return _plain_of(node, community, object_uri, begins_thread=False, undoes=plain_by, copy_of=None)


async def plain_of(read: Reader, community_id: ActorId, post_id: PostId) -> str | None:
    """Give the id of the plain Announce by which a community told of a post, for its Undo."""
    for activity in await kept.of_post(read, post_id):
        if activity.community_id == community_id and activity.plain_by:
            return activity.plain_by
    return None


async def add(tx: Transaction, node: Node, passed: Passed) -> None:
    """Pass on a prepared activity: keep it, queue it for the members' nodes, and list a new thread."""
    await kept.keep(tx, passed.kept)
    kinds = CLOSED if passed.kept.audience == "members" else WHOLE
    members = await fanout.followers(tx, passed.community_id, kinds)
    await fanout.enqueue(tx, node, passed.wrapped, members, passed.at)
    if passed.plain is not None:
        await add_plain(tx, node, passed.community_id, passed.plain, passed.at)
    if passed.entry_id is not None and passed.kept.post_id is not None:
        await entries.add(
            tx,
            passed.entry_id,
            by_actor=passed.community_id,
            post_id=passed.kept.post_id,
            kind="announce",
            uri=passed.kept.plain_by or passed.kept.wrapped_by,
            audience=passed.kept.audience,
            at=passed.at,
        )


async def add_plain(tx: Transaction, node: Node, community_id: ActorId, plain: Parcel, now: datetime) -> None:
    """Queue what peers get that read only the Announce of a post, or what the community says of itself."""
    await fanout.enqueue(tx, node, plain, await fanout.followers(tx, community_id, PLAIN), now)
