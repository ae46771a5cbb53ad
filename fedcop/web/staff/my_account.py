"""``/settings/account``: how one's account stands, and its end; all that somebody suspended may open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import leave, report
from fedcop.errors import Invalid, NotSignedIn, Refusal, TooMany
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import audit, erasures, reports, visible
from storage.actors import Actor
from storage.engine import Reader

HERE: Final = session.ACCOUNT
LOOKED_THROUGH: Final = 50


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Since when and why somebody is suspended, whether they asked for erasure, whether an appeal waits."""

    since: datetime | None
    reason: str
    erasing: bool
    appealed: bool


async def show(request: Request) -> Response:
    """Show the account of whoever is signed in."""
    return await _page(request, await session.ensure_any(request))


async def _page(
    request: Request,
    signed_in: SignedIn,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    node: Node = request.app.state.node
    return page.answer(
        request,
        "staff/my_account.html",
        status=422 if faults else 200,
        shown=await node.store.read(_shown, signed_in.actor),
        suspended=signed_in.session.state != "active",
        done=request.query_params.get("done", ""),
        typed=typed or {},
        faults=faults or {},
        here=HERE,
    )


async def _shown(read: Reader, me: Actor) -> Shown:
    decisions = await audit.about(read, me.uri, limit=LOOKED_THROUGH)
    last = next((one for one in decisions if one.verb.endswith(" suspend")), None)
    return Shown(
        since=last.at if last else None,
        reason=(last.reason or "") if last else "",
        erasing=await erasures.find(read, me.handle) is not None,
        appealed=await reports.has_open(read, visible.person(me.id), me.id),
    )


async def appeal(request: Request) -> Response:
    """Tell the admins that a suspension is not right."""
    signed_in, form = await session.posted_by_any(request)
    try:
        await report.appeal(request.app.state.node, signed_in.actor, form.get("appeal", ""))
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "appeal")
        return await _page(request, signed_in, typed=form, faults=faults)
    return RedirectResponse(f"{HERE}?done=appealed", 303)


async def delete(request: Request) -> Response:
    """Delete whoever asks for it with their password, and say what becomes of it."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted_by_any(request)
    try:
        erased = await leave.delete_oneself(node, signed_in.actor, form.get("password", ""))
    except (NotSignedIn, TooMany) as refusal:
        return await _page(request, signed_in, faults=_as_here(request, refusal))
    request.state.signed_in = None
    return await session.end(
        request, page.answer(request, "staff/deleted.html", erased=erased, here="/sign-in")
    )


def _as_here(request: Request, refusal: Refusal) -> dict[str, str]:
    """Name the field as this form does."""
    return text.of(page.language_of(request)).faults(refusal, "password")


ROUTES = [
    Route(HERE, show),
    Route(f"{HERE}/appeal", appeal, methods=["POST"]),
    Route(f"{HERE}/delete", delete, methods=["POST"]),
]
