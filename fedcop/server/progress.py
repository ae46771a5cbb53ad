"""Says how far a long command has come, a line every few seconds."""

import time
from collections.abc import Callable
from typing import Final

EVERY: Final = 2.0
MEGABYTE: Final = 1_000_000


class Progress:
    """Hands lines such as ``packed: 40 of 120 MB`` to ``put``, one every few seconds."""

    def __init__(
        self,
        put: Callable[[str], None],
        *,
        every: float = EVERY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._put, self._every, self._monotonic = put, every, monotonic
        self._said_at = monotonic()

    def of(self, stage: str, *, scale: int = 1) -> Callable[[int, int], None]:
        """Give what is told what is done and all there is, each ``scale`` bytes."""
        return lambda done, total: self._say(stage, done * scale, total * scale)

    def through(self, stage: str, total: int) -> Callable[[int], None]:
        """Give what is told of each piece that went through, of ``total`` bytes or somewhat more."""
        done = 0

        def heard(size: int) -> None:
            nonlocal done
            done += size
            self._say(stage, done, max(done, total))

        return heard

    def _say(self, stage: str, done: int, total: int) -> None:
        now = self._monotonic()
        if now - self._said_at >= self._every:
            self._said_at = now
            self._put(f"{stage}: {done // MEGABYTE:,} of {total // MEGABYTE:,} MB")
