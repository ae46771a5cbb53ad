"""``/communities/SLUG``: a community and its newest threads, for people."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page
from fedcop.web.public import reader
from storage import actors, communities, timelines, views
from storage.actors import Actor
from storage.engine import Reader
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer

SHOWN = 25


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    community: Actor
    join_mode: str
    facilitators: list[Actor]
    threads: list[PostView]


async def show(request: Request) -> Response:
    """Show a public community of this node."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    shown = await node.store.read(_shown, viewer, request.path_params["slug"], node.config.node.domain)
    if shown is None:
        raise NotFound("no such community")
    return page.answer(request, "public/community.html", shown=shown)


async def _shown(read: Reader, viewer: Viewer, slug: str, domain: str) -> Shown | None:
    actor = await actors.find_by_handle(read, viewer, slug, domain)
    found = await communities.find(read, viewer, actor.id) if actor else None
    if actor is None or found is None or not actor.local or found.visibility != "public":
        return None
    entries = await timelines.account(read, viewer, actor, Page(limit=SHOWN))
    return Shown(
        community=actor,
        join_mode=found.join_mode,
        facilitators=await communities.facilitators_of(read, viewer, actor.id),
        threads=await views.views(read, viewer, entries),
    )


ROUTES = [Route("/communities/{slug}", show)]
