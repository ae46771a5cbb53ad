"""Threads as others read them: every post of one, and the direct replies to a post, by their ids.

Whoever opens a thread finds what it missed here (FEP-7888, FEP-f228), and asks each post of its own node.
One document holds all of them: Lemmy reads no pages.

Of a thread that only the members of a community read no post is given by its id. Its community gives all of
it to their nodes as it was passed on, each activity with its proof (decision 9).
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from activitypub.vocab.write import AROUND_OTHERS
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.collections import Items, announced
from fedcop.federation.negotiate import row_id_in
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from fedcop.uris import context_of, replies_of, thread_of
from storage import activities, actors, posts, threads
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM, Viewer

# Of one thread at once; whoever missed more than that reads what is newer as it comes.
MOST_PASSED_ON = 500


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [
        Route("/posts/{row_id}/context", context),
        Route("/posts/{row_id}/replies", replies),
        Route("/communities/{handle}/threads/{row_id}", passed_on),
    ]


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


async def passed_on(request: Request) -> Response:
    """Give a thread of a members-only community, as it was passed on, to a node with a member."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    community = node.uris.community(request.path_params["handle"])
    root_id = PostId(row_id_in(request))
    return negotiate.document(await node.store.read(_passed_on, viewer, community, root_id))


async def _passed_on(read: Reader, viewer: Viewer, uri: str, root_id: PostId) -> Json:
    community = await actors.find_by_uri(read, SYSTEM, uri)
    root = await posts.find(read, viewer, root_id)
    if community is None or root is None or root.audience != "members":
        raise NotFound("there is no such thread")
    if root.root_id != root.id or root.community_id != community.id or not community.local:
        raise NotFound("there is no such thread")
    kept = await activities.of_thread(read, viewer, community.id, root.id, MOST_PASSED_ON)
    document = _collection(thread_of(community.uri, root.id), await announced(read, kept))
    return document | {"attributedTo": community.uri}


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


def _collection(uri: str, items: Items | list[str]) -> Json:
    return {
        "@context": AROUND_OTHERS,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
    }
