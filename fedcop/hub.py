"""Wakes whoever waits in this process, and says what was committed: hints, never the work itself."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

from storage.engine import Change

# A listener that is this far behind misses what comes: whoever reads loads the page again in the end.
MOST_UNHEARD = 10_000


class Hub:
    """Named bells: ``wake`` rings one, ``wait`` hears it, also when it rang a moment before.

    >>> hub.wake("received")
    >>> await hub.wait("received", seconds=1.0)
    True

    What was committed goes to every listener: ``with hub.listening() as changes: await changes.get()``.
    """

    def __init__(self) -> None:
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._listeners: list[asyncio.Queue[Change]] = []

    def publish(self, change: Change) -> None:
        """Tell every listener of a change that was committed; call it on the event loop."""
        for changes in self._listeners:
            with contextlib.suppress(asyncio.QueueFull):
                changes.put_nowait(change)

    @contextlib.contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Change]]:
        """Give every change from here on, in the order of the commits."""
        changes: asyncio.Queue[Change] = asyncio.Queue(MOST_UNHEARD)
        self._listeners.append(changes)
        try:
            yield changes
        finally:
            self._listeners.remove(changes)

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
