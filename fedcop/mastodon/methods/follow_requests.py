"""/api/v1/follow_requests: who waits to follow a person, or to join a community that they facilitate."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import join
from fedcop.mastodon import auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.methods.accounts import listed
from fedcop.mastodon.methods.relations import related, standing
from storage import memberships
from storage.actors import Actor
from storage.engine import Reader
from storage.pages import Page


async def index(request: Request) -> Response:
    """GET /api/v1/follow_requests: each requester once, however many communities they wait for."""
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, rows = await auth.read(request, "read:follows", _waiting, page)
    return listed(request, caller, rows, page)


async def _waiting(read: Reader, caller: Caller, page: Page) -> list[tuple[int, Actor]]:
    return await memberships.requests_for(read, caller.viewer, caller.me, page)


async def authorize(request: Request) -> Response:
    """POST /api/v1/follow_requests/:account_id/authorize: the oldest request of that account."""
    return await _decide(request, accept=True)


async def reject(request: Request) -> Response:
    """POST /api/v1/follow_requests/:account_id/reject."""
    return await _decide(request, accept=False)


async def _decide(request: Request, *, accept: bool) -> Response:
    person, requester = await standing(request, "write:follows")
    await join.decide(request.app.state.node, person.actor, requester.id, accept=accept)
    return await related(request, person, requester)


ROUTES = [
    Route("/api/v1/follow_requests", index),
    Route("/api/v1/follow_requests/{id}/authorize", authorize, methods=["POST"]),
    Route("/api/v1/follow_requests/{id}/reject", reject, methods=["POST"]),
]
