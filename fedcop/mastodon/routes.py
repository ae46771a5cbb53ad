"""The table of routes, in the order of the method documentation, and the door that they lie behind."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.mastodon import answer, auth, errors
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.limits import Left, Limits
from fedcop.mastodon.methods import (
    accounts,
    admin_accounts,
    admin_domains,
    admin_reports,
    apps,
    blocks,
    conversations,
    directory,
    domain_blocks,
    empty,
    endorsements,
    featured_tags,
    filters,
    filters_v1,
    follow_requests,
    instance,
    lists,
    markers,
    media,
    notification_groups,
    notification_policy,
    notifications,
    oauth,
    oembed,
    polls,
    preferences,
    profile,
    push,
    quotes,
    reactions,
    relations,
    reports,
    scheduled,
    search,
    statuses,
    tags,
    timelines,
)
from fedcop.mastodon.streaming import STREAMING, Streaming
from fedcop.node import Node
from storage.errors import Unavailable

Endpoint = Callable[[Request], Awaitable[Response]]

ALLOWED_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key")
EXPOSED_HEADERS = (
    "Link",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
    "Mastodon-Async-Refresh",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# An update is written with either verb (Phanpy puts where Tusky patches).
_SAME = {"PUT": "PATCH", "PATCH": "PUT", "HEAD": "GET"}


class Table:
    """Finds the endpoint of a path by its parts: as many look-ups as it has parts, however many routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root: dict[str, Any] = {}
        for route in routes:
            node = self._root
            for part in _parts(route.path):
                node = node.setdefault("{}" if part.startswith("{") else part, {})
            names = [
                part.strip("{}").partition(":")[0] for part in _parts(route.path) if part.startswith("{")
            ]
            for method in route.methods or ():
                node.setdefault("", {}).setdefault(method, (route.endpoint, names))

    def find(self, path: str, method: str) -> tuple[Endpoint, dict[str, str]] | None:
        """Give the endpoint for a path and verb, and what stands in the path for its names."""
        node, values = self._root, []
        for part in _parts(path):
            child = node.get(part) if part else None
            if child is None:
                child = node.get("{}")
                values.append(part)
            if child is None:
                return None
            node = child
        methods = node.get("", {})
        found = methods.get(method) or methods.get(_SAME.get(method, ""))
        return found and (found[0], dict(zip(found[1], values, strict=True)))


class Door:
    """Answers what the table names, turns refusals to JSON, and says 404 in JSON to everything else."""

    def __init__(self, node: Node, routes: Iterable[Route], streaming: Streaming) -> None:
        self._node = node
        self._table = Table(routes)
        self._streaming = streaming
        self._limits = Limits(node.config.limits.requests_per_client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one WebSocket."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].rstrip("/") == STREAMING:
            await self._streaming.connect(WebSocket(scope, receive, send))
        else:
            await WebSocketClose()(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return answer.entity({}, headers={"allow": ", ".join(METHODS)})
        now = self._node.clock.now()
        left = self._limits.take(request, now)
        response = await self._ask(request, left, now)
        left.put(response.headers)
        return response

    async def _ask(self, request: Request, left: Left, now: datetime) -> Response:
        found = self._table.find(request.scope["path"], request.method)
        try:
            left.ensure_some(now)
            if found is None:
                raise NotFound(ABSENT)
            endpoint, request.scope["path_params"] = found
            return await _asked(request, endpoint)
        except Refusal as refusal:
            return errors.refused(refusal)
        except Unavailable:
            return errors.busy()


async def _asked(request: Request, endpoint: Endpoint) -> Response:
    """Ask an endpoint; whoever holds a token that counts no more is told that before any other fault."""
    try:
        return await endpoint(request)
    except (Invalid, NotFound):
        await auth.ensure_alive(request)
        raise


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/")


TABLES = (
    apps.ROUTES,
    oauth.ROUTES,
    accounts.ROUTES,
    profile.ROUTES,
    relations.ROUTES,
    blocks.ROUTES,
    follow_requests.ROUTES,
    preferences.ROUTES,
    tags.ROUTES,
    statuses.ROUTES,
    quotes.ROUTES,
    reactions.ROUTES,
    media.ROUTES,
    polls.ROUTES,
    scheduled.ROUTES,
    timelines.ROUTES,
    lists.ROUTES,
    push.ROUTES,
    filters.ROUTES,
    featured_tags.ROUTES,
    domain_blocks.ROUTES,
    conversations.ROUTES,
    filters_v1.ROUTES,
    markers.ROUTES,
    notification_policy.ROUTES,
    notification_groups.ROUTES,
    notifications.ROUTES,
    search.ROUTES,
    reports.ROUTES,
    admin_accounts.ROUTES,
    admin_reports.ROUTES,
    admin_domains.ROUTES,
    instance.ROUTES,
    directory.ROUTES,
    endorsements.ROUTES,
    oembed.ROUTES,
    empty.ROUTES,
)


def routes(node: Node) -> list[BaseRoute]:
    """Give the routes of the client API: everything under /api, and what clients need to sign in."""
    streaming = Streaming(node)
    table = [route for routes_of_page in (*TABLES, streaming.routes()) for route in routes_of_page]
    door = CORSMiddleware(
        Door(node, table, streaming),
        allow_origins=["*"],
        allow_methods=METHODS,
        allow_headers=ALLOWED_HEADERS,
        expose_headers=EXPOSED_HEADERS,
        max_age=86_400,
    )
    outside = dict.fromkeys(route.path for route in table if not route.path.startswith("/api/"))
    return [Mount("/api", door), *(Route(path, door) for path in outside)]
