"""Wakes whoever waits in this process: a hint that there is work, never the work itself."""

import asyncio
import contextlib
from collections import defaultdict


class Hub:
    """Named bells: ``wake`` rings one, ``wait`` hears it, also when it rang a moment before.

    >>> hub.wake("received")
    >>> await hub.wait("received", seconds=1.0)
    True
    """

    def __init__(self) -> None:
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def wake(self, name: str) -> None:
        """Ring a bell; call it on the event loop."""
        self._bells[name].set()

    async def wait(self, name: str, *, seconds: float) -> bool:
        """Wait until a bell rings, or this long; tell which of the two it was."""
        bell = self._bells[name]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await bell.wait()
        rang = bell.is_set()
        bell.clear()
        return rang
