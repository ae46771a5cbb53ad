"""``/admin/retention``: what goes when it has had its time, and what is on hold and stays."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import hold, retention
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, text
from fedcop.web.admin import guard
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn
from storage import holds

HERE: Final = "/admin/retention"


async def show(request: Request) -> Response:
    """Show the rules, what would go by them now, and the holds, with a form to place one."""
    await guard.admin(request)
    return await _page(request)


async def _page(
    request: Request, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    node: Node = request.app.state.node
    about = request.query_params.get("about", "")
    return page.answer(
        request,
        "admin/retention.html",
        status=422 if faults else 200,
        rules=node.config.retention,
        due=await retention.due(node),
        held=await node.store.scan(holds.all_of),
        done=request.query_params.get("done", ""),
        typed=typed or {"about": about},
        faults=faults or {},
    )


async def place(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Put something on hold."""
    node: Node = request.app.state.node
    try:
        await hold.place(
            node, form.get("about", ""), reason=form.get("reason", ""), by=signed_in.actor.handle
        )
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "about")
        return await _page(request, typed=form, faults=faults)
    return RedirectResponse(f"{HERE}?done=held", 303)


async def ask(request: Request) -> Response:
    """Ask why a hold is to be lifted."""
    await guard.admin(request)
    return await _ask(request)


async def _ask(request: Request, *, faults: Mapping[str, str] | None = None) -> Response:
    node: Node = request.app.state.node
    kind, target_id = _named(request)
    held = await node.store.read(holds.find, kind, target_id)
    if held is None:
        raise NotFound("no such hold")
    return page.answer(
        request, "admin/hold_lift.html", status=422 if faults else 200, held=held, faults=faults or {}
    )


async def lift(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """End a hold: what waited for it goes."""
    kind, target_id = _named(request)
    try:
        await hold.lift(
            request.app.state.node,
            kind,
            target_id,
            reason=form.get("reason", ""),
            by=signed_in.actor.handle,
        )
    except Invalid as refusal:
        return await _ask(request, faults=text.of(page.language_of(request)).faults(refusal, "reason"))
    return RedirectResponse(f"{HERE}?done=lifted", 303)


def _named(request: Request) -> tuple[str, int]:
    return request.path_params["kind"], row_id_in(request.path_params["target"]) or 0


ROUTES = [
    Route(HERE, show),
    Route(HERE, guard.grave(place), methods=["POST"]),
    Route(f"{HERE}/{{kind}}/{{target}}", ask),
    Route(f"{HERE}/{{kind}}/{{target}}", guard.grave(lift), methods=["POST"]),
]
