"""A community elsewhere does not take a post of somebody here: they read why in a direct note of it."""

import html

import msgspec

from activitypub import vocab
from activitypub.vocab.registry import id_of
from fedcop.actions import notify
from fedcop.content import plain
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import activities as kept
from storage import actors, posts
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.notifications import NewNotification
from storage.posts import NewPost, Post
from storage.visible import SYSTEM

LONGEST_REASON = 500


class _Declined(msgspec.Struct, frozen=True, kw_only=True):
    post: Post
    author: Actor


async def tell_author(node: Node, arrival: Arrival) -> Outcome:
    """Tell an author here that a community refused their post, named by its Create or by itself.

    The post stays theirs; that nobody in the community sees it is what they have to know (FEP-1b12).
    """
    by = arrival.by
    declined = await node.store.read(_declined, arrival.activity.object)
    if declined is None:
        return ignored("it answers no Follow of ours, and no post")
    if by.type != "Group" or declined.post.community_id != by.id or arrival.community is not None:
        return refused(f"{by.uri} has no say about {declined.post.uri}")
    new = _note(node, arrival, declined)
    notices = notify.prepare(node, "mention", [declined.author.id], by=by.id, post_id=new.id)
    added = await node.store.write(_write, new, notices)
    return DONE if added else ignored("it is known already")


async def _declined(read: Reader, answered: vocab.activities.Object | None) -> _Declined | None:
    """Find the post of ours that an answer is about: peers echo the Create, or give its id, or the post's."""
    uri = id_of(answered) or ""
    if isinstance(answered, vocab.Activity) and answered.type == "Create":
        uri = id_of(answered.object) or uri
    create = await kept.find(read, uri)
    if create is not None and create.type == "Create" and create.post_id is not None:
        post = await posts.find(read, SYSTEM, create.post_id)
    else:
        post = await posts.find_by_uri(read, SYSTEM, uri)
    if post is None or not post.local or post.removed_at is not None:
        return None
    author = await actors.find(read, SYSTEM, post.author_id)
    return _Declined(post=post, author=author) if author is not None else None


async def _write(tx: Transaction, new: NewPost, notices: list[NewNotification]) -> bool:
    added = await posts.add(tx, new)
    if added:
        await notify.add(tx, notices)
    return added


def _note(node: Node, arrival: Arrival, declined: _Declined) -> NewPost:
    by, now, post = arrival.by, node.clock.now(), declined.post
    said = plain.line_of(arrival.activity.summary or arrival.activity.content or "", LONGEST_REASON)
    name = html.escape(by.display_name or by.handle)
    about = f'<a href="{html.escape(post.url)}">{html.escape(post.title or "your post")}</a>'
    reason = f" It says: {html.escape(said)}" if said else ""
    post_id = PostId(node.ids.next(now))
    return NewPost(
        id=post_id,
        uri=arrival.activity.id,
        url=by.url or by.uri,
        host=by.host,
        local=False,
        author_id=by.id,
        type="Note",
        content=f"<p>The community {name} did not take {about}; nobody there sees it.{reason}</p>",
        language="en",
        audience="direct",
        root_id=post_id,
        published_at=min(arrival.activity.published or now, now),
        mentions=((declined.author.id, True),),
    )
