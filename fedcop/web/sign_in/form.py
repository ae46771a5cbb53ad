"""``/sign-in`` and ``/sign-out``."""

from collections.abc import Mapping

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import account as accounts
from fedcop.errors import NotPermitted, NotSignedIn, Refusal, TooMany
from fedcop.node import Node
from fedcop.web import page, session, text

HOME = "/"


async def show(request: Request) -> Response:
    """Show the form, or where to go on for whoever is signed in."""
    signed_in = await session.find_any(request)
    if signed_in is not None:
        return RedirectResponse(_after(signed_in.session.state, _next(request.query_params)), 303)
    return _form(request, _next(request.query_params))


async def sign_in(request: Request) -> Response:
    """Begin a session and go on to where the reader wanted to be."""
    node: Node = request.app.state.node
    form = await session.form_of(request)
    wanted = _next(QueryParams(form))
    name, password = form.get("name", ""), form.get("password", "")
    try:
        begun = await accounts.sign_in(node, name, password, address=session.address_of(request))
    except (NotSignedIn, NotPermitted, TooMany) as refusal:
        return _form(request, wanted, typed=form, fault=refusal)
    return session.begin(RedirectResponse(_after(begun.account.state, wanted), 303), node, begun)


async def sign_out(request: Request) -> Response:
    """End the session."""
    form = await session.form_of(request)
    signed_in = await session.find_any(request)
    if signed_in is not None:
        session.ensure_csrf(form, signed_in)
    return await session.end(request, RedirectResponse(_next(QueryParams(form)), 303))


def _form(
    request: Request, wanted: str, *, typed: Mapping[str, str] | None = None, fault: Refusal | None = None
) -> Response:
    # 401 would want a WWW-Authenticate header; a form that was filled in wrongly is a page like any other.
    status = 200 if fault is None else 422 if fault.status == 401 else fault.status
    speech = text.of(page.language_of(request))
    return page.answer(
        request,
        "sign_in/form.html",
        status=status,
        wanted=wanted,
        typed=typed or {},
        faults=speech.faults(fault, "name") if fault else {},
    )


def _after(state: str, wanted: str) -> str:
    """Give where to go on to: somebody suspended goes to their account."""
    return wanted if state == "active" else session.ACCOUNT


def _next(query: QueryParams) -> str:
    """Give the path to go on to: one of ours, never another site's."""
    wanted = query.get("next", "")
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if ours else HOME


ROUTES = [
    Route("/sign-in", show),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
