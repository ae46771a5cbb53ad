"""Somebody here opened a thread: what is missing of it is asked for, in the background."""

from datetime import datetime, timedelta

from fedcop import fetch
from fedcop.node import Node
from storage import actors, histories, posts
from storage.engine import Reader, Transaction
from storage.ids import PostId, RowId
from storage.posts import Post
from storage.visible import SYSTEM

# As often as Mastodon asks for the replies to a post (Status::FetchRepliesConcern, 4.5).
EVERY = timedelta(minutes=15)


async def opened(node: Node, post_id: PostId) -> None:
    """Have the thread of a post read at the node that keeps it, at most every 15 minutes.

    Nothing happens for a thread that is kept here, that only members read, or whose host is not allowed.
    """
    root = await node.store.read(_elsewhere, post_id)
    now = node.clock.now()
    if root is None or not node.allows(root.host):
        return
    if node.memory.may_try(f"thread {root.id}", now=now, every=EVERY):
        await node.store.write(_want, node, RowId(node.ids.next(now)), root.id, now)


async def _elsewhere(read: Reader, post_id: PostId) -> Post | None:
    post = await posts.find(read, SYSTEM, post_id)
    root = await posts.find(read, SYSTEM, post.root_id) if post is not None else None
    if root is None:
        return None
    community = await actors.find(read, SYSTEM, root.community_id) if root.community_id is not None else None
    return root if fetch.is_elsewhere(root, community) else None


async def _want(tx: Transaction, node: Node, history_id: RowId, root_id: PostId, now: datetime) -> None:
    if await histories.want_thread(tx, history_id, root_id, now, before=now - EVERY):
        tx.wake("histories")
