"""A year of asks in many councils, with and without routing: the real clock, choice and rows, nothing else.

    result = await run(world.make(seed=6), folder, seed=6)

What is simulated is whether people answer; whom to ask and when is ``fedcop.knowledge.route``'s, and who was
asked is kept in ``storage.escalations`` and ``storage.referrals``. No HTTP, no keys. All communities are
taken as of one node, so that the bound of two asks a week is seen from the rows, as a node sees it.
"""

import heapq
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from bench.world import ANSWERED_ROUTED, BEGINS, ROUTED_WITHIN, Asked, Person, World, function_of
from fedcop.knowledge import route, working_time
from fedcop.knowledge.route import Candidate, Choice, Need, Step, Taken
from storage import actors, escalations, migrate, posts, referrals
from storage.actors import NewActor
from storage.engine import Transaction
from storage.escalations import Escalation
from storage.ids import ActorId, PostId, RowId
from storage.inline import InlineStore
from storage.posts import NewPost
from storage.referrals import Referral

HOST = "year.example"
ROUND = timedelta(hours=1)  # how often the broker looks


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one ask; ``step``: the last one that was taken before somebody answered."""

    asked: Asked
    answered_at: datetime | None
    step: Step | None
    asked_people: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated year: what became of each ask, and when each person was asked."""

    ended: tuple[Ended, ...]
    loads: dict[int, list[datetime]]

    def unanswered(self, month: int | None = None) -> float:
        """Give the share of asks that nobody ever answered, of a month if named."""
        counted = [one for one in self.ended if month in (None, one.asked.at.month)]
        return sum(one.answered_at is None for one in counted) / max(len(counted), 1)

    def unrouted(self, month: int | None = None) -> float:
        """Give the share that nobody would have answered unasked."""
        counted = [one for one in self.ended if month in (None, one.asked.at.month)]
        return sum(one.asked.answered_at is None for one in counted) / max(len(counted), 1)

    def most_in_a_week(self) -> int:
        """Give how often the person who was asked most was asked in any seven days."""
        return max((_most(moments) for moments in self.loads.values()), default=0)

    def hours_to_answer(self, *, routed: bool) -> list[float]:
        """Give the working hours from each ask to its first answer, sorted; unanswered ones are left out."""
        found = []
        for one in self.ended:
            at = one.answered_at if routed else one.asked.answered_at
            if at is not None:
                found.append(working_time.between(one.asked.at, at, one.asked.nation) / timedelta(hours=1))
        return sorted(found)


def _most(moments: list[datetime]) -> int:
    return max(sum(1 for other in moments if at - route.WEEK < other <= at) for at in moments)


class _Year:
    """The year as it goes on: who waits for an answer, and what is to happen when."""

    def __init__(self, world: World, store: InlineStore, seed: int) -> None:
        self.world, self.store, self.seed = world, store, str(seed)
        self.draw = random.Random(f"{seed} answers")
        self.by_function: dict[str, list[Person]] = defaultdict(list)
        for person in world.people:
            for function in person.functions:
                self.by_function[function].append(person)
        self.answered: dict[int, datetime] = {}
        self.steps: dict[int, Step] = {}
        self.asked_people: dict[int, int] = defaultdict(int)
        self.loads: dict[int, list[datetime]] = defaultdict(list)
        self.next_row = 10_000_000

    def row(self) -> int:
        self.next_row += 1
        return self.next_row


async def run(world: World, folder: Path, *, seed: int) -> Result:
    """Let a year pass over a world, with rows in a new database in a folder."""
    path = folder / "year.db"
    migrate.migrate(f"sqlite:{path}")
    store = InlineStore(path)
    try:
        year = _Year(world, store, seed)
        await store.write(_settle, world)
        await _pass(year)
    finally:
        await store.close()
    ended = tuple(
        Ended(
            asked=one,
            answered_at=year.answered.get(one.number),
            step=year.steps.get(one.number),
            asked_people=year.asked_people[one.number],
        )
        for one in world.asked
    )
    return Result(ended=ended, loads=dict(year.loads))


async def _settle(tx: Transaction, world: World) -> None:
    """Store the people and the one actor that stands for every community."""
    for number in range(-1, len(world.people)):
        handle = "community" if number < 0 else f"p{number}"
        kind = "Group" if number < 0 else "Person"
        new = NewActor(
            uri=f"https://{HOST}/{handle}", type=kind, handle=handle, host=HOST, domain=HOST, local=True,
            created_at=BEGINS, updated_at=BEGINS,
        )  # fmt: skip
        await actors.add_local(tx, new, ActorId(number + 2))


async def _pass(year: _Year) -> None:
    """Let the hours pass: what is asked, what is answered, and what the broker does about silence."""
    waiting = list(reversed(year.world.asked))
    now, replies = BEGINS, list[tuple[datetime, int]]()
    while waiting or replies or await year.store.read(escalations.due, now + 30 * route.WEEK, 1):
        now += ROUND
        new = []
        while waiting and waiting[-1].at <= now:
            new.append(one := waiting.pop())
            if one.answered_at is not None:
                heapq.heappush(replies, (one.answered_at, one.number))
        heard = []
        while replies and replies[0][0] <= now:
            heard.append(heapq.heappop(replies))
        for at, number in heard:
            year.answered.setdefault(number, at)
        if new or heard or await year.store.read(escalations.due, now, 1):
            for reply in await year.store.write(_hour, year, new, [number for _, number in heard], now):
                heapq.heappush(replies, reply)


