"""A server on loopback for the real way out: it keeps what it is sent and answers with given bytes."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

from activitypub.wire import Request, Response
from fedcop.config import OutboundSection
from fedcop.transport import Budget, Transport

LOOPBACK = OutboundSection(allow_private_networks=("127.0.0.0/8",), plain_http=True)
BUDGET = Budget(seconds=5, max_bytes=10_000)
SHORT = Budget(seconds=0.2, max_bytes=10_000)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """A server that keeps what it was sent, head and body, and answers with given bytes."""

    def __init__(self) -> None:
        self.answer: bytes = OK
        self.answers: list[bytes] = []
        self.received: list[tuple[list[str], bytes]] = []
        self.connections = 0
        self.hangs = False
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self, *, tls: ssl.SSLContext | None = None) -> "Peer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        return self

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def url(self, path: str = "/", *, host: str = "kent.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
                length = next(
                    (
                        int(line.partition(":")[2])
                        for line in head
                        if line.lower().startswith("content-length")
                    ),
                    0,
                )
                self.received.append((head, await reader.readexactly(length)))
                if self.hangs:
                    continue
                answer = self.answers.pop(0) if self.answers else self.answer
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def opened(
    outbound: OutboundSection = LOOPBACK,
    *,
    allows: Callable[[str], bool] = lambda _: True,
    **more: frozenset[str],
) -> AsyncIterator[Transport]:
    transport = Transport(outbound, allows=allows, hosts={"operator": more.get("operator", frozenset())})
    yield transport
    await transport.close()


async def get(transport: Transport, url: str, budget: Budget = BUDGET) -> Response:
    return await transport.exchange(Request(method="GET", url=url), budget)


async def post(transport: Transport, url: str, budget: Budget = BUDGET) -> Response:
    return await transport.exchange(Request(method="POST", url=url, body=b"said"), budget)


def full(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
