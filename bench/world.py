"""A made-up world of councils for the simulated year: who works where on what, and what is asked.

Everything comes from one seed. It knows nothing of how people are found: what somebody knows and what an ask
needs are drawn first, by themselves.
"""

import random
from datetime import UTC, datetime, timedelta

import msgspec

from fedcop.knowledge import working_time
from fedcop.knowledge.working_time import Nation

FUNCTIONS = 40  # of local government: highways, libraries, planning ...
SERVICES = 6  # of each function
COMMUNITIES = 30
ASKS_A_DAY = 24
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)

# Fixed before anything was tuned.
ANSWERED_UNROUTED = 0.39
ANSWERED_ROUTED = 0.35
AWAY = 0.12
TELL_WHEN_AWAY = 0.5  # of those who are away: the rest are asked and do not answer
ROUTED_WITHIN = timedelta(hours=16)  # working hours
OFFER = 0.6  # of people: they say what they may be asked about
UNROUTED_AFTER = timedelta(hours=12)  # working hours, on average

NATIONS: tuple[Nation, ...] = (*["england"] * 7, "wales", "wales", "scotland", "scotland", "northern_ireland")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works for a council: in ``functions``, offering to be asked about ``offers``."""

    number: int
    council: int
    functions: frozenset[str]
    offers: frozenset[str]
    communities: frozenset[int]
    away: tuple[tuple[datetime, datetime, bool], ...]

    def absence(self, at: datetime) -> tuple[datetime, datetime, bool] | None:
        """Give the days off in which a moment lies, and whether they were told."""
        return next((one for one in self.away if one[0] <= at < one[1]), None)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's question about a service; ``answered_at`` by whoever happens to read it, routed or not."""

    number: int
    asker: Person
    community: int
    service: str
    nation: Nation
    at: datetime
    answered_at: datetime | None


class World(msgspec.Struct, frozen=True, kw_only=True):
    """People of councils and what they ask in the course of a year."""

    people: tuple[Person, ...]
    asked: tuple[Asked, ...]


def function_of(service: str) -> str:
    """Give the function that a service belongs to."""
    return service.rpartition(".")[0]


def make(
    seed: int, *, councils: int = 12, people: int = 3000, days: int = 365, asks: int = ASKS_A_DAY
) -> World:
    """Draw a world from a seed: ``asks`` questions on each working day."""
    draw = random.Random(seed)
    topics = [frozenset(_function(draw) for _ in range(3)) for _ in range(COMMUNITIES)]
    sizes = [draw.uniform(0.5, 2) for _ in range(councils)]
    staff = [_person(draw, number, sizes, topics, days) for number in range(people)]
    members: list[list[Person]] = [
        [person for person in staff if number in person.communities] for number in range(COMMUNITIES)
    ]
    asked: list[Asked] = []
    for day in range(days):
        opens = BEGINS + timedelta(days=day, hours=8)
        if working_time.is_working_day(opens.date(), "england"):
            moments = sorted(opens + timedelta(seconds=draw.uniform(0, 36_000)) for _ in range(asks))
            asked += [_asked(draw, len(asked) + n, members, topics, at) for n, at in enumerate(moments)]
    return World(people=tuple(staff), asked=tuple(asked))


def _function(draw: random.Random) -> str:
    """Draw a function: the first ones are work for many, the last ones for few."""
    return str(int(FUNCTIONS * draw.random() ** 1.5))


def _service(draw: random.Random, function: str) -> str:
    return f"{function}.{int(SERVICES * draw.random() ** 1.5)}"


def _person(
    draw: random.Random, number: int, sizes: list[float], topics: list[frozenset[str]], days: int
) -> Person:
    functions = frozenset(_function(draw) for _ in range(draw.choice((1, 1, 2))))
    offers = frozenset(_service(draw, draw.choice(sorted(functions))) for _ in range(draw.randint(1, 4)))
    near = [number for number, about in enumerate(topics) if about & functions]
    joined = [one for one in near if draw.random() < 0.5] or [draw.randrange(len(topics))]
    return Person(
        number=number,
        council=draw.choices(range(len(sizes)), sizes)[0],
        functions=functions,
        offers=offers if draw.random() < OFFER else frozenset(),
        communities=frozenset(joined),
        away=_absences(draw, days),
    )


def _absences(draw: random.Random, days: int) -> tuple[tuple[datetime, datetime, bool], ...]:
    """Draw weeks off that make up the share of a year in which somebody is away."""
    found, at = [], BEGINS - timedelta(days=draw.uniform(0, 90))
    while at < BEGINS + timedelta(days=days + 60):
        at += timedelta(days=draw.expovariate(AWAY / (1 - AWAY) / 10))
        back = at + timedelta(days=draw.expovariate(1 / 10))
        found.append((at, back, draw.random() < TELL_WHEN_AWAY))
        at = back
    return tuple(found)


def _asked(
    draw: random.Random,
    number: int,
    members: list[list[Person]],
    topics: list[frozenset[str]],
    at: datetime,
) -> Asked:
    community = draw.choice([number for number, those in enumerate(members) if those])
    asker = draw.choice(members[community])
    nation = NATIONS[asker.council % len(NATIONS)]
    answered = draw.random() < ANSWERED_UNROUTED
    after = timedelta(hours=draw.expovariate(timedelta(hours=1) / UNROUTED_AFTER))
    return Asked(
        number=number,
        asker=asker,
        community=community,
        service=_service(draw, draw.choice(sorted(topics[community]))),
        nation=nation,
        at=at,
        answered_at=working_time.after(at, after, nation) if answered else None,
    )
