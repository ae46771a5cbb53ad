"""``/communities/NAME``: a community and its newest threads, for people.

Somebody signed in reads those of other councils there too, as ``/communities/NAME@HOST``, joins and leaves.
"""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import follow
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page, reader, session
from storage import communities, follows, timelines, views
from storage.actors import Actor
from storage.engine import Reader
from storage.follows import Relationship
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows; ``standing`` is how the reader stands to it, None for a stranger."""

    community: Actor
    join_mode: str
    closed: bool
    members_only: bool
    standing: Relationship | None
    facilitators: list[Actor]
    facilitates: bool
    pinned: list[PostView]
    threads: list[PostView]


async def show(request: Request) -> Response:
    """Show a community; to strangers a public one of this node."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    actor = await reader.actor_at(request, viewer, request.path_params["name"])
    wanted = reader.page_of(request)
    shown = None
    if actor is not None and actor.type == "Group":
        shown = await node.store.read(_shown, viewer, actor, wanted, node.clock.now())
    if shown is None or (shown.members_only and viewer.kind != "person"):
        raise NotFound("no such community")
    return page.answer(
        request, "public/community.html", shown=shown, older=reader.older(shown.threads, wanted)
    )


async def _shown(read: Reader, viewer: Viewer, actor: Actor, page: Page, now: datetime) -> Shown | None:
    found = await communities.find(read, viewer, actor.id)
    if found is None and actor.local:
        return None
    # How one joins a community of another council its node does not say; that it decides, its actor does.
    join_mode = found.join_mode if found else "approval" if actor.approves else "open"
    standing = None
    if viewer.kind == "person":
        standing = next(iter(await follows.relationships(read, viewer, viewer.actor, [actor.id], now)), None)
    facilitators = await communities.facilitators_of(read, viewer, actor.id)
    pinned = await timelines.account(read, viewer, actor, Page(limit=page.limit), pinned=True)
    threads = await timelines.account(read, viewer, actor, page, exclude_replies=True)
    return Shown(
        community=actor,
        join_mode=join_mode,
        closed=found is not None and found.closed_at is not None,
        members_only=actor.approves if found is None else found.visibility != "public",
        standing=standing,
        facilitators=facilitators,
        facilitates=actor.local and any(one.id == viewer.actor for one in facilitators),
        pinned=[] if page.max_id else await views.views(read, viewer, pinned),
        threads=await views.views(read, viewer, threads),
    )


async def change(request: Request) -> Response:
    """Let somebody join, or leave."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    viewer = await reader.of(request)
    actor = await reader.actor_at(request, viewer, request.path_params["name"])
    if actor is None or actor.type != "Group":
        raise NotFound("no such community")
    if form.get("do") == "leave":
        await follow.unfollow(node, signed_in.actor, actor)
    else:
        await follow.follow(node, signed_in.actor, actor)
    return RedirectResponse(request.url.path, 303)


ROUTES = [Route("/communities/{name}", show), Route("/communities/{name}", change, methods=["POST"])]
