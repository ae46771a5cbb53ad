"""``/`` for strangers: what this node is, and the communities that it hosts."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.web import page, session
from fedcop.web.staff import home
from storage import communities, visible


async def show(request: Request) -> Response:
    """Show the node, with its communities where pages are public; whoever is signed in their own home."""
    node: Node = request.app.state.node
    signed_in = await session.find(request)
    if signed_in is not None:
        return await home.show(request, signed_in)
    listed = []
    if node.config.web.public_pages:
        listed = await node.store.read(communities.all_local, visible.STRANGER)
    return page.answer(
        request,
        "public/home.html",
        communities=[community for community in listed if community.visibility == "public"],
    )


ROUTES = [Route("/", show)]
