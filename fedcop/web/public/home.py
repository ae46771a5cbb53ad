"""``/``: what this node is, and the communities that it hosts."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.web import page, session
from storage import communities, visible


async def show(request: Request) -> Response:
    """Show the node; its communities where pages are public, and to whoever is signed in."""
    node: Node = request.app.state.node
    signed_in = await session.find(request)
    listed = []
    if node.config.web.public_pages or signed_in is not None:
        viewer = visible.person(signed_in.actor.id) if signed_in else visible.STRANGER
        listed = await node.store.read(communities.all_local, viewer)
    return page.answer(
        request,
        "public/home.html",
        communities=[community for community in listed if community.visibility == "public"],
        signed_in=signed_in,
    )


ROUTES = [Route("/", show)]
