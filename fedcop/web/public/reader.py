"""Who reads a page: a person who is signed in, or a stranger where pages are public."""

from starlette.requests import Request

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import session
from storage import visible
from storage.visible import Viewer


async def of(request: Request) -> Viewer:
    """Give who reads; raise ``NotFound`` for a stranger where pages are not public."""
    node: Node = request.app.state.node
    signed_in = await session.find(request)
    if signed_in is not None:
        return visible.person(signed_in.actor.id)
    if not node.config.web.public_pages:
        raise NotFound("pages are not public here")
    return visible.STRANGER
