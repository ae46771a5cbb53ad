"""One Starlette application from the doors' tables of routes."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from fedcop import federation, mastodon, web
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.server.lifespan import lifespan_of
from fedcop.server.middleware import Front, Guard
from fedcop.web import errors
from storage.engine import Reader


def build(node: Node, *, workers: bool = False) -> Starlette:
    """Give the application of a node; with ``workers`` its queues are worked on while it runs.

    Order matters: an address that is both an ActivityPub id and a page is the federation door's, which lets
    a request for a page pass.
    """
    servers, clients = federation.routes(node), mastodon.routes(node)
    app = Starlette(
        routes=[*probes(), *servers, *clients, *web.routes(node)],
        middleware=[
            Middleware(Guard, node=node),
            Middleware(Front, inbox=servers[0], api=clients[0]),
        ],
        exception_handlers={Refusal: errors.refused, 404: errors.not_found},
        lifespan=lifespan_of(node, workers=workers),
    )
    # An address with a slash too many is none of ours; a redirect would lead wherever the Host header says.
    app.router.redirect_slashes = False
    app.state.node = node
    app.state.fault = None
    return app


def probes() -> list[Route]:
    """Give the routes by which a supervisor asks whether this process lives and may be sent requests."""
    return [Route("/livez", livez), Route("/readyz", readyz)]


async def livez(request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Say that the database answers too."""
    await request.app.state.node.store.read(_ask)
    return PlainTextResponse("ok")


async def _ask(read: Reader) -> int:
    return int(await read.value("SELECT 1"))
