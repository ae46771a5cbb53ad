"""/api/v1/streaming: by WebSocket, several streams in one connection, and as server-sent events, one each.

What clients do (mastodon-api.md 2.3): the token comes in ``Authorization``, as ``access_token``, or as the
subprotocol that a WebSocket offers, which has to be echoed, since browsers close the socket otherwise
(GoToSocial#3996). Mastodon.py reads lines that end in LF, with a space after the colon.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.websockets import WebSocket, WebSocketDisconnect

from fedcop.actions.account import hash_of
from fedcop.errors import NotSignedIn, Refusal
from fedcop.mastodon import answer, auth, errors
from fedcop.mastodon.streaming.crowd import Crowd, Frame, Listener
from fedcop.mastodon.streaming.streams import PATHS, Stream, Unheard, stream_of
from fedcop.node import Node

# Proxies cut a connection on which nothing happens for a minute.
BEAT_EVERY = 15.0
STREAMING = "/api/v1/streaming"
MOST_STREAMS = 64


class Asked(msgspec.Struct, frozen=True):
    """What a client says in a frame."""

    type: str = ""
    stream: str = ""
    tag: str = ""
    list: str = ""


_read_asked = msgspec.json.Decoder(Asked).decode


class Streaming:
    """The door of everybody who wants to be told."""

    def __init__(self, node: Node, *, beat_every: float = BEAT_EVERY) -> None:
        self._node = node
        self._crowd = Crowd(node)
        self._beat_every = beat_every

    def routes(self) -> list[Route]:
        """Give the addresses of server-sent events, and of the probe that says that this is served."""
        return [
            Route(f"{STREAMING}/health", _health),
            *(Route(f"{STREAMING}/{path}", self._events_of(name)) for path, name in PATHS.items()),
        ]

    def _events_of(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            asked = dict(request.query_params) | {"stream": name}
            if asked.get("only_media") in ("true", "1") and name in (
                "public",
                "public:local",
                "public:remote",
            ):
                asked["stream"] += ":media"
            stream = stream_of(asked)
            listener = await self._listener(request, stream)
            return StreamingResponse(
                self._events(listener),
                media_type="text/event-stream",
                headers={"cache-control": "no-store", "x-accel-buffering": "no"},
            )

        return endpoint

    async def _events(self, listener: Listener) -> AsyncGenerator[str, None]:
        async with self._crowd.joined(listener):
            yield ":)\n\n"
            while True:
                try:
                    async with asyncio.timeout(self._beat_every):
                        frame = await listener.frames.get()
                except TimeoutError:
                    yield ":thump\n\n"
                    continue
                if frame is None:
                    return
                yield f"event: {frame.event}\ndata: {frame.payload}\n\n"

    async def connect(self, socket: WebSocket) -> None:
        """Serve one WebSocket until either side ends it; without a token it never opens: 401."""
        try:
            asked = dict(socket.query_params)
            first = stream_of(asked) if asked.get("stream") else None
            listener = await self._listener(socket, first)
        except Refusal as refusal:
            await socket.send_denial_response(errors.refused(refusal))
            return
        offered = socket.scope["subprotocols"]
        await socket.accept(subprotocol=offered[0] if offered else None)
        async with self._crowd.joined(listener):
            sender = asyncio.create_task(_send_all(socket, listener))
            try:
                with contextlib.suppress(WebSocketDisconnect):
                    await self._hear(socket, listener)
            finally:
                sender.cancel()
                with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await sender

    async def _hear(self, socket: WebSocket, listener: Listener) -> None:
        """Take what the client subscribes to and leaves; a frame that says neither is passed over."""
        while True:
            said = await _said(socket)
            try:
                asked = _read_asked(said)
            except msgspec.DecodeError:
                continue
            try:
                await self._heed(listener, asked)
            except Refusal as refusal:
                # masto.js throws at any frame with an error, so this answers a bad wish only.
                await socket.send_text(_json({"error": refusal.text, "status": refusal.status}))

    async def _heed(self, listener: Listener, asked: Asked) -> None:
        if asked.type not in ("subscribe", "unsubscribe"):
            return
        stream = stream_of(msgspec.structs.asdict(asked))
        if asked.type == "unsubscribe":
            listener.streams.pop(stream, None)
            return
        if len(listener.streams) >= MOST_STREAMS:
            raise Unheard(f"{MOST_STREAMS} streams are open, which is the most")
        await self._ensure_may_hear(listener.secret, stream)
        listener.streams[stream] = None

    async def _listener(self, connection: HTTPConnection, stream: Stream | None) -> Listener:
        secret = _secret_of(connection)
        person = await self._ensure_may_hear(secret, stream)
        listener = Listener(secret, person, answer.origin(connection))
        if stream is not None:
            listener.streams[stream] = None
        return listener

    async def _ensure_may_hear(self, secret: str, stream: Stream | None) -> int:
        scopes = [stream.scope] if stream else ["read:statuses", "read:notifications"]
        return await self._node.store.read(auth.hears, secret, scopes)


async def _said(socket: WebSocket) -> str | bytes:
    """Give the next frame, text or binary: what it holds is JSON, or is passed over."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    said: str | bytes = message.get("text") or message.get("bytes") or b""
    return said


async def _send_all(socket: WebSocket, listener: Listener) -> None:
    while (frame := await listener.frames.get()) is not None:
        await socket.send_text(_text(frame))
    await socket.close(code=1008)


def _text(frame: Frame) -> str:
    return _json({"stream": frame.stream.label, "event": frame.event, "payload": frame.payload})


def _json(body: Mapping[str, object]) -> str:
    return msgspec.json.encode(body).decode()


def _secret_of(connection: HTTPConnection) -> str:
    """Give the hash of the token, wherever the client put it."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    offered = connection.scope.get("subprotocols") or [""]
    found = (token.strip() if kind.lower() == "bearer" else "") or connection.query_params.get("access_token")
    secret = found or offered[0]
    if not secret:
        raise NotSignedIn(auth.NOBODY)
    return hash_of(secret)


async def _health(request: Request) -> Response:
    return Response("OK", media_type="text/plain")
