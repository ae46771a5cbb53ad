"""Pictures of posts for members, to the nodes of members: by a signed request (decision 26).

The address is that of the same picture for people, whose right is in a seal or a session: a request without a
signature is left to the door for people.
"""

import contextlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from activitypub.errors import RemoteFault
from fedcop import fetch, uris
from fedcop.errors import NotFound, Refusal
from fedcop.federation import negotiate
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import actors, media, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import MediaId
from storage.media import Media
from storage.visible import SYSTEM, Viewer


class SignedRoute(Route):
    """A route that is there only for requests with a signature."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as any route does, unless nothing is signed."""
        match, found = super().matches(scope)
        if match is not Match.NONE and not any(name == b"signature" for name, _ in scope["headers"]):
            return Match.NONE, {}
        return match, found


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [SignedRoute("/media/{media_id}/original", show)]


async def show(request: Request) -> Response:
    """Give a picture of a post of ours to a node that may see the post, or that has a member beside ours."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    number = uris.row_id_in(request.path_params["media_id"])
    media_id = MediaId(number or 0)
    community = await node.store.read(_community_elsewhere, media_id)
    if community is not None:
        # Its own node says who belongs to it, and is asked again before a picture goes out on an old word.
        with contextlib.suppress(RemoteFault, Refusal):
            await fetch.members(node, community)
    held = await node.store.read(_find, viewer, media_id)
    path = Path(node.config.media.folder) / (held.name or "" if held is not None else "")
    if held is None or not path.is_file():
        raise NotFound("no such picture")
    return FileResponse(path, media_type=held.media_type, headers=negotiate.PRIVATE)


async def _find(read: Reader, viewer: Viewer, media_id: MediaId) -> Media | None:
    """Give a file of ours; those of others their own nodes give."""
    held = await media.find(read, viewer, media_id)
    return held if held is not None and held.remote_url is None else None


async def _community_elsewhere(read: Reader, media_id: MediaId) -> Actor | None:
    """Give the community of another node whose members a picture of ours is for."""
    held = await media.find(read, SYSTEM, media_id)
    post = await posts.find(read, SYSTEM, held.post_id) if held is not None and held.post_id else None
    if post is None or post.audience != "members" or post.community_id is None:
        return None
    community = await actors.find(read, SYSTEM, post.community_id)
    return community if community is not None and not community.local else None
