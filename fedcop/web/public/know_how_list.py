"""``/communities/NAME/know-how``: what a community knows, and to its facilitators what they are making."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page, reader
from storage import communities, know_how_drafts, knowhow, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId
from storage.know_how_drafts import KnowHowDraft
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer

MOST_DRAFTS = 50


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    community: Actor
    notes: list[PostView]
    drafts: list[KnowHowDraft]


async def show(request: Request) -> Response:
    """List the notes of a community, the latest first; strangers see those of public ones of this node."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    actor = await reader.actor_at(request, viewer, request.path_params["name"])
    wanted = reader.page_of(request)
    shown = None
    if actor is not None and actor.type == "Group":
        shown = await node.store.read(_shown, viewer, actor, wanted)
    if shown is None:
        raise NotFound("no such community")
    older = reader.older(shown.notes, wanted)
    return page.answer(request, "public/know_how_list.html", shown=shown, older=older, now=node.clock.now())


async def _shown(read: Reader, viewer: Viewer, actor: Actor, wanted: Page) -> Shown | None:
    found = await communities.find(read, viewer, actor.id)
    if viewer.kind != "person" and (found is None or found.visibility != "public"):
        return None
    ids = await knowhow.in_community(read, viewer, actor.id, wanted)
    drafts = []
    if viewer.kind == "person":
        drafts = await know_how_drafts.of_community(read, viewer, actor.id, limit=MOST_DRAFTS)
    return Shown(
        community=actor,
        notes=await views.views(read, viewer, [EntryId(post_id) for post_id in ids]),
        drafts=drafts,
    )


ROUTES = [Route("/communities/{name}/know-how", show)]
