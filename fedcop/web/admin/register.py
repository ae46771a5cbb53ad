"""``/admin/list/register``: councils of a public register, of which those that are new are proposed."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import register
from fedcop.errors import Invalid
from fedcop.node import Node
from fedcop.web import page, text
from fedcop.web.admin import guard
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn

HERE: Final = "/admin/list/register"
LONGEST: Final = 2_000_000
FILES: Final = ("register", "second")
NATIONS: Final = ("", "England", "Wales", "Scotland", "Northern Ireland")


async def show(request: Request) -> Response:
    """Ask for one register, or for two that belong together."""
    await guard.admin(request)
    return _ask(request)


def _ask(
    request: Request, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    return page.answer(
        request,
        "admin/register.html",
        status=422 if faults else 200,
        nations=NATIONS,
        typed=typed or {},
        faults=faults or {},
        here=HERE,
    )


async def look(request: Request) -> Response:
    """Show which councils would be allowed, and why the others would not; nothing is changed yet."""
    node: Node = request.app.state.node
    _, form = await guard.posted(request, longest=LONGEST)
    try:
        proposals = _proposals(node, form)
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, FILES[0])
        return _ask(request, form, faults)
    return page.answer(
        request,
        "admin/register_look.html",
        new=[one for one in proposals if one.state == "new"],
        others=Counter(one.state for one in proposals if one.state != "new"),
        form=form,
    )


async def take(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Allow those that are new, each with its name as the reason."""
    node: Node = request.app.state.node
    try:
        proposals = _proposals(node, form)
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, FILES[0])
        return _ask(request, form, faults)
    result = await register.accept(node, proposals, by=signed_in.actor.handle)
    allowed = sum(1 for one in proposals if one.state == "new")
    return page.answer(request, "admin/register_done.html", allowed=allowed, result=result, here=HERE)


def _proposals(node: Node, form: Form) -> list[register.Proposal]:
    texts = [form[name] for name in FILES if form.get(name, "").strip()]
    if not texts:
        raise Invalid(register="can't be blank")
    councils = register.read(texts)
    nation = form.get("nation", "")
    return register.propose(node, register.choose(councils, nations=[nation] if nation else []))


ROUTES = [
    Route(HERE, show),
    Route(HERE, look, methods=["POST"]),
    Route(f"{HERE}/take", guard.grave(take, longest=LONGEST), methods=["POST"]),
]
