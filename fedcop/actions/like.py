"""Like, bookmark, pin to one's profile, and mute a thread; and the undoing of each.

A like is told to the author and to the post's community, which passes it on. The rest is told to nobody.
"""

from datetime import datetime

from fedcop.actions import notify, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.policy import membership, posting
from storage import actors, bookmarks, knowhow, likes, posts, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.notifications import NewNotification
from storage.posts import Post

MOST_PINNED = 5


async def like(node: Node, actor: Actor, post_id: PostId, *, used: bool = False) -> None:
    """Like a post; a second time changes nothing. ``used``: say that one used the know-how that it is."""
    now = node.clock.now()
    post, author, community = await node.store.read(_likeable, actor, post_id, now)
    like_id = node.ids.next(now)
    document = _like_of(node.uris.activity(like_id), actor, post, author, community)
    if used:
        document = activities.use_of(document)
    told = await _told(node, actor, document, post, author, community)
    notices = notify.prepare(node, "like", notify.here([author]), by=actor.id, post_id=post.id)
    await node.store.write(_like, node, like_id, post.id, told, notices, used)


async def _likeable(
    read: Reader, actor: Actor, post_id: PostId, now: datetime
) -> tuple[Post, Actor, Actor | None]:
    post, author, community = await _seen(read, actor, post_id)
    if community is not None:
        standing = await membership.standing_of(read, community, actor.id, now)
        posting.ensure_not_banned(standing, community.handle)
    return post, author, community


async def _like(
    tx: Transaction,
    node: Node,
    like_id: int,
    post_id: PostId,
    told: Told,
    notices: list[NewNotification],
    used: bool,  # noqa: FBT001 - of a row
) -> None:
    by, now = told.kept.actor_id, told.kept.at
    new = await likes.add(tx, like_id, by, post_id, told.kept.uri)
    if (used and await knowhow.use(tx, post_id, by, now)) or new:
        await tell.add(tx, node, told)
        await notify.add(tx, notices)


async def unlike(node: Node, actor: Actor, post_id: PostId) -> None:
    """Take a like back; without one nothing happens."""
    post, author, community = await node.store.read(_seen, actor, post_id)
    held = await node.store.read(likes.find, actor.id, post.id)
    if held is None:
        return
    liked = _like_of(held.uri or node.uris.activity(held.id), actor, post, author, community)
    undo = activities.undo_of(node.uris.activity(node.ids.next(node.clock.now())), liked)
    told = await _told(node, actor, undo, post, author, community)
    await node.store.write(_unlike, node, post.id, told)


async def _unlike(tx: Transaction, node: Node, post_id: PostId, told: Told) -> None:
    await knowhow.unuse(tx, post_id, told.kept.actor_id)
    if await likes.remove(tx, told.kept.actor_id, post_id):
        await tell.add(tx, node, told)


def _like_of(uri: str, actor: Actor, post: Post, author: Actor, community: Actor | None) -> dict[str, object]:
    place = community.uri if community else None
    return activities.like_of(uri, actor.uri, post.uri, to=[place or author.uri], community=place)


async def _told(
    node: Node,
    actor: Actor,
    document: dict[str, object],
    post: Post,
    author: Actor,
    community: Actor | None,
) -> Told:
    return await tell.prepare(
        node,
        actor,
        document,
        post_id=post.id,
        object_uri=post.uri,
        audience="direct",
        community=community,
        people=[author],
    )


async def bookmark(node: Node, actor: Actor, post_id: PostId) -> None:
    """Keep a post for later."""
    await node.store.read(_seen, actor, post_id)
    await node.store.write(bookmarks.add, node.ids.next(node.clock.now()), actor.id, post_id)


async def unbookmark(node: Node, actor: Actor, post_id: PostId) -> None:
    """Keep a post no longer."""
    await node.store.read(_seen, actor, post_id)
    await node.store.write(bookmarks.remove, actor.id, post_id)


async def pin(node: Node, actor: Actor, post_id: PostId) -> None:
    """Pin one of one's own posts to one's profile; five at most."""
    await node.store.read(_ensure_own, actor, post_id)
    await node.store.write(_pin, node.ids.next(node.clock.now()), actor, post_id)


async def _pin(tx: Transaction, pin_id: int, actor: Actor, post_id: PostId) -> None:
    await bookmarks.pin(tx, pin_id, actor.id, post_id)
    if await bookmarks.pinned_count(tx, visible.SYSTEM, actor.id) > MOST_PINNED:
        raise Invalid(f"at most {MOST_PINNED} posts can be pinned")


async def unpin(node: Node, actor: Actor, post_id: PostId) -> None:
    """Unpin one of one's own posts."""
    await node.store.read(_ensure_own, actor, post_id)
    await node.store.write(bookmarks.unpin, actor.id, post_id)


async def _ensure_own(read: Reader, actor: Actor, post_id: PostId) -> None:
    post, _, _ = await _seen(read, actor, post_id)
    if post.author_id != actor.id:
        raise Invalid("only your own posts can be pinned to your profile")


async def mute_thread(node: Node, actor: Actor, post_id: PostId) -> None:
    """Hear no more of the thread that a post is in."""
    post, _, _ = await node.store.read(_seen, actor, post_id)
    await node.store.write(bookmarks.mute_thread, actor.id, PostId(post.root_id))


async def unmute_thread(node: Node, actor: Actor, post_id: PostId) -> None:
    """Hear of a thread again."""
    post, _, _ = await node.store.read(_seen, actor, post_id)
    await node.store.write(bookmarks.unmute_thread, actor.id, PostId(post.root_id))


async def _seen(read: Reader, actor: Actor, post_id: PostId) -> tuple[Post, Actor, Actor | None]:
    post = await posts.find(read, visible.person(actor.id), post_id)
    author = await actors.find(read, visible.SYSTEM, post.author_id) if post else None
    if post is None or author is None or post.removed_at is not None:
        raise NotFound("there is no such post")
    community = await actors.find(read, visible.SYSTEM, post.community_id) if post.community_id else None
    return post, author, community
