"""One Starlette application from the doors' tables of routes."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from fedcop import federation, mastodon, web
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.server.lifespan import lifespan_of
from fedcop.server.middleware import Front, Guard
from fedcop.server.probes import Probes
from fedcop.web import errors


def build(node: Node, *, workers: bool = False) -> Starlette:
    """Give the application of a node; with ``workers`` its queues are worked on while it runs.

    Order matters: an address that is both an ActivityPub id and a page is the federation door's, which lets
    a request for a page pass.
    """
    servers, clients = federation.routes(node), mastodon.routes(node)
    app = Starlette(
        routes=[*Probes(node, workers=workers).routes(), *servers, *clients, *web.routes(node)],
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
