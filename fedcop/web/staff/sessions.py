"""``/settings/sessions``: which applications may act for a person, each to be ended, and other browsers."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.errors import NotPermitted
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, session
from storage import oauth, sessions

HERE = "/settings/sessions"


async def show(request: Request) -> Response:
    """List the applications; whoever is not signed in signs in first."""
    node: Node = request.app.state.node
    signed_in = await session.find(request)
    if signed_in is None:
        return RedirectResponse(f"/sign-in?next={HERE}", 302)
    listed = await node.store.read(oauth.authorized, signed_in.actor.id)
    response = page.answer(
        request, "staff/sessions.html", listed=listed, signed_in=signed_in, csrf=signed_in.session.csrf
    )
    response.headers["cache-control"] = "no-store"
    return response


async def end(request: Request) -> Response:
    """End what one application may do, or the sessions of all other browsers."""
    node: Node = request.app.state.node
    form = await session.form_of(request)
    signed_in = await session.find(request)
    if signed_in is None:
        raise NotPermitted("Your session has ended; sign in again.")
    session.ensure_csrf(form, signed_in)
    token_id = row_id_in(form.get("token", ""))
    if token_id is not None:
        await node.store.write(oauth.revoke_own, signed_in.actor.id, token_id)
    else:
        await node.store.write(sessions.end_others, signed_in.actor.id, signed_in.session.csrf)
    return RedirectResponse(HERE, 303)


ROUTES = [Route(HERE, show), Route(HERE, end, methods=["POST"])]
