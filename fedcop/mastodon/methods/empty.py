"""What this node keeps none of: an empty answer, since a 404 takes a whole tab of a client with it.

Single things of these kinds (a list, a push subscription) are simply not there: the door says 404.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth, forms

NOTHING: Mapping[str, tuple[str, object]] = {
    "/api/v1/announcements": ("read:accounts", []),
    "/api/v1/annual_reports": ("read:accounts", {"annual_reports": [], "accounts": [], "statuses": []}),
    "/api/v1/annual_reports/{year}/state": ("read:accounts", {"state": "ineligible"}),
    "/api/v1/admin/trends/tags": ("admin:read", []),
    "/api/v1/admin/trends/statuses": ("admin:read", []),
    "/api/v1/admin/trends/links": ("admin:read", []),
    "/api/v1/admin/trends/links/publishers": ("admin:read", []),
    "/api/v1/accounts/{id}/identity_proofs": ("read:accounts", []),
}

# What there is nothing to do about: addresses need no confirmation, nobody's year is summed up.
DONE = {
    "/api/v1/annual_reports/{year}/generate": "write:accounts",
    "/api/v1/emails/confirmations": "write:accounts",
}

# The official apps ask for these before anybody has signed in, too.
NOTHING_FOR_ANYBODY = (
    "/api/v1/trends",
    "/api/v1/trends/tags",
    "/api/v1/trends/statuses",
    "/api/v1/trends/links",
)


def nothing(scope: str, said: object) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that says that there is nothing, to whoever holds a scope."""

    async def endpoint(request: Request) -> Response:
        await auth.person(request, scope)
        for name in request.path_params:
            forms.number(request, name)
        return answer.entity(said)

    return endpoint


async def confirmed(request: Request) -> Response:
    """GET /api/v1/emails/check_confirmation: true, since whoever is added here may come in at once."""
    await auth.person(request, "read:accounts")
    return answer.entity(True)  # noqa: FBT003 - all that is said


async def nothing_for_anybody(request: Request) -> Response:
    """Answer an empty list."""
    return answer.entity([])


ROUTES = [
    *(Route(path, nothing(scope, said)) for path, (scope, said) in NOTHING.items()),
    *(Route(path, nothing(scope, {}), methods=["POST"]) for path, scope in DONE.items()),
    Route("/api/v1/emails/check_confirmation", confirmed),
    *(Route(path, nothing_for_anybody) for path in NOTHING_FOR_ANYBODY),
]
