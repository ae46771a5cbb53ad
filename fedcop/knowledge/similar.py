"""People like somebody, and why: pure.

    similar.alike(me, others, above, seed="2026-03-02")      the most alike first, each with its reasons

What counts, and how much: the other knows what one looks for (KNOWS), looks for what one knows (ASKS), works
on the same (WORK), looks for the same (SEEKS), has such a role (ROLE), is of a council like one's own
(COUNCIL). A service counts the more the fewer people have it; one above or below another counts for less, one
beside it for less still.

Rules that hold in this file
  1. A reason is a fact that both said: services, words of a role, labels of councils. Nothing is guessed,
     nothing is kept. Who shares no more than the kind of council, or a field of work, is not like anybody.
  2. Of the first five at most two are of one council, where there are others.
  3. Ties are broken by the seed and the row alone: the same people are shown all day.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

KNOWS: Final = 1.0
ASKS: Final = 0.7
WORK: Final = 0.8
SEEKS: Final = 0.5
ROLE: Final = 0.9
COUNCIL: Final = 0.4

NEXT: Final = 0.4  # how near a service is to the one above it
BESIDE: Final = 0.1  # and to another below the same
MOST_TOPS: Final = 5
MOST_OF_A_COUNCIL: Final = 2

Key = Literal["knows", "asks", "work", "seeks", "role", "council"]

# Words of a role that say how high somebody stands, not what they do.
_RANKS: Final = frozenset(
    {
        *("and", "of", "for", "the", "a", "an", "ac", "i", "y", "yr", "o"),
        *(
            "head",
            "senior",
            "principal",
            "lead",
            "chief",
            "assistant",
            "deputy",
            "interim",
            "acting",
            "trainee",
        ),
        *(
            "officer",
            "manager",
            "director",
            "adviser",
            "advisor",
            "team",
            "leader",
            "coordinator",
            "specialist",
        ),
        *("pennaeth", "uwch", "prif", "arweinydd", "cynorthwyol", "dirprwy", "swyddog", "rheolwr"),
        *("specialist", "cyfarwyddwr", "ymgynghorydd", "tîm", "arbenigwr"),
    }
)
_WORD: Final = re.compile(r"[^\W\d_]+")


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of themself; ``council`` says who is of the same one, ``labels`` what it is like."""

    id: int
    council: str = ""
    labels: frozenset[str] = frozenset()
    role: str = ""
    areas: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Reason(msgspec.Struct, frozen=True):
    """A fact that counted: ``terms`` are ids of services, words of a role or labels of councils."""

    key: Key
    terms: tuple[str, ...]


class Match(msgspec.Struct, frozen=True):
    """Somebody alike: their row, how much, and why, the weightiest reason first."""

    id: int
    score: float
    reasons: tuple[Reason, ...]


class _Measure:
    """How near services are to each other, and how rare each is among those who are compared."""

    def __init__(self, people: Sequence[Profile], above: Mapping[str, str]) -> None:
        self._above = above
        self._people = len(people)
        self._held = Counter(
            term for person in people for term in {*person.areas, *person.offers, *person.needs}
        )

    def weight(self, term: str) -> float:
        return math.log(1 + self._people / max(self._held[term], 1))

    def near(self, one: str, other: str) -> float:
        if one == other:
            return 1.0
        over, under = self._above.get(one), self._above.get(other)
        if over == other or under == one:
            return NEXT
        return BESIDE if over is not None and over == under else 0.0

    def covered(self, wanted: Sequence[str], held: Sequence[str]) -> float:
        """Tell how much of what is wanted somebody has, from 0 to 1."""
        whole = sum(map(self.weight, wanted))
        found = (
            self.weight(one) * max((self.near(one, other) for other in held), default=0) for one in wanted
        )
        return sum(found) / whole if whole else 0.0

    def both(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Tell how much two have in common, from 0 to 1."""
        return (self.covered(one, other) + self.covered(other, one)) / 2

    def met(self, wanted: Sequence[str], held: Sequence[str]) -> tuple[str, ...]:
        """Give which of what somebody has is wanted, or lies next to it, the rarest first."""
        found = [one for one in held if any(self.near(one, other) >= NEXT for other in wanted)]
        return tuple(sorted(dict.fromkeys(found), key=lambda term: (-self.weight(term), term)))


def alike(me: Profile, others: Iterable[Profile], above: Mapping[str, str], *, seed: str) -> list[Match]:
    """Give who is like somebody, the most alike first; ``above`` says below which function a service is."""
    people = [other for other in others if other.id != me.id]
    measure = _Measure([me, *people], above)
    matches = [match for other in people if (match := _match(me, other, measure)) is not None]
    return _spread(matches, {other.id: other.council for other in people}, seed)


def _match(me: Profile, other: Profile, measure: _Measure) -> Match | None:
    mine, theirs = _work(me), _work(other)
    words, labels = words_of(me.role) & words_of(other.role), me.labels & other.labels
    parts: list[tuple[Key, float, tuple[str, ...]]] = [
        ("knows", KNOWS * measure.covered(me.needs, other.offers), measure.met(me.needs, other.offers)),
        ("asks", ASKS * measure.covered(other.needs, me.offers), measure.met(other.needs, me.offers)),
        ("work", WORK * measure.both(mine, theirs), measure.met(mine, theirs)),
        ("seeks", SEEKS * measure.both(me.needs, other.needs), measure.met(me.needs, other.needs)),
        ("role", ROLE * _shared(words_of(me.role), words_of(other.role)), tuple(sorted(words))),
        ("council", COUNCIL * _shared(me.labels, other.labels), tuple(sorted(labels))),
    ]
    reasons = [(score, Reason(key, terms)) for key, score, terms in parts if terms]
    if not any(reason.key != "council" for _, reason in reasons):
        return None
    ordered = sorted(reasons, key=lambda part: -part[0])
    return Match(other.id, sum(score for _, score, _ in parts), tuple(reason for _, reason in ordered))


def _work(person: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*person.offers, *person.areas)))


def words_of(role: str) -> frozenset[str]:
    """Give the words of a role that say what somebody does, without ranks, in small letters."""
    return frozenset(word for word in _WORD.findall(role.lower()) if word not in _RANKS)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _spread(matches: list[Match], councils: Mapping[int, str], seed: str) -> list[Match]:
    ordered = sorted(matches, key=lambda match: (-round(match.score, 9), _lot(seed, match.id)))
    counts: Counter[str] = Counter()
    first: list[Match] = []
    for match in ordered:
        if len(first) < MOST_TOPS and counts[councils[match.id]] < MOST_OF_A_COUNCIL:
            counts[councils[match.id]] += 1
            first.append(match)
    chosen = {match.id for match in first}
    return [*first, *(match for match in ordered if match.id not in chosen)]


def _lot(seed: str, row: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{row}".encode(), digest_size=8).digest()
