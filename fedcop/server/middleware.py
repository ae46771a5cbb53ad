"""What every request passes: an id, a limit, and headers that keep browsers from harm."""

import logging
import secrets
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fedcop.node import Node

log = logging.getLogger("fedcop.request")

# A script may come from here only; pages need none to work. Consent pages state their own policy.
POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an exception that nobody translated is logged and answered 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = self._headers(message.get("headers", []), request_id)
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            log.exception("request failed", extra={"request_id": request_id, "path": scope["path"]})
            if begun:
                raise
            body = b'{"error":"Something went wrong here; it has been logged."}'
            await answer({"type": "http.response.start", "status": 500, "headers": _json(body)})
            await answer({"type": "http.response.body", "body": body})

    def _headers(self, headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
        present = {name for name, _ in headers}
        added = [(name, value) for name, value in SAFE if name not in present]
        if self.secure:
            added.append((b"strict-transport-security", b"max-age=31536000"))
        return [*headers, (b"x-request-id", request_id.encode()), *added]


def _json(body: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
