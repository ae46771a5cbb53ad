"""Two hundred profiles of which it is known who is like whom: planted first, and told badly afterwards.

    people = labelled.profiles(7)        each with its circle: those of one circle are alike

A circle is a problem that people in several councils share: some of them have solved it, some are at it now.
What they say of it is partial, in other words, one level higher on the service list, and mixed with what else
they do. Nothing of ``fedcop.knowledge`` is used here.
"""

import random
from typing import Final

import msgspec

CIRCLES: Final = 20
IN_A_CIRCLE: Final = 10
COUNCILS: Final = 60

# Of each field: its group on the list, what lies below it (f: functions, s: services), what those who
# work there are called.
FIELDS: Final = [
    ("function/30", "f34 f36 f37 f38 f39 f40 s413 s418 s431 s510 s1130 s1423",
     ["Environmental Health", "Waste", "Pollution Control", "Parks"]),
    ("function/105", "f107 f108 f109 f110 f111 f112 s561 s564",
     ["Highways", "Transport", "Traffic Engineer", "Parking Services"]),
    ("function/99", "f100 f101 f102 f103 f104 s485 s487 s494",
     ["Planning", "Building Control Surveyor", "Conservation"]),
    ("function/66", "f67 f68 f69 f70 f71 s88 s112 s137", ["Housing", "Homelessness", "Housing Options"]),
    ("function/58", "f59 f60 f61 f63 s159 s160", ["Social Worker", "Children's Services", "Adult Care"]),
    ("function/42", "f48 f49 f50 f51 f53 f54 f56 f57 s722",
     ["Democratic Services", "Information Governance", "Policy", "Revenues"]),
    ("function/72", "f73 f74 f76 f78 f80 f81", ["Librarian", "Leisure", "Museum Curator", "Tourism"]),
    ("function/6", "f7 f9 f12 f13 f14 f15 s403 s830", ["Regeneration", "Procurement", "Trading Standards"]),
]  # fmt: skip
RANKS: Final = ["{}", "{} Officer", "Senior {} Officer", "{} Manager", "Head of {}", "Principal {} Officer"]
LANDS: Final = ["Sparse and rural", "Rural", "Urban"]
NATIONS: Final = ["England", "Wales", "Scotland"]
TIERS: Final = ["county", "district", "unitary"]


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """A profile, and the circle that it belongs to."""

    id: int
    circle: int
    council: str
    labels: frozenset[str]
    role: str
    areas: tuple[str, ...]
    offers: tuple[str, ...]
    needs: tuple[str, ...]


def _below(field: int) -> list[str]:
    kinds = {"f": "function/", "s": "service/"}
    return [kinds[one[0]] + one[1:] for one in FIELDS[field][1].split()]


def above() -> dict[str, str]:
    """Give the function above each service, as the list of the generator has it."""
    return {one: field[0] for number, field in enumerate(FIELDS) for one in _below(number)}


def profiles(seed: int) -> list[Planted]:
    """Give the profiles, in an order that tells nothing."""
    lots = random.Random(seed)
    councils = [
        (f"E{number:08}", frozenset({lots.choice(LANDS), lots.choice(NATIONS), lots.choice(TIERS)}))
        for number in range(COUNCILS)
    ]
    ids = list(range(1, CIRCLES * IN_A_CIRCLE + 1))
    lots.shuffle(ids)
    people: list[Planted] = []
    problems: list[list[str]] = []
    for circle in range(CIRCLES):
        group, _, roles = FIELDS[circle % len(FIELDS)]
        problem = _problem(lots, _below(circle % len(FIELDS)), problems)
        method = lots.choice(roles)
        problems.append(problem)
        land = lots.choice(LANDS)
        near = [council for council in councils if land in council[1]]
        people += [_person(lots, ids.pop(), circle, group, problem, method, near) for _ in range(IN_A_CIRCLE)]
    lots.shuffle(people)
    return people


def _problem(lots: random.Random, below: list[str], others: list[list[str]]) -> list[str]:
    """Give three services that no other circle has two of: else nobody could tell the two apart."""
    while True:
        problem = lots.sample(below, 3)
        if all(len({*problem} & {*other}) < 2 for other in others):
            return problem


def _person(
    lots: random.Random, row: int, circle: int, group: str, problem: list[str], role: str,
    near: list[tuple[str, frozenset[str]]],
) -> Planted:  # fmt: skip
    code, labels = lots.choice(near)
    said = [one if lots.random() < 0.85 else group for one in problem if lots.random() < 0.9] or problem[:1]
    solved = lots.random() < 0.5
    else_of = _below(lots.randrange(len(FIELDS)))
    noise = [lots.choice(else_of) for _ in range(lots.randint(0, 2))]
    others = lots.sample(problem, 1) if lots.random() < 0.5 else []
    return Planted(
        id=row,
        circle=circle,
        council=code,
        labels=labels,
        role=lots.choice(RANKS).format(role) if lots.random() < 0.8 else "",
        areas=(group,) if lots.random() < 0.5 else (),
        offers=tuple(dict.fromkeys([*(said if solved else others), *noise])),
        needs=tuple(dict.fromkeys(others if solved else said)),
    )
