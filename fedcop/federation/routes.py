"""The table of routes that other servers use."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.errors import RemoteFault
from fedcop.errors import Refusal
from fedcop.federation import actors, collections, directory, followers, media, objects, threads, wellknown
from fedcop.federation.errors import answer_of, busy
from fedcop.federation.inbox import Inbox
from fedcop.node import Node
from storage.errors import Unavailable

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(node: Node) -> list[Route]:
    """Give the routes of this door, the inboxes first: they are asked most."""
    inbox = Inbox(node)
    paths = ("/inbox", "/actor/inbox", "/people/{handle}/inbox", "/communities/{handle}/inbox")
    documents = [
        *wellknown.routes(),
        *actors.routes(),
        *objects.routes(),
        *threads.routes(),
        *collections.routes(),
        *followers.routes(),
        *directory.routes(),
        *media.routes(),
    ]
    return [Route(path, inbox, methods=["POST"]) for path in paths] + [
        type(route)(route.path, _translated(route.endpoint)) for route in documents
    ]


def _translated(endpoint: Endpoint) -> Endpoint:
    """Give an endpoint whose refusals are answered as servers read them, not as clients or people do."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (RemoteFault, Refusal) as error:
            return answer_of(error)
        except Unavailable:
            return busy(request.app.state.node)

    return answer
