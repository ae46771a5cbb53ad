"""Threads as others read them: every post of one, and the direct replies to a post, by their ids.

Whoever opens a thread finds what it missed here (FEP-7888, FEP-f228), and asks each post of its own node. A
long one comes in pages, the oldest posts first (federation.md 4.4, 4.5).

Of a thread that only the members of a community read no post is given by its id. Its community gives all of
it to their nodes as it was passed on, each activity with its proof (decision 9).
"""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.discovery import followers_sync
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

PAGE = 100


class _Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a collection, as far as somebody may see it; ``more`` says whose it is."""

    uri: str
    uris: list[str]
    more: Json


def routes() -> list[Route]:
    """Give the routes of this file."""
    listings = [
        Route(f"{base}/{name}{page}", listing)
        for base in ("/posts/{row_id}", "/know-how/{row_id}")
        for name, listing in (("context", context), ("replies", replies))
        for page in ("", "/{number:int}")
    ]
    return [
        *listings,
        Route("/communities/{handle}/threads/{row_id}", passed_on),
    ]


async def context(request: Request) -> Response:
    """Give the thread that a post of ours began, as far as whoever asks may see it."""
    return await _answer(request, _context)


async def replies(request: Request) -> Response:
    """Give the direct replies to a post of ours, as far as whoever asks may see them."""
    return await _answer(request, _replies)


async def _answer(
    request: Request, list_: Callable[[Reader, Viewer, PostId], Awaitable[_Listing]]
) -> Response:
    """Answer with a collection or one of its pages; 304 to whoever holds the very same ids.

    The tag is the digest of the ids, as NodeBB makes it of those that it has (FEP-8fcf).
    """
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    found = await node.store.read(list_, viewer, PostId(row_id_in(request)))
    number = request.path_params.get("number")
    document = _whole(found) if number is None else _page(found, number)
    tag = f'"{followers_sync.digest_of(found.uris)}"'
    headers = {**negotiate.PRIVATE, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return negotiate.document(document, headers=headers)


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


async def _context(read: Reader, viewer: Viewer, post_id: PostId) -> _Listing:
    root = await _ours(read, viewer, post_id)
    if root.root_id != root.id:
        raise NotFound(f"{root.uri} began no thread")
    owner = await actors.find(read, SYSTEM, root.community_id or root.author_id)
    more: Json = {"attributedTo": owner.uri} if owner is not None else {}
    if owner is not None and root.community_id is not None:
        more["audience"] = owner.uri
    return _Listing(uri=context_of(root.uri), uris=await threads.uris(read, viewer, root.id), more=more)


async def _replies(read: Reader, viewer: Viewer, post_id: PostId) -> _Listing:
    post = await _ours(read, viewer, post_id)
    return _Listing(uri=replies_of(post.uri), uris=await threads.reply_uris(read, viewer, post.id), more={})


def _whole(found: _Listing) -> Json:
    """Give a collection: its ids if they fit into one page, else where the first one is."""
    if len(found.uris) <= PAGE:
        return _collection(found.uri, found.uris) | found.more
    document = _collection(found.uri, found.uris)
    del document["orderedItems"]
    return document | found.more | {"first": f"{found.uri}/1", "last": f"{found.uri}/{_pages(found)}"}


def _page(found: _Listing, number: int) -> Json:
    if not 1 <= number <= _pages(found):
        raise NotFound(f"{found.uri} has no page {number}")
    items = found.uris[(number - 1) * PAGE : number * PAGE]
    document = _collection(f"{found.uri}/{number}", items) | {
        "type": "OrderedCollectionPage",
        "totalItems": len(found.uris),
        "partOf": found.uri,
    }
    return document | ({"next": f"{found.uri}/{number + 1}"} if number < _pages(found) else {})


def _pages(found: _Listing) -> int:
    return max(1, -(-len(found.uris) // PAGE))


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
