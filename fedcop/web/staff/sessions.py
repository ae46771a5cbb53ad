"""``/settings/sessions``: which applications may act for a person, each to be ended, and other browsers."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, session
from storage import oauth, sessions

HERE = "/settings/sessions"


async def show(request: Request) -> Response:
    """List the applications; whoever is not signed in signs in first."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    listed = await node.store.read(oauth.authorized, signed_in.actor.id)
    return page.answer(request, "staff/sessions.html", listed=listed)


async def end(request: Request) -> Response:
    """End what one application may do, or the sessions of all other browsers."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    token_id = row_id_in(form.get("token", ""))
    if token_id is not None:
        await node.store.write(oauth.revoke_own, signed_in.actor.id, token_id)
    else:
        await node.store.write(sessions.end_others, signed_in.actor.id, signed_in.session.csrf)
    return RedirectResponse(HERE, 303)


ROUTES = [Route(HERE, show), Route(HERE, end, methods=["POST"])]