async def _hour(
    tx: Transaction, year: _Year, new: list[Asked], heard: list[int], now: datetime
) -> list[tuple[datetime, int]]:
    """Write what happened within an hour; give the replies that it leads to."""
    for one in new:
        await _begin(tx, one)
    for number in heard:
        await escalations.stop(tx, PostId(number + 1))
    replies = []
    for escalation in await escalations.due(tx, now, 1000):
        replies += await _take(tx, year, escalation, now)
    return replies


async def _begin(tx: Transaction, one: Asked) -> None:
    post_id, uri = PostId(one.number + 1), f"https://{HOST}/posts/{one.number}"
    await posts.add(
        tx,
        NewPost(
            id=post_id, uri=uri, url=uri, host=HOST, local=True, author_id=ActorId(one.asker.number + 2),
            community_id=ActorId(1), type="Page", title=one.service, audience="public", root_id=post_id,
            published_at=one.at,
        ),
    )  # fmt: skip
    following = route.next_step(one.at, one.nation, None)
    await escalations.begin(
        tx,
        Escalation(post_id, ActorId(1), one.nation, one.at, None, None, following[1] if following else None),
    )


async def _take(
    tx: Transaction, year: _Year, escalation: Escalation, now: datetime
) -> list[tuple[datetime, int]]:
    """Take the steps of one ask that are due, as the broker does; give when people will answer."""
    one = year.world.asked[escalation.post_id - 1]
    taken = Taken(step=escalation.step, at=escalation.step_at) if escalation.step else None
    replies: list[tuple[datetime, int]] = []
    following = route.next_step(one.at, one.nation, taken)
    while following is not None and following[1] <= now:
        step = following[0]
        choice = await _chosen(tx, year, one, step, now)
        for chosen in choice.chosen:
            replies += await _refer(tx, year, one, step, chosen.person, now)
        taken = Taken(step=step, at=now, empty=step in route.RINGS and not choice.chosen)
        following = route.next_step(one.at, one.nation, taken)
        await escalations.move(tx, escalation.post_id, step, now, following[1] if following else None)
        await escalations.add_step(
            tx, RowId(year.row()), escalation.post_id, step=step, asked=len(choice.chosen),
            passed_over=choice.passed_over, at=now,
        )  # fmt: skip
        year.steps[one.number] = step
    return replies


async def _chosen(tx: Transaction, year: _Year, one: Asked, step: Step, now: datetime) -> Choice:
    if step not in route.RINGS:
        return Choice(chosen=(), passed_over={})
    people = year.by_function[function_of(one.service)]
    ids = [ActorId(person.number + 2) for person in people]
    times: dict[int, list[datetime]] = defaultdict(list)
    for actor_id, at in await referrals.asked_since(tx, ids, now - route.LOOKED_BACK):
        times[actor_id].append(at)
    had = {row.person_id for row in await referrals.of_ask(tx, PostId(one.number + 1))}
    need = Need(
        ask=one.number, asker=one.asker.number, council=str(one.asker.council),
        services=frozenset({one.service}), functions=frozenset({function_of(one.service)}),
    )  # fmt: skip
    candidates = [
        _candidate(person, one, tuple(times[person.number + 2]), had=person.number + 2 in had, now=now)
        for person in people
        if person.offers
    ]
    return route.choose(need, candidates, step, now, seed=year.seed)


def _candidate(
    person: Person, one: Asked, asked_at: tuple[datetime, ...], *, had: bool, now: datetime
) -> Candidate:
    absence = person.absence(now)
    until: date | None = absence[1].date() if absence and absence[2] else None
    return Candidate(
        person=person.number, council=str(person.council), services=person.offers,
        functions=person.functions, member=one.community in person.communities, asked_at=asked_at, had=had,
        away_until=until,
    )  # fmt: skip


async def _refer(
    tx: Transaction, year: _Year, one: Asked, step: Step, number: int, now: datetime
) -> list[tuple[datetime, int]]:
    """Ask somebody; give when they answer, if they do."""
    row = RowId(year.row())
    await referrals.add(
        tx,
        Referral(
            row, PostId(one.number + 1), ActorId(1), ActorId(number + 2), PostId(row), step, None, "[]", now
        ),
        most=route.MOST_A_WEEK,
        since=now - route.WEEK,
    )
    year.asked_people[one.number] += 1
    year.loads[number].append(now)
    answers = year.draw.random() < ANSWERED_ROUTED
    after = ROUTED_WITHIN * year.draw.random()
    if not answers or year.world.people[number].absence(now) is not None:
        return []
    return [(working_time.after(now, after, one.nation), one.number)]
