"""The table of pages."""

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from fedcop.node import Node
from fedcop.web import files
from fedcop.web.public import community, home, person, thread
from fedcop.web.sign_in import consent, form, invitation
from fedcop.web.staff import sessions


def routes(node: Node) -> list[BaseRoute]:
    """Give every page of a node, its pictures and its stylesheet."""
    return [
        *home.ROUTES,
        *community.ROUTES,
        *thread.ROUTES,
        *person.ROUTES,
        *form.ROUTES,
        *invitation.ROUTES,
        *consent.ROUTES,
        *sessions.ROUTES,
        *files.ROUTES,
        Mount("/static", StaticFiles(packages=[("fedcop.web", "static")]), name="static"),
    ]
