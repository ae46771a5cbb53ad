"""Tell a post of ours anew where no text of it changed: counts of a poll, or the right to quote."""

from datetime import datetime

from fedcop.actions import draft as drafts
from fedcop.actions import tell
from fedcop.actions.draft import Place
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.as2 import posts as as2_posts
from fedcop.errors import NotFound
from fedcop.node import Node
from storage import activities as kept
from storage import actors, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.posts import Post
from storage.views import PostView


async def prepare(node: Node, view: PostView, now: datetime) -> Told:
    """Make the Update of a post, which is no edit, for its community and everybody who holds a copy."""
    author, place = await node.store.read(_author_and_place, view.post)
    document = as2_posts.post_of(as2_posts.outgoing_of(view, node.uris), node.uris, now=now)
    uri = node.uris.activity(node.ids.next(now))
    return await tell.prepare(
        node,
        author,
        activities.restated_of(uri, document, now),
        post_id=view.post.id,
        object_uri=view.post.uri,
        audience=view.post.audience,
        community=place.community,
        holders_of=view.post.uri,
        copy_of=view.post.uri,
    )


async def _author_and_place(read: Reader, post: Post) -> tuple[Actor, Place]:
    author = await actors.find(read, visible.SYSTEM, post.author_id)
    if author is None:
        raise NotFound("who wrote it is gone")
    return author, await drafts.place_of_post(read, post)


async def add(tx: Transaction, node: Node, told: Told) -> None:
    """Keep and queue it instead of the one before: each tells all that the earlier ones told."""
    if told.kept.post_id is not None:
        await kept.supersede(tx, told.kept.post_id)
    await tell.add(tx, node, told)
