"""What every request passes: an id, headers that keep browsers from harm, and a short way for the most."""

import asyncio
import logging
import random
import time
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fedcop import caller
from fedcop.log import concerning
from fedcop.node import Node
from storage.errors import Unavailable

log = logging.getLogger("fedcop.request")

# A script may come from here only; pages need none to work. Consent pages state their own policy.
POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
COME_AGAIN: Final = b"2"
SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", POLICY),
)


class Guard:
    """Adds a request id and the safe headers to each answer, and logs what went wrong with its id."""

    def __init__(self, app: ASGIApp, node: Node) -> None:
        self.app = app
        self.secure = node.config.node.base_url.startswith("https:")
        self.meters = node.meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what nobody translated is logged and answered 500, our own trouble 503."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caller.address.set((scope.get("client") or ("",))[0])
        request_id = f"{random.getrandbits(64):016x}"
        begun = False
        at = time.monotonic()

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self.meters.answered(scope["path"], message["status"], time.monotonic() - at)
                # A new message: what came may be a constant that every answer shares.
                message = {**message, "headers": self._headers(message.get("headers", []), request_id)}
            await send(message)

        try:
            with concerning(request_id=request_id):
                await self.app(scope, receive, answer)
        except (Unavailable, asyncio.CancelledError) as error:  # cancelled: this process ends
            cause = str(error) or "the node ends"
            log.warning(
                "request given up: %s", cause, extra={"request_id": request_id, "path": scope["path"]}
            )
            if not begun:
                await _put(answer, 503, b'{"error":"Too busy at the moment; try again shortly"}')
        except Exception:
            log.exception("request failed", extra={"request_id": request_id, "path": scope["path"]})
            if begun:
                raise
            await _put(answer, 500, b'{"error":"Something went wrong here; it has been logged."}')

    def _headers(self, headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
        present = {name for name, _ in headers}
        added = [(name, value) for name, value in SAFE if name not in present]
        if self.secure:
            added.append((b"strict-transport-security", b"max-age=31536000"))
        return [*headers, (b"x-request-id", request_id.encode()), *added]


class Front:
    """Hands what is asked most to its door at a look: the inbox that all share, and the client API.

    The rest goes through the table of routes, one after the other, and past what turns faults into answers.
    These two doors turn their own.
    """

    def __init__(self, app: ASGIApp, inbox: BaseRoute, api: BaseRoute) -> None:
        self.app = app
        self._inbox = inbox
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope.get("path", "")  # the start and the end of the process have none
        if path.startswith("/api/"):
            await self._api.handle(scope, receive, send)
        elif path == "/inbox" and scope.get("method") == "POST":
            await self._inbox.handle(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _put(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 503:
        headers.append((b"retry-after", COME_AGAIN))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
