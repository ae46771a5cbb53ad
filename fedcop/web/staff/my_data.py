"""``/settings/data``: all that this node holds of a person, to be asked for and taken away."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import archive as action
from fedcop.node import Node
from fedcop.web import page, session
from storage import archives

HERE: Final = "/settings/data"


async def show(request: Request) -> Response:
    """Show whether there is an archive, is being made, or can be asked for."""
    node: Node = request.app.state.node
    signed_in = await session.ensure_any(request)
    held = await node.store.read(archives.find, signed_in.actor.id)
    now = node.clock.now()
    ready = held is not None and held.ready_at is not None and now - held.ready_at < action.KEPT_FOR
    return page.answer(
        request,
        "staff/my_data.html",
        held=held,
        ready=ready,
        waits=held is not None and held.due_at is not None,
        ends_at=held.ready_at + action.KEPT_FOR if held and held.ready_at and ready else None,
    )


async def ask(request: Request) -> Response:
    """Have an archive made."""
    signed_in, _ = await session.posted_by_any(request)
    await action.ask(request.app.state.node, signed_in.actor)
    return RedirectResponse(HERE, 303)


ROUTES = [Route(HERE, show), Route(HERE, ask, methods=["POST"])]
