"""``/admin/communities``: the communities of this node: opened, with a facilitator, and closed."""

from collections.abc import Mapping
from typing import Final, cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import community as action
from fedcop.actions.community import JoinMode, Visibility
from fedcop.errors import Invalid, NotFound, PeerTrouble
from fedcop.node import Node
from fedcop.web import page, text
from fedcop.web.admin import guard
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn
from storage import communities, holds, visible
from storage.actors import Actor

HERE: Final = "/admin/communities"


async def show(request: Request) -> Response:
    """List them, with a form to open one."""
    await guard.admin(request)
    return await _list(request)


async def _list(
    request: Request, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    node: Node = request.app.state.node
    held = await node.store.scan(holds.all_of)
    return page.answer(
        request,
        "admin/communities.html",
        status=422 if faults else 200,
        communities=await node.store.read(communities.all_local, visible.SYSTEM),
        on_hold={one.uri for one in held if one.kind == "community"},
        done=request.query_params.get("done", ""),
        typed=typed or {},
        faults=faults or {},
    )


async def open_one(request: Request) -> Response:
    """Open a community."""
    node: Node = request.app.state.node
    signed_in, form = await guard.posted(request)
    try:
        opened = await _opened(node, form, signed_in.actor.handle)
    except (Invalid, NotFound, PeerTrouble) as refusal:
        missing = "slug" if isinstance(refusal, Invalid) else "facilitator"
        faults = text.of(page.language_of(request)).faults(refusal, missing)
        return await _list(request, typed=form, faults=_as_here(faults))
    return RedirectResponse(f"/communities/{opened.handle}", 303)


async def _opened(node: Node, form: Form, by: str) -> Actor:
    join, visibility = form.get("join", ""), form.get("visibility", "")
    if join not in get_args(JoinMode):
        raise Invalid(join="choose how people join")
    if visibility not in get_args(Visibility):
        raise Invalid(visibility="choose who reads")
    return await action.open_community(
        node,
        form.get("slug", "").strip().lower(),
        name=form.get("name", "").strip(),
        summary=form.get("summary", "").strip(),
        facilitator=await action.find_person(node, form.get("facilitator", "")),
        join_mode=cast(JoinMode, join),
        visibility=cast(Visibility, visibility),
        by=by,
    )


def _as_here(faults: dict[str, str]) -> dict[str, str]:
    """Name the fields as this form does: the actions call the end of an address a handle."""
    return {{"handle": "slug", "display_name": "name"}.get(name, name): said for name, said in faults.items()}


async def close(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Close a community for good."""
    await action.close(request.app.state.node, request.path_params["slug"], by=signed_in.actor.handle)
    return RedirectResponse(f"{HERE}?done=closed", 303)


async def ask(request: Request) -> Response:
    """Ask whether to close a community."""
    node: Node = request.app.state.node
    await guard.admin(request)
    listed = await node.store.read(communities.all_local, visible.SYSTEM)
    found = next((one for one in listed if one.slug == request.path_params["slug"]), None)
    if found is None:
        raise NotFound("no such community")
    return page.answer(request, "admin/community_close.html", community=found)


ROUTES = [
    Route(HERE, show),
    Route(HERE, open_one, methods=["POST"]),
    Route(f"{HERE}/{{slug}}/close", ask),
    Route(f"{HERE}/{{slug}}/close", guard.grave(close), methods=["POST"]),
]
