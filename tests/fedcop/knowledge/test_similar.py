"""Who is like whom, and why."""

import pytest

from fedcop.knowledge import similar
from fedcop.knowledge.similar import Profile, Reason
from tests.support import labelled

ABOVE = {"function/110": "function/105", "function/109": "function/105", "service/561": "function/109"}
ME = Profile(
    id=1, council="kent", role="Senior Parking Officer", offers=("function/110",), needs=("service/561",)
)


def _alike(*others: Profile, me: Profile = ME) -> dict[int, tuple[Reason, ...]]:
    return {match.id: match.reasons for match in similar.alike(me, others, ABOVE, seed="x")}


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (Profile(id=2, offers=("service/561",)), [Reason("knows", ("service/561",))]),
        (Profile(id=2, offers=("function/109",)), [Reason("knows", ("function/109",))]),
        (Profile(id=2, needs=("function/110",)), [Reason("asks", ("function/110",))]),
        (Profile(id=2, areas=("function/110",)), [Reason("work", ("function/110",))]),
        (Profile(id=2, needs=("service/561",)), [Reason("seeks", ("service/561",))]),
        (Profile(id=2, role="Head of Parking"), [Reason("role", ("parking",))]),
    ],
)
def test_each_thing_in_common_is_a_reason(other: Profile, reasons: list[Reason]) -> None:
    assert [*_alike(other)[2]] == reasons


@pytest.mark.parametrize(
    "other",
    [
        Profile(id=2),
        Profile(id=2, role="Senior Officer"),
        Profile(id=2, labels=frozenset({"Rural"})),
        Profile(id=2, offers=("function/76",), needs=("function/78",)),
        Profile(id=2, areas=("function/109",)),  # beside what ME knows, and neither above nor below
        Profile(id=1, offers=("service/561",)),
    ],
)
def test_whoever_shares_nothing_that_counts_is_not_alike(other: Profile) -> None:
    me = Profile(id=1, role=ME.role, offers=ME.offers, needs=("service/4",), labels=frozenset({"Rural"}))
    assert _alike(other, me=me) == {}


def test_every_reason_is_what_both_said() -> None:
    people = labelled.profiles(3)
    profiles = [_profile(one) for one in people]
    said = {one.id: one for one in people}
    above = labelled.above()

    def meets(one: str, other: str) -> bool:
        return one == other or above.get(one) == other or above.get(other) == one

    for me in profiles[:40]:
        for match in similar.alike(me, profiles, above, seed="x"):
            they = said[match.id]
            sides = {
                "knows": (me.needs, they.offers),
                "asks": (they.needs, me.offers),
                "work": ((*me.offers, *me.areas), (*they.offers, *they.areas)),
                "seeks": (me.needs, they.needs),
            }
            for reason in match.reasons:
                assert reason.terms
                if reason.key in sides:
                    wanted, held = sides[reason.key]
                    assert all(term in held for term in reason.terms)
                    assert all(any(meets(term, one) for one in wanted) for term in reason.terms)
                elif reason.key == "role":
                    assert all(word in me.role.lower() and word in they.role.lower() for word in reason.terms)
                else:
                    assert set(reason.terms) <= me.labels & they.labels


def test_who_knows_what_is_looked_for_comes_before_who_does_the_same() -> None:
    knows, same = Profile(id=2, offers=("service/561",)), Profile(id=3, offers=("function/110",))
    assert [*_alike(same, knows)] == [2, 3]


def test_what_few_have_counts_for_more() -> None:
    me = Profile(id=1, needs=("function/76", "function/78"))
    common = [Profile(id=number, offers=("function/76",)) for number in range(2, 12)]
    assert next(iter(_alike(*common, Profile(id=20, offers=("function/78",)), me=me))) == 20


def test_of_the_first_five_at_most_two_are_of_one_council() -> None:
    people = [
        Profile(id=number, council="devon" if number < 10 else f"c{number}", offers=("service/561",))
        for number in range(2, 14)
    ]
    found = similar.alike(ME, people, ABOVE, seed="x")
    first = [next(one.council for one in people if one.id == match.id) for match in found[:5]]
    assert first.count("devon") == 2
    assert len(found) == len(people)


def test_the_same_people_are_shown_all_day_and_in_whatever_order_they_come() -> None:
    people = [Profile(id=number, council=str(number), offers=("service/561",)) for number in range(2, 10)]
    found = [match.id for match in similar.alike(ME, people, ABOVE, seed="2026-03-02")]
    assert [match.id for match in similar.alike(ME, people[::-1], ABOVE, seed="2026-03-02")] == found
    days = {tuple(match.id for match in similar.alike(ME, people, ABOVE, seed=f"{n}")) for n in range(9)}
    assert len(days) > 1


def test_ranks_are_no_part_of_a_role() -> None:
    assert similar.words_of("Head of Parking & Traffic") == {"parking", "traffic"}
    assert similar.words_of("Uwch Swyddog Cynllunio") == {"cynllunio"}


def _profile(one: labelled.Planted) -> Profile:
    return Profile(
        id=one.id, council=one.council, labels=one.labels, role=one.role, areas=one.areas,
        offers=one.offers, needs=one.needs,
    )  # fmt: skip


def _right(people: list[labelled.Planted], profiles: list[Profile]) -> float:
    """Give for how many of the probes at least 4 of the first 5 are of their circle."""
    circles = {one.id: one.circle for one in people}
    good = 0
    for me in profiles:
        found = similar.alike(me, profiles, labelled.above(), seed="x")[:5]
        good += sum(circles[match.id] == circles[me.id] for match in found) >= 4
    return good / len(profiles)


def test_of_two_hundred_profiles_four_of_five_are_right_for_four_probes_of_five() -> None:
    people = labelled.profiles(21)
    assert len(people) == 200
    assert _right(people, [_profile(one) for one in people]) >= 0.8


def test_the_profiles_are_not_told_apart_by_their_roles_alone() -> None:
    people = labelled.profiles(21)
    roles = [Profile(id=one.id, council=one.council, labels=one.labels, role=one.role) for one in people]
    assert _right(people, roles) < 0.7
