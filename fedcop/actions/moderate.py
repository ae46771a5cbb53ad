"""What facilitators do: remove, lock and pin posts, and ban people; and the undoing of each.

In a community of ours it takes effect here and is passed on. For a community elsewhere it is only said to
that community, which decides and tells everybody, us too (decision 10 of the design).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from activitypub.document import Json
from activitypub.shape import PUBLIC
from fedcop import uris
from fedcop.actions import announce, join, post, tell
from fedcop.actions.draft import Place
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.policy import membership
from storage import activities as kept
from storage import actors, audit, communities, follows, posts, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow
from storage.ids import PostId
from storage.posts import Post

Change = Callable[[Transaction], Awaitable[object]]


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """A post that a facilitator may decide about."""

    post: Post
    author: Actor
    community: Actor
    plain_by: str | None


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a facilitator decided, ready to be stored, sent and recorded."""

    facilitator: Actor
    community: Actor
    verb: str
    object: str
    detail: str
    audit_id: int
    at: datetime
    told: tuple[Told, ...]


async def remove_post(node: Node, facilitator: Actor, post_id: PostId, *, reason: str = "") -> None:
    """Remove a post from a community: its text goes, its place in the thread stays."""
    case = await node.store.read(_case, facilitator, post_id)
    community, removed = case.community, case.post
    document = activities.delete_of(
        _uri(node),
        facilitator.uri,
        removed.uri,
        to=[PUBLIC],
        cc=[community.uri],
        community=community.uri,
        reason=reason,
    )
    told = [await _told(node, facilitator, community, document, case, undoes=case.plain_by)]
    if case.author.local:
        # Mastodon believes only the author's node, so that says it as well (federation.md 1.7).
        place = Place(parent=None, answered=None, community=None, audience=removed.audience)
        told.append(await post.told_delete_of(node, case.author, removed, place, undoes=None))
    decision = _decision(node, facilitator, community, "remove", removed.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await kept.erase_post(tx, removed.id)
        await posts.remove(tx, removed.id, decision.at, facilitator.id, reason)

    await node.store.write(_decide, node, decision, change)


async def lock(node: Node, facilitator: Actor, post_id: PostId, *, reason: str = "") -> None:
    """Close a thread for replies."""
    await _lock(node, facilitator, post_id, locked=True, reason=reason)


async def unlock(node: Node, facilitator: Actor, post_id: PostId) -> None:
    """Open a thread for replies again."""
    await _lock(node, facilitator, post_id, locked=False, reason="")


async def _lock(node: Node, facilitator: Actor, post_id: PostId, *, locked: bool, reason: str) -> None:
    case = await node.store.read(_case, facilitator, post_id)
    document = activities.lock_of(
        _uri(node), facilitator.uri, case.post.uri, community=case.community.uri, reason=reason
    )
    if not locked:
        document = activities.undo_of(_uri(node), document)
    told = [await _told(node, facilitator, case.community, document, case)]
    verb = "lock" if locked else "unlock"
    decision = _decision(node, facilitator, case.community, verb, case.post.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await posts.set_locked(tx, case.post.id, locked=locked)

    await node.store.write(_decide, node, decision, change)


async def pin(node: Node, facilitator: Actor, post_id: PostId) -> None:
    """Pin a post to the top of its community."""
    await _pin(node, facilitator, post_id, pinned=True)


async def unpin(node: Node, facilitator: Actor, post_id: PostId) -> None:
    """Unpin a post."""
    await _pin(node, facilitator, post_id, pinned=False)


async def _pin(node: Node, facilitator: Actor, post_id: PostId, *, pinned: bool) -> None:
    case = await node.store.read(_case, facilitator, post_id)
    make = activities.add_of if pinned else activities.remove_of
    featured = case.community.featured_uri or uris.featured_of(case.community.uri)
    document = make(_uri(node), facilitator.uri, case.post.uri, target=featured, community=case.community.uri)
    told = [await _told(node, facilitator, case.community, document, case)]
    verb = "pin" if pinned else "unpin"
    decision = _decision(node, facilitator, case.community, verb, case.post.uri, "", told)

    async def change(tx: Transaction) -> None:
        await posts.set_pinned(tx, case.post.id, decision.at if pinned else None)

    await node.store.write(_decide, node, decision, change)


async def ban(
    node: Node,
    facilitator: Actor,
    community: Actor,
    banned: Actor,
    *,
    reason: str = "",
    until: datetime | None = None,
) -> None:
    """Ban somebody from a community, until a time or for good; their membership ends."""
    if banned.id == facilitator.id:
        raise Invalid("you cannot ban yourself")
    document = activities.ban_of(
        _uri(node), facilitator.uri, banned.uri, community=community.uri, reason=reason, until=until
    )
    told = [await _told_of_person(node, facilitator, community, document, banned)]
    held = await node.store.read(follows.find, banned.id, community.id)
    if held is not None and community.local and not banned.local:
        # A plain peer ends the membership only when the community itself takes its Accept back.
        told.append(
            await join.answer(node, community, banned, _follow_bytes(held, banned, community), accept=False)
        )
    decision = _decision(node, facilitator, community, "ban", banned.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await communities.ban(
            tx, community.id, banned.id,
            by_actor=facilitator.id, reason=reason, until=until, now=decision.at,
        )  # fmt: skip
        await communities.remove_facilitator(tx, community.id, banned.id)
        await follows.remove(tx, banned.id, community.id)

    await node.store.write(_decide, node, decision, change)


async def unban(node: Node, facilitator: Actor, community: Actor, banned: Actor) -> None:
    """Lift a ban; whoever was banned may join again."""
    document = activities.ban_of(
        _uri(node), facilitator.uri, banned.uri, community=community.uri, reason="", until=None
    )
    undo = activities.undo_of(_uri(node), document)
    told = [await _told_of_person(node, facilitator, community, undo, banned)]
    decision = _decision(node, facilitator, community, "unban", banned.uri, "", told)

    async def change(tx: Transaction) -> None:
        await communities.unban(tx, community.id, banned.id)

    await node.store.write(_decide, node, decision, change)


async def _decide(tx: Transaction, node: Node, decision: _Decision, change: Change) -> None:
    standing = await membership.standing_of(tx, decision.community, decision.facilitator.id, decision.at)
    membership.ensure_facilitates(standing, decision.community.handle)
    if decision.community.local:
        await change(tx)
        await audit.record(
            tx,
            decision.audit_id,
            at=decision.at,
            by_name=decision.facilitator.handle,
            verb=decision.verb,
            object=decision.object,
            detail=decision.detail,
        )
    for told in decision.told:
        await tell.add(tx, node, told)


def _decision(
    node: Node,
    facilitator: Actor,
    community: Actor,
    verb: str,
    about: str,
    detail: str,
    told: list[Told],
) -> _Decision:
    now = node.clock.now()
    return _Decision(
        facilitator=facilitator,
        community=community,
        verb=verb,
        object=about,
        detail=detail,
        audit_id=node.ids.next(now),
        at=now,
        told=tuple(told),
    )


async def _told(
    node: Node,
    facilitator: Actor,
    community: Actor,
    document: Json,
    case: _Case,
    *,
    undoes: str | None = None,
) -> Told:
    return await tell.prepare(
        node,
        facilitator,
        document,
        post_id=case.post.id,
        object_uri=case.post.uri,
        community=community,
        undoes=undoes,
    )


async def _told_of_person(
    node: Node, facilitator: Actor, community: Actor, document: Json, person: Actor
) -> Told:
    return await tell.prepare(
        node, facilitator, document, object_uri=person.uri, community=community, people=[person]
    )


async def _case(read: Reader, facilitator: Actor, post_id: PostId) -> _Case:
    found = await posts.find(read, visible.person(facilitator.id), post_id)
    if found is None or found.removed_at is not None or found.community_id is None:
        raise NotFound("there is no such post in a community")
    author = await actors.find(read, visible.SYSTEM, found.author_id)
    community = await actors.find(read, visible.SYSTEM, found.community_id)
    if author is None or community is None:
        raise NotFound("there is no such post in a community")
    return _Case(
        post=found,
        author=author,
        community=community,
        plain_by=await announce.plain_of(read, community.id, found.id),
    )


def _follow_bytes(held: Follow, follower: Actor, community: Actor) -> bytes:
    return held.body or activities.bytes_of(activities.follow_of(held.uri, follower.uri, community.uri))


def _uri(node: Node) -> str:
    return node.uris.activity(node.ids.next(node.clock.now()))
