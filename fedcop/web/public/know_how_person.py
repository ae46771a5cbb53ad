"""``/know-how/drafts/ID/people/PERSON``: what is quoted of somebody, and their word on it.

The link opens by its seal, for who may have no account here; it shows their own words and nobody else's.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import objections
from fedcop.actions.objections import Asked
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.web import page, session, text
from storage.ids import ActorId, RowId

HERE = "/know-how/drafts/{draft_id}/people/{actor_id}"


async def show(request: Request) -> Response:
    """Show what is quoted, and what was said to it."""
    return await _page(request, await _asked(request))


async def answer(request: Request) -> Response:
    """Take somebody's word."""
    node: Node = request.app.state.node
    form = await session.form_of(request)
    asked = await _asked(request)
    try:
        await objections.answer(node, asked, form.get("answer", ""), form.get("reason", ""))
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "answer")
        return await _page(request, asked, status=422, faults=faults, typed=form)
    return RedirectResponse(f"{request.url.path}?{request.url.query}", 303)


async def _asked(request: Request) -> Asked:
    draft_id, actor_id = (uris.row_id_in(request.path_params[name]) for name in ("draft_id", "actor_id"))
    if draft_id is None or actor_id is None:
        raise NotFound("there is no such page")
    seal = request.query_params.get("seal", "")
    return await objections.asked(request.app.state.node, RowId(draft_id), ActorId(actor_id), seal)


async def _page(request: Request, asked: Asked, *, status: int = 200, **more: object) -> Response:
    await session.find(request)
    response = page.answer(request, "public/know_how_person.html", status=status, asked=asked, **more)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


ROUTES = [Route(HERE, show), Route(HERE, answer, methods=["POST"])]
