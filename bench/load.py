"""Sends ready-made requests as fast as a node takes them: the load must cost less than what it measures."""

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator, Sequence

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def _nothing() -> None:
    """Do nothing at an answer."""


async def fire(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int = 32,
    answered: Callable[[], None] = _nothing,
) -> list[int]:
    """Send requests, each connection the next when it has the answer to the one before; give the statuses.

    Where the connection broke before the answer came, the status is 0. ``answered`` is called at each answer.
    """
    statuses = [0] * len(requests)
    waiting = iter(range(len(requests)))
    await asyncio.gather(
        *(_through_one(port, requests, waiting, statuses, answered) for _ in range(connections))
    )
    return statuses


async def _through_one(
    port: int,
    requests: Sequence[bytes],
    waiting: Iterator[int],
    statuses: list[int],
    answered: Callable[[], None],
) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for number in waiting:
                writer.write(requests[number])
                statuses[number] = await _status(reader)
                answered()
        finally:
            writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    if length := _LENGTH.search(head):
        await reader.readexactly(int(length[1]))
    return int(head[9:12])
