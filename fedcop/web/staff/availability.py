"""``/settings/questions``: whether somebody may be asked what they may know, and which days they are away."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import respond
from fedcop.errors import Invalid
from fedcop.node import Node
from fedcop.web import page, session, text
from storage import availability
from storage.availability import Availability

HERE: Final = "/settings/questions"


async def show(request: Request) -> Response:
    """Show what somebody said, with a form to say otherwise."""
    await session.ensure(request)
    return await _page(request)


async def _page(
    request: Request, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    held = await node.store.read(availability.find, signed_in.actor.id)
    return page.answer(
        request,
        "staff/availability.html",
        status=422 if faults else 200,
        held=held,
        done="done" in request.query_params,
        typed=typed or {},
        faults=faults or {},
    )


async def save(request: Request) -> Response:
    """Keep what somebody says."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    try:
        new = Availability(
            signed_in.actor.id,
            None if form.get("asks") == "yes" else node.clock.now(),
            _day(form, "away_from"),
            _day(form, "away_until"),
        )
        await respond.set_availability(node, new)
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "away_until")
        return await _page(request, typed=form, faults=faults)
    return RedirectResponse(f"{HERE}?done", 303)


def _day(form: dict[str, str], name: str) -> date | None:
    said = form.get(name, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Invalid(**{name: "is no day; wanted one such as 2026-06-14"}) from None


ROUTES = [Route(HERE, show), Route(HERE, save, methods=["POST"])]
