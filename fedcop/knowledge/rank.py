"""What matches best what somebody looks for, and why: pure.

    read = rank.read(found.posts, now)
    rank.posts(read, asker, seed="2026-03-02", most=5)                 the best, each with its reasons
    authors, places = rank.evidence(read)
    rank.people(found.people, authors, asker, seed="...", most=5)

score = 1.0 T + 1.2 E + F (0.8 S + 0.4 P + 0.3 C). T: how well the text matches beside the best that was
found, a topic more than a word of the profile, a rare word more than a common one. E: evidence, what was
written and found helpful, half of it gone after 180 days. S: what their council and the asker's have in
common. P: nearness, a shared community or somebody followed. C: another council, where the asker's own has
nothing. The last three count as far as somebody fits at all: F is the larger of T and E. Whoever's name is
meant stands before all others.

Rules that hold in this file
  1. A reason is a fact that counted: which words stand where, how many posts, how many communities. Nothing
     is said of somebody that the asker could not open themself: what was found is all that goes in.
  2. Of the first five at most two are of one council, where there are others.
  3. Ties are broken by the seed and the row alone: the same question gives the same answer all day.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from storage import ids
from storage.search import Actor, Post, Where

T = TypeVar("T")

TEXT: Final = 1.0
EVIDENCE: Final = 1.2
ALIKE: Final = 0.8
NEAR: Final = 0.4
ELSEWHERE: Final = 0.3
NAMED: Final = 3.0
KNOWN: Final = 0.05  # how many follow somebody: it only parts those who are alike in all else

FIELDS: Final[Mapping[str, float]] = {"topics": 4.0, "title": 4.0, "role": 3.0, "text": 1.0}
HALF_LIFE: Final = timedelta(days=180)
ACCEPTED: Final = 4  # likes or posts that an accepted answer weighs
_HALF: Final = int(HALF_LIFE.total_seconds() * 1000) << 16  # as ids count
MANY: Final = 20  # posts or likes at which evidence is full
_MANY: Final = math.log1p(MANY)
MOST_TOPS: Final = 5
MOST_OF_A_COUNCIL: Final = 2
_MIXED: Final = 0x9E3779B97F4A7C15  # Knuth's multiplier: neighbours land far apart
_ALL: Final = (1 << 64) - 1
LIKE_MINE: Final = 0.4  # of the labels of two councils, from which on they are called alike
ABOUT_IT: Final = 0.5  # of what the best post has of the words, a rare one weighing more


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks: the host of their council, the communities they belong to.

    ``alike``: by host, how much of what is said of a council is said of theirs too, from 0 to 1.
    """

    host: str
    communities: frozenset[int] = frozenset()
    alike: Mapping[str, float] = {}


class Reason(msgspec.Struct, frozen=True):
    """A fact that counted: ``terms`` are the places of the words that it is about, ``count`` how many."""

    key: str
    terms: tuple[int, ...] = ()
    count: int = 0


