"""Community health is what a slow reckoning from the definitions gives, and nobody is told by a small figure."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from fedcop.knowledge import health
from fedcop.knowledge.health import Reply, Thread

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
HOLIDAYS = {
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 4),
    (2026, 5, 25),
}  # gov.uk/bank-holidays, England and Wales


def world(seed: int, people: int, threads: int) -> list[Thread]:
    rng = random.Random(seed)
    council = {person: rng.choice(["W1", "W2", "E3", None]) for person in range(people)}
    made = []
    for _ in range(threads):
        author, at = rng.randrange(people), NOW - timedelta(minutes=15 * rng.randrange(90 * 96))
        writers = [rng.randrange(people) for _ in range(rng.choice([0, 0, 1, 2, 4]))]
        replies = [Reply(w, council[w], at + timedelta(minutes=15 * rng.randrange(1, 800))) for w in writers]
        solved = at + timedelta(days=rng.randrange(1, 30)) if rng.random() < 0.6 else None
        made.append(Thread(author, council[author], "wales", at, rng.random() < 0.7, solved, tuple(replies)))
    return made


def worked_hours(start: datetime, end: datetime) -> Fraction:
    """Count quarters of an hour one by one; London is an hour ahead of UTC in all of the window."""
    quarters = 0
    while start < end:
        local = start + timedelta(hours=1)
        open_day = local.weekday() < 5 and (local.year, local.month, local.day) not in HOLIDAYS
        quarters += open_day and 8 <= local.hour < 18
        start += timedelta(minutes=15)
    return Fraction(quarters, 4)


def slow_median(spans: list[tuple[Fraction, bool]]) -> Fraction | None:
    for moment in sorted({length for length, ended in spans if ended}):
        left = Fraction(1)
        for earlier in {length for length, ended in spans if ended and length <= moment}:
            at_risk = sum(1 for length, _ in spans if length >= earlier)
            left *= 1 - Fraction(sum(1 for one in spans if one == (earlier, True)), at_risk)
        if left <= Fraction(1, 2):
            return moment
    return None


def reference(threads: list[Thread]) -> dict[str, Fraction | None]:
    cases: dict[str, list[tuple[bool, set[int]]]] = {
        name: [] for name in ("zero_reply", "answered_in_72_hours", "resolved_in_14_days", "across_councils")
    }
    spans, askers = [], set()
    for t in threads:
        others = sorted((r for r in t.replies if r.author != t.author and r.at <= NOW), key=lambda r: r.at)
        age = NOW - t.at
        if age >= timedelta(days=3):
            cases["zero_reply"].append((not others, {t.author}))
            if t.ask:
                quick = any(r.at <= t.at + timedelta(days=3) for r in others)
                cases["answered_in_72_hours"].append((quick, {t.author}))
        if t.ask and age >= timedelta(days=14):
            done = t.resolved is not None and t.resolved <= min(NOW, t.at + timedelta(days=14))
            cases["resolved_in_14_days"].append((done, {t.author}))
        for r in others:
            if r.council is not None and t.council is not None:
                cases["across_councils"].append((r.council != t.council, {t.author, r.author}))
        if t.ask:
            spans.append((worked_hours(t.at, others[0].at if others else NOW), bool(others)))
            askers.add(t.author)
    found: dict[str, Fraction | None] = {}
    for name, rows in cases.items():
        enough = len(rows) >= 5 and len(set().union(*(who for _, who in rows))) >= 5
        found[name] = Fraction(sum(yes for yes, _ in rows), len(rows)) if enough else None
    found["first_reply"] = slow_median(spans) if len(spans) >= 5 and len(askers) >= 5 else None
    return found


@pytest.mark.parametrize(("seed", "people", "threads"), [(1, 40, 120), (2, 12, 60), (3, 6, 15), (4, 4, 60)])
def test_each_figure_is_that_of_the_slow_reference(seed: int, people: int, threads: int) -> None:
    made = world(seed, people, threads)
    wanted, found = reference(made), health.measure(made, NOW)
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        given = found[name].value
        assert (given is None) == (value is None), name
        assert value is None or given == pytest.approx(float(value), abs=1e-9), name


def test_fewer_than_five_people_give_no_figure_and_no_light() -> None:
    found = health.measure(world(4, 4, 60), NOW)
    assert {(one.value, one.cases, one.light) for one in found.values()} == {(None, 0, "none")}
    assert set(health.matrix(world(4, 4, 60)).values()) == {None}


def test_a_community_that_answers_nobody_is_red_and_is_told_what_to_do() -> None:
    silent = [Thread(one, "W1", "wales", NOW - timedelta(days=20), ask=True) for one in range(6)]
    found = health.measure(silent, NOW)
    assert found["zero_reply"] == health.Metric(1.0, 6, "red", "refer_open_asks")
    assert found["answered_in_72_hours"].light == "red"


def test_a_cell_of_the_matrix_has_at_least_five_people() -> None:
    replies = tuple(Reply(one, "W2", NOW) for one in range(1, 5))
    thread = Thread(0, "W1", "wales", NOW, replies=replies)
    assert health.matrix([thread]) == {("W1", "W2"): 4}
    assert health.matrix([thread._replace(replies=replies[:3])]) == {("W1", "W2"): None}
