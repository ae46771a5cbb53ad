"""``/know-how/ID``: what a thread taught, with the people behind it; public where its community is.

Whoever is signed in says that they used it, asks the people behind it, and reads those of other councils.
"""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import knowhow as action
from fedcop.as2.knowhow import COUNCILS_ONLY, OPEN_GOVERNMENT
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy import membership
from fedcop.web import page, reader, session
from storage import actors, knowhow, posts, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.knowhow import Source
from storage.posts import Revision
from storage.views import PostView
from storage.visible import SYSTEM, Viewer

LICENCES: Final = {OPEN_GOVERNMENT: "open_government", COUNCILS_ONLY: "councils_only"}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows; ``others`` is how many people are named without a reason to believe it."""

    view: PostView
    people: list[Actor]
    others: int
    sources: list[Source]
    versions: list[Revision]
    used: bool
    may_change: bool


async def show(request: Request) -> Response:
    """Show a note; one that went on as another leads there."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    post_id = _id_in(request)
    shown = await node.store.read(_shown, node, viewer, post_id)
    if shown is None:
        heir = await node.store.read(knowhow.heir, post_id)
        if heir is None:
            raise NotFound("no such know-how")
        return RedirectResponse(f"/know-how/{heir}", 301)
    named = " ".join(f"@{one.handle}@{one.domain}" for one in shown.people if one.id != viewer.actor)
    known = shown.view.know_how
    return page.answer(
        request,
        "public/know_how.html",
        shown=shown,
        licence=LICENCES.get(known.licence, "") if known else "",
        overdue=bool(known and known.review_at and known.review_at < node.clock.now()),
        may_ask=viewer.kind == "person" and not shown.view.post.locked,
        typed={"text": f"{named} " if named else ""},
    )


def _id_in(request: Request) -> PostId:
    post_id = uris.row_id_in(request.path_params["post_id"])
    if post_id is None:
        raise NotFound("no such know-how")
    return PostId(post_id)


async def _shown(read: Reader, node: Node, viewer: Viewer, post_id: PostId) -> Shown | None:
    view = await views.post_view(read, viewer, post_id)
    if view is None or view.know_how is None or not (viewer.kind == "person" or is_here(node, view)):
        return None
    people = await knowhow.people(read, viewer, post_id)
    versions = await posts.revisions(read, viewer, post_id)
    return Shown(
        view=view,
        people=people,
        others=await knowhow.named_count(read, viewer, post_id) - len(people),
        sources=await knowhow.sources(read, viewer, post_id),
        versions=versions[-2::-1],
        used=viewer.kind == "person" and await knowhow.has_used(read, post_id, viewer.actor),
        may_change=viewer.kind == "person" and await _may_change(read, node, viewer, view),
    )


def is_here(node: Node, view: PostView) -> bool:
    """Tell whether a post is ours to show to strangers: by somebody here, or in a community here."""
    return view.post.local or (view.community is not None and node.uris.is_ours(view.community.uri))


async def _may_change(read: Reader, node: Node, viewer: Viewer, view: PostView) -> bool:
    if not view.post.local or view.author.id == viewer.actor or view.community is None:
        return view.post.local and view.author.id == viewer.actor
    community = await actors.find(read, SYSTEM, view.community.id)
    if community is None:
        return False
    return (await membership.standing_of(read, community, viewer.actor, node.clock.now())).facilitator


async def change(request: Request) -> Response:
    """Say that one used a note, or take that back."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    post_id = _id_in(request)
    if form.get("do") == "unuse":
        await action.unuse(node, signed_in.actor, post_id)
    else:
        await action.use(node, signed_in.actor, post_id)
    return RedirectResponse(f"/know-how/{post_id}", 303)


ROUTES = [Route("/know-how/{post_id}", show), Route("/know-how/{post_id}", change, methods=["POST"])]
