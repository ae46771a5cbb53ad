"""A post of one's own: found, to be changed, and deleted, here and wherever a copy of it is known to be."""

from datetime import datetime

from activitypub.shape import PUBLIC
from fedcop import uris
from fedcop.actions import announce, tell
from fedcop.actions.draft import Place, place_of_post
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import NotFound, NotPermitted
from fedcop.node import Node
from storage import activities as kept
from storage import posts, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.posts import Post


async def find(read: Reader, author: Actor, post_id: PostId) -> tuple[Post, Place]:
    """Give a post of somebody's own and where it stands; refuse what is gone, or somebody else's."""
    post = await posts.find(read, visible.person(author.id), post_id)
    if post is None or post.removed_at is not None:
        raise NotFound("there is no such post")
    if post.author_id != author.id:
        raise NotPermitted("this is somebody else's post")
    return post, await place_of_post(read, post)


async def delete(node: Node, author: Actor, post_id: PostId) -> None:
    """Delete a post here and wherever a copy of it is known to be."""
    post, place = await node.store.read(find, author, post_id)
    told = await _told_delete(node, author, post, place.community)
    await node.store.write(_delete, node, post, told, author.id, node.clock.now())


async def _told_delete(node: Node, author: Actor, post: Post, community: Actor | None) -> Told:
    """Make the Delete of a post of ours, for its community and everybody who holds a copy."""
    ours = community is not None and community.local
    undoes = await node.store.read(announce.plain_of, community.id, post.id) if community and ours else None
    to = [PUBLIC] if post.audience in ("public", "unlisted") else []
    document = activities.delete_of(
        node.uris.activity(node.ids.next(node.clock.now())),
        author.uri,
        post.uri,
        to=[*([community.uri] if community else []), *to],
        cc=[] if post.audience in ("direct", "members") else [uris.followers_of(author.uri)],
        community=community.uri if community else None,
    )
    return await tell.prepare(
        node,
        author,
        document,
        post_id=post.id,
        object_uri=post.uri,
        audience=post.audience,
        community=community,
        holders_of=post.uri,
        undoes=undoes,
    )


async def _delete(tx: Transaction, node: Node, post: Post, told: Told, by: ActorId, now: datetime) -> None:
    await kept.erase_post(tx, post.id)
    await posts.remove(tx, post.id, now, by, "")
    await tell.add(tx, node, told)
