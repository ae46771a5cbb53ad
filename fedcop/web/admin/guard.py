"""Who may open the pages of admins, and who has to say again that it is them.

    signed_in = await guard.admin(request)              to read
    signed_in, form = await guard.posted(request)       to change something
    Route(..., guard.grave(change), methods=["POST"])   to change what is grave

What is grave wants a password given within a quarter of an hour: a browser left alone cannot do it. Who is
asked for it loses nothing that they typed. The right password begins a new session in place of the old one.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fedcop.actions import account as accounts
from fedcop.actions.account import Session
from fedcop.errors import NotPermitted, NotSignedIn, Refusal, TooMany
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import sessions

SURE_FOR: Final = timedelta(minutes=15)
PASSWORD: Final = "confirm_password"  # noqa: S105 - the name of a field

Form = dict[str, str]
Change = Callable[[Request, SignedIn, Form], Awaitable[Response]]


async def admin(request: Request) -> SignedIn:
    """Give the admin who asks; raise ``NotPermitted`` for anybody else."""
    signed_in = await session.ensure(request)
    _ensure_admin(signed_in)
    return signed_in


async def posted(request: Request, *, longest: int = session.FORMS_MOST) -> tuple[SignedIn, Form]:
    """Give the admin who sent a form, and its fields."""
    signed_in, form = await session.posted(request, longest=longest)
    _ensure_admin(signed_in)
    return signed_in, form


def grave(change: Change, *, longest: int = session.FORMS_MOST) -> Callable[[Request], Awaitable[Response]]:
    """Give the handler of a form that only who is surely an admin may send."""

    async def guarded(request: Request) -> Response:
        node: Node = request.app.state.node
        signed_in, form = await posted(request, longest=longest)
        password = form.pop(PASSWORD, None)
        if node.clock.now() - signed_in.session.created_at < SURE_FOR:
            return await change(request, signed_in, form)
        if password is None:
            return _ask(request, form)
        try:
            begun = await accounts.sign_in(
                node, signed_in.actor.handle, password, address=session.address_of(request)
            )
        except (NotSignedIn, NotPermitted, TooMany) as refusal:
            return _ask(request, form, refusal)
        return await _as_new(request, signed_in, form, begun, change)

    return guarded


async def _as_new(
    request: Request, signed_in: SignedIn, form: Form, begun: Session, change: Change
) -> Response:
    """Do it in the new session; if that is refused, the browser stays in the old one."""
    node: Node = request.app.state.node
    held = await node.store.read(sessions.find, accounts.hash_of(begun.secret), node.clock.now())
    assert held is not None, "it has just begun"
    renewed = SignedIn(session=held, actor=signed_in.actor)
    request.state.signed_in = renewed
    try:
        response = await change(request, renewed, form)
    except Refusal:
        await node.store.write(sessions.end, accounts.hash_of(begun.secret))
        raise
    await session.end(request, response)
    return session.begin(response, node, begun)


def _ask(request: Request, form: Form, refusal: Refusal | None = None) -> Response:
    speech = text.of(page.language_of(request))
    kept = {name: value for name, value in form.items() if name != "csrf"}
    return page.answer(
        request,
        "admin/confirm.html",
        status=403 if refusal is None or refusal.status == 401 else refusal.status,
        kept=kept,
        here="/admin",
        faults=speech.faults(refusal, PASSWORD) if refusal else {},
    )


def _ensure_admin(signed_in: SignedIn) -> None:
    if not signed_in.session.admin:
        raise NotPermitted("only administrators may open this page")
