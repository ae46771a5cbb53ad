"""``/admin/list/import``: a whole list at once: shown first with what it would cut off, then taken or not."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import allowlist
from fedcop.errors import Invalid
from fedcop.node import Node
from fedcop.web import page, text
from fedcop.web.admin import guard
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn

HERE: Final = "/admin/list/import"
LONGEST: Final = 1_000_000
MOST_SHOWN: Final = 100


async def show(request: Request) -> Response:
    """Ask for a list."""
    await guard.admin(request)
    return _ask(request)


def _ask(
    request: Request, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    status = 422 if faults else 200
    return page.answer(
        request, "admin/list_import.html", status=status, typed=typed or {}, faults=faults or {}, here=HERE
    )


async def look(request: Request) -> Response:
    """Show what a list would change and cut off; nothing is changed yet."""
    signed_in, form = await guard.posted(request, longest=LONGEST)
    return await _import(request, signed_in, form, dry_run=True)


async def take(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Take a list, and show what ended with it."""
    return await _import(request, signed_in, form, dry_run=False)


async def _import(request: Request, signed_in: SignedIn, form: Form, *, dry_run: bool) -> Response:
    node: Node = request.app.state.node
    speech = text.of(page.language_of(request))
    if not form.get("list", "").strip():
        return _ask(request, form, {"list": speech.refusal("can't be blank")})
    try:
        done = await allowlist.import_list(
            node, form["list"], by=signed_in.actor.handle, dry_run=dry_run, source="import"
        )
    except Invalid as refusal:
        return _ask(request, form, speech.faults(refusal, "list"))
    return page.answer(
        request,
        "admin/list_imported.html",
        done=done,
        dry_run=dry_run,
        most=MOST_SHOWN,
        list=form["list"],
        here=HERE,
    )


ROUTES = [
    Route(HERE, show),
    Route(HERE, look, methods=["POST"]),
    Route(f"{HERE}/take", guard.grave(take, longest=LONGEST), methods=["POST"]),
]
