"""A way out that leads to applications in this process, each under its host."""

import httpx
from starlette import responses
from starlette.types import ASGIApp, Receive, Scope, Send

from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.node import Node
from fedcop.transport import Budget


class HostRouter:
    """Sends each request to the app that owns its host; an unknown host cannot be reached, as in life."""

    def __init__(self) -> None:
        self.apps: dict[str, httpx.ASGITransport] = {}
        self.seen: list[Request] = []
        self.down: set[str] = set()

    def add(self, host: str, app: ASGIApp) -> None:
        self.apps[host] = httpx.ASGITransport(app=app, raise_app_exceptions=True)

    async def send(self, request: Request) -> Response:
        self.seen.append(request)
        host = host_of(request.url)
        if host not in self.apps or host in self.down:
            raise PeerTrouble(host, "cannot be reached")
        asked = httpx.Request(
            request.method, request.url, headers=list(request.headers), content=request.body
        )
        answer = await self.apps[host].handle_async_request(asked)
        body = await answer.aread()
        headers = tuple((name.lower(), value) for name, value in answer.headers.items())
        return Response(status=answer.status_code, url=request.url, headers=headers, body=body)

    def take(self) -> list[str]:
        """Give what was sent since the last time, one line a request, and forget it."""
        lines = [f"{request.method} {request.url}" for request in self.seen]
        self.seen.clear()
        return lines


class Pointing:
    """A website that points to another address, whatever it is asked; the query goes along."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        location = f"{self.address}?{scope['query_string'].decode()}"
        await responses.Response("", 301, {"location": location})(scope, receive, send)


class Door:
    """One node's way out: its list is asked before anything is sent and answers are capped, as in life."""

    def __init__(self, router: HostRouter) -> None:
        self.router = router
        self.node: Node | None = None

    async def exchange(self, request: Request, budget: Budget) -> Response:
        host = host_of(request.url)
        if self.node is None or not self._may_reach(self.node, host, budget):
            raise NotPermitted(f"{host} is not on the federation list of this node")
        response = await self.router.send(request)
        if request.method == "GET" and len(response.body) > budget.max_bytes:
            raise PeerTrouble(host, f"answered with over {budget.max_bytes} bytes")
        return response

    def _may_reach(self, node: Node, host: str, budget: Budget) -> bool:
        if budget.kind == "push":
            return host in node.config.push.hosts
        return node.may_finger(host) if budget.kind == "finger" else node.allows(host)

    async def close(self) -> None:
        self.node = None
