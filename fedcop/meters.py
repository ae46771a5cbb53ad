"""What this process counts while it works, in plain numbers; ``server.figures`` gives them to who watches it.

Counting costs a microsecond, and no library is loaded for it: most nodes are seldom asked for figures.
"""

import bisect
from collections import Counter
from collections.abc import Iterator
from typing import Final

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# The door of a request, by how its address begins. What is none of these is a page or a document.
_DOORS: Final = (
    ("/api/", "client"),
    ("/oauth/", "client"),
    ("/media/", "media"),
    ("/.well-known/", "wellknown"),
    ("/livez", "probe"),
    ("/readyz", "probe"),
    ("/metrics", "probe"),
)


class Durations:
    """How many took at most so long, and how long all took together."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(SECONDS) + 1)  # the last: longer than any of SECONDS
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one that took so long."""
        self.counts[bisect.bisect_left(SECONDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> Iterator[tuple[str, float]]:
        """Give how many took at most each time, with the name of that time."""
        reached = 0
        for name, count in zip([*map(str, SECONDS), "+Inf"], self.counts, strict=True):
            reached += count
            yield name, float(reached)


class Meters:
    """The counts of one process."""

    def __init__(self) -> None:
        self.requests: dict[tuple[str, str], Durations] = {}  # by door, and the first digit of the status
        self.received: Counter[str] = Counter()  # by what an activity came to
        self.deliveries: Counter[str] = Counter()  # taken, dropped, put off
        self.turns: dict[str, float] = {}  # when a worker last took a turn, on the monotonic clock
        self.lag = Durations()  # by which the event loop was late

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count a request that was answered after so many seconds."""
        key = (door_of(path), f"{status // 100}xx")
        durations = self.requests.get(key)
        if durations is None:
            durations = self.requests[key] = Durations()
        durations.add(seconds)


def door_of(path: str) -> str:
    """Give a name for what answers an address: few, however many addresses are asked for."""
    if path.endswith("/inbox"):
        return "inbox"
    return next((door for start, door in _DOORS if path.startswith(start)), "page")
