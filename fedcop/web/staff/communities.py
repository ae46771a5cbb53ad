"""``/communities``: the communities of this node, and those elsewhere that a person belongs to."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.web import page, reader
from storage import communities, memberships
from storage.actors import Actor
from storage.communities import CommunityView
from storage.engine import Reader
from storage.visible import Viewer


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    here: list[CommunityView]
    elsewhere: list[Actor]


async def show(request: Request) -> Response:
    """List them; strangers see the public ones of this node, where pages are public."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    shown = await node.store.read(_shown, viewer)
    return page.answer(request, "staff/communities.html", shown=shown)


async def _shown(read: Reader, viewer: Viewer) -> Shown:
    here = await communities.all_local(read, viewer)
    if viewer.kind != "person":
        return Shown(here=[one for one in here if one.visibility == "public"], elsewhere=[])
    joined = await memberships.joined(read, viewer, viewer.actor)
    return Shown(here=here, elsewhere=[one for one in joined if not one.local])


ROUTES = [Route("/communities", show)]
