"""How a community does in a window of time, from its threads and replies: pure, and about nobody by name.

    health.measure(threads, now)      each metric with its figure, light and next thing to do
    health.matrix(threads)            who replied to whom, by council

A figure of fewer than five cases, or of fewer than five people, is not given ("not enough yet").
Definitions and thresholds: the project's requirements, section 3.2.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from fedcop.knowledge import survival
from fedcop.knowledge.working_time import Nation, between

FEWEST: Final = 5
SETTLED, SOLVED = timedelta(hours=72), timedelta(days=14)
Light = Literal["green", "amber", "red", "none"]


class Reply(NamedTuple):
    """A reply: who wrote it, of which council (None if unknown), when."""

    author: int
    council: str | None
    at: datetime


class Thread(NamedTuple):
    """A thread of the window with the replies to it; ``resolved`` is when the asker had what they needed."""

    author: int
    council: str | None
    nation: Nation
    at: datetime
    ask: bool = False
    resolved: datetime | None = None
    replies: tuple[Reply, ...] = ()

    @property
    def first(self) -> datetime | None:
        """When another person first replied."""
        return min((one.at for one in self.replies if one.author != self.author), default=None)


class Metric(NamedTuple):
    """A figure, what it is made of (cases, people), its light, and the key of the next thing to do if red."""

    value: float | None
    cases: int
    light: Light
    act: str = ""


class Threshold(NamedTuple):
    """From where a figure is green and from where red; green below red means that less is better."""

    green: float
    red: float
    act: str


# For purpose "helping". Where the requirements name only a green bound, half of it is red.
HELPING: Final[dict[str, Threshold]] = {
    "zero_reply": Threshold(0.15, 0.35, "refer_open_asks"),
    "first_reply": Threshold(4, 16, "find_people_to_ask"),
    "answered_in_72_hours": Threshold(0.85, 0.425, "refer_open_asks"),
    "resolved_in_14_days": Threshold(0.60, 0.30, "ask_the_askers"),
    "across_councils": Threshold(0.50, 0.25, "invite_other_councils"),
}


def measure(threads: Sequence[Thread], now: datetime) -> dict[str, Metric]:
    """Give each metric of a community with purpose "helping"; replies after ``now`` do not count."""
    seen = [_until(one, now) for one in threads if one.at <= now]
    settled = [one for one in seen if now - one.at >= SETTLED]
    asks = [one for one in seen if one.ask]
    asks_settled = [one for one in asks if now - one.at >= SETTLED]
    asks_old = [one for one in asks if now - one.at >= SOLVED]
    silent = [one.first is None for one in settled]
    quick = [one.first is not None and one.first - one.at <= SETTLED for one in asks_settled]
    solved = [one.resolved is not None and one.resolved - one.at <= SOLVED for one in asks_old]
    ties = _ties(seen)
    across = [asker != replier for asker, replier, _ in ties]
    people = {person for _, _, pair in ties for person in pair}
    return {
        "zero_reply": _judged("zero_reply", _share(silent), len(silent), _askers(settled)),
        "first_reply": _judged("first_reply", _first_reply(asks, now), len(asks), _askers(asks)),
        "answered_in_72_hours": _judged(
            "answered_in_72_hours", _share(quick), len(quick), _askers(asks_settled)
        ),
        "resolved_in_14_days": _judged("resolved_in_14_days", _share(solved), len(solved), _askers(asks_old)),
        "across_councils": _judged("across_councils", _share(across), len(across), len(people)),
    }


def matrix(threads: Sequence[Thread]) -> dict[tuple[str, str], int | None]:
    """Give how many replies to threads of one council (first) came from another; None: too few people."""
    cells: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for asker, replier, pair in _ties(threads):
        cells[asker, replier].append(pair)
    return {
        cell: len(pairs) if len({person for pair in pairs for person in pair}) >= FEWEST else None
        for cell, pairs in cells.items()
    }


def _until(thread: Thread, now: datetime) -> Thread:
    resolved = thread.resolved if thread.resolved is not None and thread.resolved <= now else None
    return thread._replace(resolved=resolved, replies=tuple(one for one in thread.replies if one.at <= now))


def _ties(threads: Sequence[Thread]) -> list[tuple[str, str, tuple[int, int]]]:
    return [
        (thread.council, reply.council, (thread.author, reply.author))
        for thread in threads
        for reply in thread.replies
        if thread.council and reply.council and reply.author != thread.author
    ]


def _first_reply(asks: Sequence[Thread], now: datetime) -> float | None:
    """Give the median working hours to the first reply, in the working time of the asker's nation."""
    return survival.median(
        survival.Span(
            between(one.at, one.first or now, one.nation) / timedelta(hours=1), one.first is not None
        )
        for one in asks
    )


def _askers(threads: Sequence[Thread]) -> int:
    return len({one.author for one in threads})


def _share(cases: Sequence[bool]) -> float | None:
    return sum(cases) / len(cases) if cases else None


def _judged(name: str, value: float | None, cases: int, people: int) -> Metric:
    if value is None or min(cases, people) < FEWEST:
        return Metric(None, cases if people >= FEWEST else 0, "none")
    green, red, act = HELPING[name]
    sign = 1 if green < red else -1
    if sign * value <= sign * green:
        return Metric(value, cases, "green")
    return Metric(value, cases, "red", act) if sign * value > sign * red else Metric(value, cases, "amber")
