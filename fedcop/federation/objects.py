"""Posts and activities by their ids, for whoever may see them.

What only the members of a community read is given by its id to that community's node and to no other, not
even to one with a member: those have it from the community, with its proof (decision 9).
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from fedcop.actions import announce
from fedcop.as2 import quotes as as2_quotes
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.negotiate import DocumentRoute, row_id_in
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import activities, actors, copies, peers, posts, quotes
from storage.activities import Kept
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM, Viewer


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A post of ours, and its document as it last went out; a removed one has none."""

    post: Post
    document: Json | None


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [
        DocumentRoute("/posts/{row_id}", post),
        DocumentRoute("/know-how/{row_id}", post),
        Route("/activities/{row_id}", activity),
        Route("/quotes/{row_id}", stamp),
    ]


async def post(request: Request) -> Response:
    """Give a post of ours, know-how too; 410 when it was removed, 404 when whoever asks may not see it."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    post_id = PostId(row_id_in(request))
    found = await node.store.read(_find, viewer, post_id)
    if found is None or found.post.uri != node.config.node.base_url + request.url.path:
        raise NotFound("there is no such post")
    if found.post.removed_at is not None:
        return negotiate.tombstone(found.post.uri, found.post.type, found.post.removed_at)
    if found.document is None:
        raise NotFound("there is no such post")
    if viewer.kind == "node":
        await node.store.write(copies.fetched, found.post.uri, viewer.host)
    return negotiate.document(found.document)


async def _find(read: Reader, viewer: Viewer, post_id: PostId) -> Found | None:
    """Give a post that a viewer may see; that one was removed anybody may know, if it was for everybody."""
    found = await posts.find(read, viewer, post_id)
    if found is None or not found.local or not await _is_given(read, viewer, found):
        return None
    return Found(post=found, document=await document_of(read, post_id))


async def _is_given(read: Reader, viewer: Viewer, post: Post) -> bool:
    if post.audience != "members":
        return True
    community = await actors.find(read, SYSTEM, post.community_id) if post.community_id else None
    return community is not None and community.host == viewer.host


async def document_of(read: Reader, post_id: PostId) -> Json | None:
    """Give a post's document out of the last Create or Update that was kept of it."""
    held = [one for one in await activities.of_post(read, post_id) if one.type in ("Create", "Update")]
    if not held:
        return None
    whole: Json = msgspec.json.decode(held[-1].body)
    inner: Json = whole["object"]
    return {"@context": whole["@context"]} | inner


async def stamp(request: Request) -> Response:
    """Give our word that a post may quote one of ours (FEP-044f), while that post stands."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    row_id = row_id_in(request)
    found = await node.store.read(quotes.find_stamp, viewer, row_id)
    if found is None:
        raise NotFound("there is no such authorization")
    return negotiate.document(as2_quotes.authorization_of(node.uris.quote_stamp(row_id), found))


async def activity(request: Request) -> Response:
    """Give an activity of ours to a peer that understands communities; to any other there is none.

    Mastodon would fetch the Create in a community's Announce and show each reply as a boost (decision 5).
    """
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    body = await node.store.read(_activity, viewer, node.uris.activity(row_id_in(request)))
    if body is None:
        raise NotFound("there is no such activity")
    return negotiate.document(body)


async def _activity(read: Reader, viewer: Viewer, uri: str) -> bytes | None:
    peer = await peers.find(read, viewer.host) if viewer.kind == "node" else None
    if peer is None or peer.kind != "group":
        return None
    kept = await activities.find(read, uri)
    if kept is not None:
        return kept.body if await _may_see(read, viewer, kept) else None
    kept = await activities.by_wrapper(read, uri)
    if kept is not None and kept.wrapped_by == uri and await _may_see(read, viewer, kept):
        return await wrapped(read, kept)
    return None


async def _may_see(read: Reader, viewer: Viewer, kept: Kept) -> bool:
    if kept.post_id is None:
        return kept.audience in ("public", "unlisted")
    post = await posts.find(read, viewer, kept.post_id)
    return post is not None and await _is_given(read, viewer, post)


async def wrapped(read: Reader, kept: Kept) -> bytes | None:
    """Give the Announce by which a community of ours passed an activity on, as it went out."""
    community = await actors.find(read, SYSTEM, kept.community_id) if kept.community_id else None
    if community is None or kept.wrapped_by is None:
        return None
    post = await posts.find(read, SYSTEM, kept.post_id) if kept.post_id and kept.type == "Create" else None
    begun_by = post.id if post is not None and post.in_reply_to is None else None
    return announce.whole(community, kept.wrapped_by, kept.body, at=kept.at, begun_by=begun_by)
