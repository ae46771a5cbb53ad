"""``/admin/knocks``: nodes that were refused, with who they say they are, until somebody decides."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import knock
from fedcop.node import Node
from fedcop.web import page
from fedcop.web.admin import guard
from storage import knocks

HERE: Final = "/admin/knocks"


async def show(request: Request) -> Response:
    """Show who waits, the latest first."""
    node: Node = request.app.state.node
    await guard.admin(request)
    waiting = await node.store.read(knocks.waiting)
    return page.answer(request, "admin/knocks.html", waiting=waiting)


async def dismiss(request: Request) -> Response:
    """Show a node no more; to allow or deny it leads through the list, which shows what follows."""
    signed_in, form = await guard.posted(request)
    await knock.dismiss(request.app.state.node, form.get("host", ""), by=signed_in.actor.handle)
    return RedirectResponse(HERE, 303)


ROUTES = [Route(HERE, show), Route(HERE, dismiss, methods=["POST"])]
