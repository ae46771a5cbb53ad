"""Posts of other nodes: fetched from their own origin with what they answer, and made ready to be stored."""

import msgspec

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.origin import host_of
from activitypub.vocab import registry
from fedcop.as2 import posts as as2_posts
from fedcop.as2.posts import Incoming, IncomingFile
from fedcop.errors import Refusal
from fedcop.fetch.actors import actor
from fedcop.fetch.documents import document
from fedcop.node import Node
from storage import actors, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId, PostId
from storage.posts import NewPost, Post
from storage.visible import SYSTEM

# Lemmy follows a thread upwards this far (federation.md 1.4); more would let one reply keep us busy.
MOST_PARENTS = 50


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What is held here of that which a post names."""

    parent: Post | None
    community: Actor | None
    mentioned: dict[str, ActorId]


async def post(node: Node, uri: str, *, budget: int = MOST_PARENTS) -> PostId | None:
    """Give the post with this id, fetched with the posts that it answers if it is not held.

    None when it is not there, was deleted, or is no post. What cannot be had of its parents is left out.
    """
    held = await node.store.read(_held, uri)
    if held is not None or node.uris.is_ours(uri):
        return held
    first = await _found(node, uri)
    if first is None:
        return None
    thread = [first]
    while (wanted := thread[-1].in_reply_to) is not None and len(thread) < budget:
        parent = await _parent(node, wanted)
        if parent is None or parent.id in {one.id for one in thread}:
            break
        thread.append(parent)
    for one in reversed(thread[1:]):
        await _keep_parent(node, one)
    await _keep(node, first)
    return await node.store.read(_held, first.id)


async def draft(
    node: Node, found: vocab.Post, author: Actor, *, community: Actor | None = None
) -> tuple[NewPost, Around]:
    """Make a peer's post ready to be stored, with what is held of its parent, community and people.

    ``community`` is the one that passed it on; else it is the parent's, else the first one that the post
    names and that is held here. A post that is not public is in no community (federation.md 1.5).
    """
    around = await node.store.read(_around, found, community)
    now = node.clock.now()
    incoming = as2_posts.incoming_from(found, author=author, community=around.community, now=now)
    if incoming.audience not in ("public", "unlisted", "members"):
        around = msgspec.structs.replace(around, community=None)
        incoming = as2_posts.incoming_from(found, author=author, community=None, now=now)
    post_id = PostId(node.ids.next(now))
    return _new(incoming, post_id, author, around), around