class Hit(msgspec.Struct, frozen=True):
    """One of what was found: its row, its score and the reasons for it, the weightiest first."""

    id: int
    score: float
    reasons: tuple[Reason, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What posts say of somebody, by row: how many are about it or were accepted, and what they weigh."""

    posts: Mapping[int, int]
    weight: Mapping[int, float]
    accepted: Mapping[int, int] = {}


class Said(msgspec.Struct, frozen=True):
    """How well a text matches and how much of the words it has, beside the best, and which stand where."""

    match: float
    share: float
    reasons: tuple[Reason, ...]


class Read(msgspec.Struct, frozen=True):
    """A post as it was judged: what it says, and by how much it counts for its age."""

    post: Post
    said: Said
    age: float


class _Words:
    """What is looked for among all that was found: the fewer have a word, the more it says.

    Many have the same words in the same places, and ``storage.search`` gives them one mapping for it.
    """

    def __init__(self, found: Sequence[Where]) -> None:
        self._known: dict[int, Said] = {}
        alike = Counter(map(id, found))
        counts: Counter[int] = Counter()
        for where in {id(one): one for one in found}.values():
            for term in frozenset().union(*where.values()):
                counts[term] += alike[id(where)]
        terms = range(max(counts, default=-1) + 1)
        self._rarity = [math.log1p(len(found) / counts[term]) if counts[term] else 0.0 for term in terms]
        judged = [self._judged(where) for where in {id(one): one for one in found}.values()]
        self._most = max((one.match for one in judged), default=0.0) or 1.0
        self._share = max((one.share for one in judged), default=0.0) or 1.0

    def of(self, where: Where) -> Said:
        """Judge a text."""
        said = self._known.get(id(where))
        if said is None:
            found = self._judged(where)
            said = Said(found.match / self._most, found.share / self._share, found.reasons)
            self._known[id(where)] = said
        return said

    def _judged(self, where: Where) -> Said:
        best = [0.0] * len(self._rarity)
        reasons = []
        for field, weight in FIELDS.items():
            new = sorted(term for term in where.get(field, ()) if best[term] == 0.0)
            for term in new:
                best[term] = weight
            if new:
                reasons.append(Reason(field, terms=tuple(new)))
        match = sum(weight * rare for weight, rare in zip(best, self._rarity, strict=True))
        share = sum(self._rarity[term] for term in frozenset().union(*where.values()))
        return Said(match, share, tuple(reasons))


def read(found: Sequence[Post], now: datetime) -> list[Read]:
    """Judge posts by what they say and by their age."""
    words = _Words([post.where for post in found])
    # Ids are minted by time, and received things get theirs as they come (decision 3).
    today = ids.at(now)
    return [
        Read(post, words.of(post.where), 0.5 ** max(0.0, (today - post.facts.id) / _HALF)) for post in found
    ]


def posts(found: Sequence[Read], asker: Asker, *, seed: str, most: int) -> list[Hit]:
    """Give the best posts."""
    scored: list[tuple[float, int, str, Read]] = [
        (_worth(one, asker), one.post.facts.id, one.post.facts.host, one) for one in found
    ]
    best = _best(scored, seed, most)
    return [Hit(row, score, _reasons_for(one, asker)) for score, row, _, one in best]


def _worth(one: Read, asker: Asker) -> float:
    facts = one.post.facts
    helped = one.age * _damped(facts.likes + facts.replies + ACCEPTED * facts.accepted)
    return TEXT * one.said.match + EVIDENCE * helped + NEAR * (facts.community_id in asker.communities)


def _reasons_for(one: Read, asker: Asker) -> tuple[Reason, ...]:
    facts = one.post.facts
    reasons = list(one.said.reasons)
    if facts.accepted:
        reasons.append(Reason("accepted"))
    if facts.likes:
        reasons.append(Reason("liked", count=facts.likes))
    if facts.replies:
        reasons.append(Reason("answered", count=facts.replies))
    if facts.community_id in asker.communities:
        reasons.append(Reason("mine"))
    return tuple(reasons)


def evidence(found: Iterable[Read]) -> tuple[Evidence, Evidence]:
    """Give what posts say of who wrote them, and of the communities that they are in."""
    authors, places = _Evidence(), _Evidence()
    for one in found:
        if one.said.share >= ABOUT_IT:
            facts = one.post.facts
            # An answer, or what others liked, says more than a question does; what was accepted says most.
            counts = (1.0 if facts.is_reply or facts.likes else 0.5) + ACCEPTED * facts.accepted
            authors.note(facts.author_id, counts * one.age, accepted=facts.accepted)
            if facts.community_id is not None:
                places.note(facts.community_id, counts * one.age, accepted=facts.accepted)
    return authors.whole(), places.whole()


class _Evidence:
    def __init__(self) -> None:
        self._posts: dict[int, int] = {}
        self._weight: dict[int, float] = {}
        self._accepted: dict[int, int] = {}

    def note(self, whose: int, weight: float, *, accepted: bool) -> None:
        self._posts[whose] = self._posts.get(whose, 0) + 1
        self._weight[whose] = self._weight.get(whose, 0.0) + weight
        if accepted:
            self._accepted[whose] = self._accepted.get(whose, 0) + 1

    def whole(self) -> Evidence:
        return Evidence(posts=self._posts, weight=self._weight, accepted=self._accepted)


def people(found: Sequence[Actor], written: Evidence, asker: Asker, *, seed: str, most: int) -> list[Hit]:
    """Give the best people, or communities: ``written`` is what was found of theirs."""
    words = _Words([one.where for one in found])
    at_home = any(one.facts.host == asker.host for one in found)
    scored: list[tuple[float, int, str, Actor]] = []
    for one in found:
        away = one.facts.host != asker.host and not at_home
        near = ALIKE * asker.alike.get(one.facts.host, 0.0) + ELSEWHERE * away
        scored.append((_standing(one, words, written, near), one.facts.id, one.facts.host, one))
    best = _best(scored, seed, most)
    return [Hit(row, score, _reasons_of(one, words, written, asker)) for score, row, _, one in best]


def _standing(one: Actor, words: _Words, written: Evidence, near: float) -> float:
    facts = one.facts
    match, helped = words.of(one.where).match, _damped(written.weight.get(facts.id, 0.0))
    named = "name" in one.where
    near += NEAR * (1.0 if facts.shared else 0.7 if facts.followed else 0.0)
    fits = 1.0 if named else max(match, helped)
    return TEXT * match + EVIDENCE * helped + fits * near + KNOWN * _damped(facts.followers) + NAMED * named


def _reasons_of(one: Actor, words: _Words, written: Evidence, asker: Asker) -> tuple[Reason, ...]:
    facts = one.facts
    reasons = [Reason("name")] if "name" in one.where else []
    reasons += words.of(one.where).reasons
    if count := written.accepted.get(facts.id, 0):
        reasons.append(Reason("helped", count=count))
    if count := written.posts.get(facts.id, 0):
        reasons.append(Reason("wrote", count=count))
    if asker.alike.get(facts.host, 0.0) >= LIKE_MINE:
        reasons.append(Reason("alike"))
    if facts.shared:
        reasons.append(Reason("shared", count=facts.shared))
    if facts.followed:
        reasons.append(Reason("followed"))
    return tuple(reasons)


def _damped(count: float) -> float:
    return min(1.0, math.log1p(count) / _MANY) if count else 0.0


def _best(scored: list[tuple[float, int, str, T]], seed: str, most: int) -> list[tuple[float, int, str, T]]:
    """Give the best first; of the first five at most two are of one council, where there are others."""
    drawn = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")
    scored.sort(key=lambda one: (-round(one[0], 9), (one[1] ^ drawn) * _MIXED & _ALL))
    counts: Counter[str] = Counter()
    first: list[tuple[float, int, str, T]] = []
    passed: list[tuple[float, int, str, T]] = []
    for place, one in enumerate(scored):
        if len(first) == MOST_TOPS:
            return [*first, *passed, *scored[place:most]][:most]
        if counts[one[2]] < MOST_OF_A_COUNCIL:
            counts[one[2]] += 1
            first.append(one)
        else:
            passed.append(one)
    return [*first, *passed][:most]
