"""Whom to ask next, and when: silence on an ask escalates by working hours, nearest first.

    schedule(asked_at, "wales")                      every step of the clock with its moment
    next_step(asked_at, "wales", taken)              the one that follows what was done already
    choose(need, candidates, step, now, seed="…")    at most three people, each with the reasons for them
    obstacle(need, candidate, now)                   why somebody is not asked; None when they may be

The clock (decision 15 of the design, working hours since the ask): after 8 the facilitators are told, after
24 experts in the community are asked, after 48 experts in other councils, after 72 a facilitator must act.

Rules that hold in this file
  1. Nobody is asked more than twice in seven days, by however many communities; less if they said so.
  2. Nobody is asked who stopped it, is away, was asked already, is blocked by the asker or blocks them, or
     asked the question. Where only members read, only members are asked.
  3. A step that finds nobody gives its turn to the next one at once. One that comes late, since the node was
     down, leaves those it asked the time that they would have had.
  4. At most two of those chosen are of one council, where there are others. Ties are broken by the seed, the
     ask and the person alone, so that the same question gives the same people.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from fedcop.knowledge import working_time
from fedcop.knowledge.working_time import Nation

Step = Literal["facilitator", "community", "councils", "act"]
Obstacle = Literal["asker", "asked", "stopped", "blocked", "away", "busy", "outside", "nothing"]

CLOCK: Final[tuple[tuple[Step, timedelta], ...]] = (
    ("facilitator", timedelta(hours=8)),
    ("community", timedelta(hours=24)),
    ("councils", timedelta(hours=48)),
    ("act", timedelta(hours=72)),
)
RINGS: Final[tuple[Step, ...]] = ("community", "councils")

AT_ONCE: Final = 3
MOST_A_WEEK: Final = 2
WEEK: Final = timedelta(days=7)
MOST_OF_A_COUNCIL: Final = 2

# What counts for somebody; the whole is at most about 2.
EXACT: Final = 1.0
NEAR: Final = 0.6  # the same function of local government, another service of it
HELPED: Final = 0.4  # grows with the logarithm of what they answered, to this at 20 answers
ELSEWHERE: Final = 0.3  # a council other than the asker's: whoever asks has asked round the house
LOAD: Final = 0.3  # off, for each time they were asked in the last two weeks
LOOKED_BACK: Final = timedelta(days=14)
_MANY: Final = 20


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What an ask wants: ids of the service list, and of the functions that these belong to."""

    ask: int
    asker: int
    council: str
    services: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    members_only: bool = False


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be asked, as this node knows them.

    ``council``: its register code, or the host of its node. ``services``: what they offer to be asked about;
    ``functions``: where they work. ``helped``: accepted or thanked answers about what is needed.
    ``asked_at``: when they were asked of late, about anything. ``had``: they were asked this.
    """

    person: int
    council: str
    services: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    helped: int = 0
    member: bool = False
    asked_at: tuple[datetime, ...] = ()
    had: bool = False
    stopped: bool = False
    blocked: bool = False
    away_from: date | None = None
    away_until: date | None = None
    capacity: int = MOST_A_WEEK


class Reason(msgspec.Struct, frozen=True):
    """Why somebody is asked: ``about`` which service or function, by its id; ``times`` they helped."""

    kind: Literal["service", "function", "helped", "council"]
    about: str = ""
    times: int = 0


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to ask, with what speaks for them, the weightiest first."""

    person: int
    council: str
    score: float
    reasons: tuple[Reason, ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a step asks, and how many it passed over for which reason."""

    chosen: tuple[Chosen, ...]
    passed_over: dict[Obstacle, int]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The last step that was taken on an ask; ``empty`` when it found nobody to ask."""

    step: Step
    at: datetime
    empty: bool = False


def schedule(asked_at: datetime, nation: Nation) -> list[tuple[Step, datetime]]:
    """Give each step of the clock with the moment at which it is due, if nothing is late."""
    return [(step, working_time.after(asked_at, hours, nation)) for step, hours in CLOCK]


def next_step(asked_at: datetime, nation: Nation, taken: Taken | None) -> tuple[Step, datetime] | None:
    """Give what follows the last step and when it is due; None when a facilitator has to act already."""
    done = -1 if taken is None else [step for step, _ in CLOCK].index(taken.step)
    if done + 1 == len(CLOCK):
        return None
    step, hours = CLOCK[done + 1]
    due = working_time.after(asked_at, hours, nation)
    if taken is None:
        return step, due
    if taken.empty:
        return step, taken.at
    return step, max(due, working_time.after(taken.at, hours - CLOCK[done][1], nation))


def ahead(asked_at: datetime, nation: Nation, taken: Taken | None) -> list[tuple[Step, datetime]]:
    """Give the steps that are still to come, each with its moment if those before it find somebody."""
    coming = []
    while (following := next_step(asked_at, nation, taken)) is not None:
        coming.append(following)
        taken = Taken(step=following[0], at=following[1])
    return coming


def obstacle(need: Need, candidate: Candidate, now: datetime) -> Obstacle | None:
    """Give why somebody is not to be asked, whoever proposes them; None when nothing speaks against it."""
    today = now.astimezone(working_time.LONDON).date()
    week = sum(1 for at in candidate.asked_at if at > now - WEEK)
    against: tuple[tuple[Obstacle, bool], ...] = (
        ("asker", candidate.person == need.asker),
        ("asked", candidate.had),
        ("stopped", candidate.stopped),
        ("blocked", candidate.blocked),
        ("outside", need.members_only and not candidate.member),
        ("away", is_away(candidate.away_from, candidate.away_until, today)),
        ("busy", week >= min(candidate.capacity, MOST_A_WEEK)),
    )
    return next((name for name, holds in against if holds), None)


def is_away(away_from: date | None, away_until: date | None, today: date) -> bool:
    """Tell whether a day lies in those on which somebody is away, both included."""
    begun = away_from is None or away_from <= today
    return away_until is not None and begun and today <= away_until


def choose(
    need: Need,
    candidates: Iterable[Candidate],
    step: Step,
    now: datetime,
    *,
    seed: str,
    most: int = AT_ONCE,
) -> Choice:
    """Choose whom a step asks: those for whom most speaks, by council in turn where they are equal."""
    fitting, passed_over = [], dict[Obstacle, int]()
    for candidate in candidates:
        if step not in RINGS or not _is_of(step, need, candidate):
            continue
        reasons = reasons_for(need, candidate)
        found = obstacle(need, candidate, now) or (None if reasons else "nothing")
        if found is not None:
            passed_over[found] = passed_over.get(found, 0) + 1
            continue
        score = _score(need, candidate, reasons, now)
        fitting.append(
            Chosen(person=candidate.person, council=candidate.council, score=score, reasons=reasons)
        )
    fitting.sort(key=lambda one: (-one.score, _lot(seed, need.ask, one.person)))
    return Choice(chosen=tuple(_mixed(fitting, most)), passed_over=passed_over)


def _is_of(step: Step, need: Need, candidate: Candidate) -> bool:
    """Tell whether somebody belongs to the ring that a step asks."""
    return candidate.member if step == "community" else candidate.council != need.council


def reasons_for(need: Need, candidate: Candidate) -> tuple[Reason, ...]:
    """Give what speaks for somebody; nothing when nothing says that they know of it."""
    services = sorted(need.services & candidate.services)
    functions = sorted(need.functions & candidate.functions) if not services else []
    known = [
        *(Reason("service", about) for about in services),
        *(Reason("function", about) for about in functions),
        *([Reason("helped", times=candidate.helped)] if candidate.helped else []),
    ]
    if not known:
        return ()
    return (*known, *([Reason("council")] if candidate.council != need.council else []))


def _score(need: Need, candidate: Candidate, reasons: Sequence[Reason], now: datetime) -> float:
    kinds = {reason.kind for reason in reasons}
    fit = EXACT if "service" in kinds else NEAR if "function" in kinds else 0.0
    helped = HELPED * min(math.log1p(candidate.helped) / math.log1p(_MANY), 1.0)
    lately = sum(1 for at in candidate.asked_at if at > now - LOOKED_BACK)
    return round(fit + helped + (ELSEWHERE if "council" in kinds else 0.0) - LOAD * lately, 6)


def _lot(seed: str, ask: int, person: int) -> bytes:
    return hashlib.sha256(f"{seed}:{ask}:{person}".encode()).digest()


def _mixed(fitting: list[Chosen], most: int) -> list[Chosen]:
    """Take the first so many, but the third of a council only where no other council is left."""
    taken: list[Chosen] = []
    left: list[Chosen] = []
    for one in fitting:
        of_council = sum(1 for other in taken if other.council == one.council)
        (taken if of_council < MOST_OF_A_COUNCIL and len(taken) < most else left).append(one)
    return [*taken, *left[: most - len(taken)]]
