"""Threads as others read them: every post of one, and the direct replies to a post, by their ids.

Whoever opens a thread finds what it missed here (FEP-7888, FEP-f228), and asks each post of its own node.
One document holds all of them: Lemmy reads no pages.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from activitypub.vocab.write import CONTEXT
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.negotiate import row_id_in
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from fedcop.uris import context_of, replies_of
from storage import actors, posts, threads
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM, Viewer


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [Route("/posts/{row_id}/context", context), Route("/posts/{row_id}/replies", replies)]


async def context(request: Request) -> Response:
    """Give the thread that a post of ours began, as far as whoever asks may see it."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    return negotiate.document(await node.store.read(_context, viewer, PostId(row_id_in(request))))


async def replies(request: Request) -> Response:
    """Give the direct replies to a post of ours, as far as whoever asks may see them."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    return negotiate.document(await node.store.read(_replies, viewer, PostId(row_id_in(request))))


async def _context(read: Reader, viewer: Viewer, post_id: PostId) -> Json:
    root = await _ours(read, viewer, post_id)
    if root.root_id != root.id:
        raise NotFound(f"{root.uri} began no thread")
    owner = await actors.find(read, SYSTEM, root.community_id or root.author_id)
    document = _collection(context_of(root.uri), await threads.uris(read, viewer, root.id))
    return document | ({"attributedTo": owner.uri} if owner is not None else {})


async def _replies(read: Reader, viewer: Viewer, post_id: PostId) -> Json:
    post = await _ours(read, viewer, post_id)
    return _collection(replies_of(post.uri), await threads.reply_uris(read, viewer, post.id))


async def _ours(read: Reader, viewer: Viewer, post_id: PostId) -> Post:
    """Give a post of ours that a viewer may see; a removed one still has its place in the thread."""
    post = await posts.find(read, viewer, post_id)
    if post is None or not post.local:
        raise NotFound("there is no such post")
    return post


def _collection(uri: str, items: list[str]) -> Json:
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
    }
