"""The client API on a real socket: an endless answer cannot be had in process."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import ClientConnection

from fedcop.node import Node
from tests.fedcop.mastodon.conftest import app_of
from tests.support.described import entity_faults

WITHIN = 10
PAYLOADS = {
    "update": "Status",
    "status.update": "Status",
    "notification": "Notification",
    "conversation": "Conversation",
}


class Wire:
    """A WebSocket of one client."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def subscribe(self, stream: str, **of: str) -> None:
        await self.connection.send(json.dumps({"type": "subscribe", "stream": stream, **of}))
        # What was sent on a socket is heeded in order: the answer to this says that the first was.
        await self.connection.send(json.dumps({"type": "subscribe", "stream": "?"}))
        assert await self.next() == {"error": "Unknown stream type", "status": 400}

    async def next(self) -> Any:
        """Give the next frame."""
        async with asyncio.timeout(WITHIN):
            return json.loads(await self.connection.recv())

    async def events(self, count: int) -> list[tuple[list[str], str, Any]]:
        """Give the next frames as stream, event and what the payload says."""
        return [heard(await self.next()) for _ in range(count)]


def heard(frame: dict[str, Any]) -> tuple[list[str], str, Any]:
    """Give a frame as stream, event and what the payload says, which is as clients want it."""
    event = frame["event"]
    payload = frame["payload"] if event == "delete" else json.loads(frame["payload"])
    if event in PAYLOADS:
        assert entity_faults(PAYLOADS[event], payload) == []
    return frame["stream"], event, payload


Dial = Callable[..., AbstractAsyncContextManager[ClientConnection]]


@pytest.fixture
async def port(node: Node) -> AsyncIterator[int]:
    """Serve the client API and give the port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(
        app_of(node),
        http="httptools",
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn says it in no other way
        await asyncio.sleep(0)
    yield int(listener.getsockname()[1])
    server.should_exit = True
    await serving


@pytest.fixture
def dial(port: int) -> Dial:
    """Give what opens a WebSocket of the client API."""

    def _dial(query: str = "", **how: Any) -> AbstractAsyncContextManager[ClientConnection]:
        return websockets.connect(f"ws://127.0.0.1:{port}/api/v1/streaming{query}", **how)

    return _dial
