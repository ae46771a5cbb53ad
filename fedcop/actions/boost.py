"""Boost a post, and take a boost back."""

from datetime import datetime
from typing import Literal

from activitypub.document import Json
from activitypub.shape import PUBLIC
from fedcop import uris
from fedcop.actions import notify, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy import posting
from storage import actors, entries, posts, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.entries import Entry
from storage.ids import EntryId, PostId
from storage.notifications import NewNotification
from storage.posts import Post

Audience = Literal["public", "unlisted", "followers"]


async def boost(node: Node, actor: Actor, post_id: PostId, audience: Audience = "public") -> EntryId:
    """Boost a post to one's followers and give the boost's id; a second time changes nothing.

    ``audience`` is who else may see that one did; it is never wider than the post's own.
    """
    post, author = await node.store.read(_seen, actor, post_id)
    posting.ensure_boostable(post.audience, own=author.id == actor.id)
    if post.audience == "followers":
        audience = "followers"
    earlier = await node.store.read(entries.find, actor.id, post.id)
    if earlier is not None and earlier.kind == "boost":
        return earlier.id
    now = node.clock.now()
    entry_id = EntryId(node.ids.next(now))
    document = _announce(node.uris.activity(entry_id), actor, post, author, audience, now)
    told = await tell.prepare(
        node,
        actor,
        document,
        post_id=post.id,
        object_uri=post.uri,
        audience=audience,
        people=[author],
        followers=True,
    )
    notices = notify.prepare(node, "boost", notify.here([author]), by=actor.id, post_id=post.id)
    return await node.store.write(_boost, node, entry_id, post.id, told, notices)


def _announce(uri: str, actor: Actor, post: Post, author: Actor, audience: str, published: datetime) -> Json:
    followers = uris.followers_of(actor.uri)
    # What is in ``to`` and ``cc`` is how Mastodon tells public, unlisted and followers apart.
    to, cc = {
        "public": ([PUBLIC], [author.uri, followers]),
        "unlisted": ([followers], [author.uri, PUBLIC]),
        "followers": ([followers], [author.uri]),
    }[audience]
    return activities.boost_of(uri, actor.uri, post.uri, to=to, cc=cc, published=published)


async def _boost(
    tx: Transaction,
    node: Node,
    entry_id: EntryId,
    post_id: PostId,
    told: Told,
    notices: list[NewNotification],
) -> EntryId:
    added = await entries.add(
        tx,
        entry_id,
        by_actor=told.kept.actor_id,
        post_id=post_id,
        kind="boost",
        uri=told.kept.uri,
        audience=told.kept.audience,
    )
    if added:
        await tell.add(tx, node, told)
        await notify.add(tx, notices)
        return entry_id
    earlier = await entries.find(tx, told.kept.actor_id, post_id)
    return earlier.id if earlier else entry_id


async def unboost(node: Node, actor: Actor, post_id: PostId) -> None:
    """Take a boost back; without one nothing happens."""
    post, author = await node.store.read(_seen, actor, post_id)
    entry = await node.store.read(entries.find, actor.id, post.id)
    if entry is None or entry.kind != "boost":
        return
    told = await _told_undo(node, actor, post, author, entry)
    await node.store.write(_unboost, node, entry, told)


async def _told_undo(node: Node, actor: Actor, post: Post, author: Actor, entry: Entry) -> Told:
    now = node.clock.now()
    uri = entry.uri or node.uris.activity(entry.id)
    boosted = _announce(uri, actor, post, author, entry.audience, now)
    return await tell.prepare(
        node,
        actor,
        activities.undo_of(node.uris.activity(node.ids.next(now)), boosted),
        post_id=post.id,
        object_uri=post.uri,
        audience=entry.audience,
        people=[author],
        followers=True,
    )


async def _unboost(tx: Transaction, node: Node, entry: Entry, told: Told) -> None:
    if await entries.remove(tx, entry.by_actor, entry.post_id) is None:
        return
    await tell.add(tx, node, told)


async def _seen(read: Reader, actor: Actor, post_id: PostId) -> tuple[Post, Actor]:
    post = await posts.find(read, visible.person(actor.id), post_id)
    author = await actors.find(read, visible.SYSTEM, post.author_id) if post else None
    if post is None or author is None or post.removed_at is not None:
        raise NotFound("there is no such post")
    return post, author
