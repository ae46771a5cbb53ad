"""What this node keeps none of: an empty answer, since a 404 takes a whole tab of a client with it.

Single things of these kinds (a list, a push subscription) are simply not there: the door says 404.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth

NOTHING = {
    "/api/v1/announcements": "read:accounts",
}

# The official apps ask for these before anybody has signed in, too.
NOTHING_FOR_ANYBODY = (
    "/api/v1/trends",
    "/api/v1/trends/tags",
    "/api/v1/trends/statuses",
    "/api/v1/trends/links",
)


def nothing(scope: str) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that answers an empty list to whoever holds a scope."""

    async def endpoint(request: Request) -> Response:
        await auth.person(request, scope)
        return answer.entity([])

    return endpoint


async def nothing_for_anybody(request: Request) -> Response:
    """Answer an empty list."""
    return answer.entity([])


ROUTES = [
    *(Route(path, nothing(scope)) for path, scope in NOTHING.items()),
    *(Route(path, nothing_for_anybody) for path in NOTHING_FOR_ANYBODY),
]
