"""What facilitators do: remove, lock and pin posts, and ban people; and the undoing of each.

For a community of ours and for one elsewhere alike: ``actions.decision`` says what follows for which.
"""

from datetime import datetime

import msgspec

from activitypub.document import Json
from fedcop import uris
from fedcop.actions import announce, decision, join, removal, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import actors, communities, follows, posts, visible, withheld
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow
from storage.ids import PostId
from storage.posts import Post


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """A post that a facilitator may decide about."""

    post: Post
    author: Actor
    community: Actor
    plain_by: str | None


async def remove_post(node: Node, facilitator: Actor, post_id: PostId, *, reason: str = "") -> None:
    """Remove a post from a community: its text goes, its place in the thread stays."""
    case = await node.store.read(_case, facilitator, post_id)
    community, removed = case.community, case.post
    document = activities.removal_of(
        decision.new_uri(node), facilitator.uri, removed.uri, community=community.uri, reason=reason
    )
    told = [await _told(node, facilitator, community, document, case, undoes=case.plain_by)]
    if community.local and (own := await removal.told_to_holders(node, case.author, removed, community)):
        told.append(own)
    made = decision.made(node, facilitator, community, "remove", removed.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await removal.remove(tx, removed.id, made.at, facilitator.id, reason)

    await node.store.write(decision.write, node, made, change)


async def restore_post(node: Node, facilitator: Actor, post_id: PostId) -> None:
    """Put back a post that a facilitator removed, within 30 days; one that its author deleted stays so.

    Members' nodes are told by an Undo of the removal, other software by a new Announce of a thread. Likes,
    boosts and votes do not come back, nor a post at who follows its author only.
    """
    case = await node.store.read(_case, facilitator, post_id, removed=True)
    community, post = case.community, case.post
    new = await removal.text_of(node, post, case.author, community) if community.local else None
    if community.local and new is None:
        raise NotFound("what this post said is not there any more, or its author deleted it")
    undone = activities.removal_of(
        decision.new_uri(node), facilitator.uri, post.uri, community=community.uri, reason=""
    )
    told = await _told(
        node,
        facilitator,
        community,
        activities.undo_of(decision.new_uri(node), undone),
        case,
        begins_thread=post.in_reply_to is None,
    )
    plain_by = None
    if told.passed is not None:
        plain_by = told.passed.kept.plain_by
        told = msgspec.structs.replace(told, passed=removal.with_create(told.passed))
    made = decision.made(node, facilitator, community, "restore", post.uri, "", [told])

    async def change(tx: Transaction) -> None:
        if new is not None and not await withheld.restore(tx, new, plain_by):
            raise NotFound("its author deleted this post")

    await node.store.write(decision.write, node, made, change)


async def lock(node: Node, facilitator: Actor, post_id: PostId, *, reason: str = "") -> None:
    """Close a thread for replies."""
    await _lock(node, facilitator, post_id, locked=True, reason=reason)


async def unlock(node: Node, facilitator: Actor, post_id: PostId) -> None:
    """Open a thread for replies again."""
    await _lock(node, facilitator, post_id, locked=False, reason="")


async def _lock(node: Node, facilitator: Actor, post_id: PostId, *, locked: bool, reason: str) -> None:
    case = await node.store.read(_case, facilitator, post_id)
    document = activities.lock_of(
        decision.new_uri(node), facilitator.uri, case.post.uri, community=case.community.uri, reason=reason
    )
    if not locked:
        document = activities.undo_of(decision.new_uri(node), document)
    told = [await _told(node, facilitator, case.community, document, case)]
    verb = "lock" if locked else "unlock"
    made = decision.made(node, facilitator, case.community, verb, case.post.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await posts.set_locked(tx, case.post.id, locked=locked)

    await node.store.write(decision.write, node, made, change)


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
    document = make(
        decision.new_uri(node), facilitator.uri, case.post.uri, target=featured, community=case.community.uri
    )
    told = [await _told(node, facilitator, case.community, document, case)]
    verb = "pin" if pinned else "unpin"
    made = decision.made(node, facilitator, case.community, verb, case.post.uri, "", told)

    async def change(tx: Transaction) -> None:
        await posts.set_pinned(tx, case.post.id, made.at if pinned else None)

    await node.store.write(decision.write, node, made, change)


async def ban(
    node: Node,
    facilitator: Actor,
    community: Actor,
    banned: Actor,
    *,
    reason: str = "",
    until: datetime | None = None,
    remove_posts: bool = False,
) -> None:
    """Ban somebody from a community, until a time or for good; their membership ends.

    ``remove_posts``: all that they posted there goes as well.
    """
    if banned.id == facilitator.id:
        raise Invalid("you cannot ban yourself")
    document = activities.ban_of(
        decision.new_uri(node), facilitator.uri, banned.uri,
        community=community.uri, reason=reason, until=until, remove_posts=remove_posts,
    )  # fmt: skip
    told = [await _told_of_person(node, facilitator, community, document, banned)]
    held = await node.store.read(follows.find, banned.id, community.id)
    if held is not None and community.local and not banned.local:
        # A plain peer ends the membership only when the community itself takes its Accept back.
        told.append(
            await join.answer(node, community, banned, _follow_bytes(held, banned, community), accept=False)
        )
    made = decision.made(node, facilitator, community, "ban", banned.uri, reason, told)

    async def change(tx: Transaction) -> None:
        await communities.ban(
            tx, community.id, banned.id,
            by_actor=facilitator.id, reason=reason, until=until, now=made.at,
        )  # fmt: skip
        await communities.remove_facilitator(tx, community.id, banned.id)
        await follows.remove(tx, banned.id, community.id)

    await node.store.write(decision.write, node, made, change)
    if remove_posts and community.local:
        await removal.remove_all(node, banned, community, facilitator.id, reason)


async def unban(node: Node, facilitator: Actor, community: Actor, banned: Actor) -> None:
    """Lift a ban; whoever was banned may join again."""
    document = activities.ban_of(
        decision.new_uri(node), facilitator.uri, banned.uri, community=community.uri, reason="", until=None
    )
    undo = activities.undo_of(decision.new_uri(node), document)
    told = [await _told_of_person(node, facilitator, community, undo, banned)]
    made = decision.made(node, facilitator, community, "unban", banned.uri, "", told)

    async def change(tx: Transaction) -> None:
        await communities.unban(tx, community.id, banned.id)

    await node.store.write(decision.write, node, made, change)


async def _told(
    node: Node,
    facilitator: Actor,
    community: Actor,
    document: Json,
    case: _Case,
    *,
    undoes: str | None = None,
    begins_thread: bool = False,
) -> Told:
    return await tell.prepare(
        node,
        facilitator,
        document,
        post_id=case.post.id,
        object_uri=case.post.uri,
        community=community,
        undoes=undoes,
        begins_thread=begins_thread,
    )


async def _told_of_person(
    node: Node, facilitator: Actor, community: Actor, document: Json, person: Actor
) -> Told:
    return await tell.prepare(
        node, facilitator, document, object_uri=person.uri, community=community, people=[person]
    )


async def _case(read: Reader, facilitator: Actor, post_id: PostId, *, removed: bool = False) -> _Case:
    found = await posts.find(read, visible.person(facilitator.id), post_id)
    if found is None or (found.removed_at is not None) is not removed or found.community_id is None:
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
