"""What matches best what somebody looks for, and why: pure.

    rank.posts(found.posts, asker, now, seed="2026-03-02")       the best first, each with its reasons
    rank.people(found.people, written, asker, seed="...")    written: rank.evidence(...)

score = 1.0 T + 1.2 E + 0.4 P + 0.3 C. T: how well the text matches, a topic more than a word of the profile,
a rare word more than a common one. E: evidence, what was written and found helpful, half of it gone after
180 days. P: nearness, a shared community or somebody followed. C: another council, where the asker's own has
nothing. Whoever's name is meant stands before all others.

Rules that hold in this file
  1. A reason is a fact that counted: which words stand where, how many posts, how many communities. Nothing
     is said of somebody that the asker could not open themself: what was found is all that goes in.
  2. Of the first five at most two are of one council, where there are others.
  3. Ties are broken by the seed and the row alone: the same question gives the same answer all day.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from storage.search import Actor, Post, PostFacts, Where

TEXT: Final = 1.0
EVIDENCE: Final = 1.2
NEAR: Final = 0.4
ELSEWHERE: Final = 0.3
NAMED: Final = 3.0
KNOWN: Final = 0.05  # how many follow somebody: it only parts those who are alike in all else

FIELDS: Final[Mapping[str, float]] = {"topics": 4.0, "title": 4.0, "role": 3.0, "text": 1.0}
HALF_LIFE: Final = timedelta(days=180)
ACCEPTED: Final = 4  # likes or posts that an accepted answer weighs
MANY: Final = 20  # posts or likes at which evidence is full
MOST_TOPS: Final = 5
MOST_OF_A_COUNCIL: Final = 2
ABOUT_IT: Final = 0.5  # of the words, weighed by how rare they are: a post that has less is not about it


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks: the host of their council, the communities they belong to."""

    host: str
    communities: frozenset[int] = frozenset()


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


def posts(found: Sequence[Post], asker: Asker, now: datetime, *, seed: str) -> list[Hit]:
    """Rank posts."""
    rarity = _rarity([post.where for post in found])
    hits = [_post(post, asker, now, rarity) for post in found]
    return _ordered(hits, {post.facts.id: post.facts.host for post in found}, seed)


def _post(post: Post, asker: Asker, now: datetime, rarity: Sequence[float]) -> Hit:
    facts = post.facts
    said, reasons = _said(post.where, rarity)
    helped = _damped(facts.likes + facts.replies + ACCEPTED * facts.accepted)
    helped *= _age(now - facts.published_at)
    near = facts.community_id in asker.communities
    if facts.accepted:
        reasons.append(Reason("accepted"))
    if facts.likes:
        reasons.append(Reason("liked", count=facts.likes))
    if facts.replies:
        reasons.append(Reason("answered", count=facts.replies))
    if near:
        reasons.append(Reason("mine"))
    return Hit(facts.id, TEXT * said + EVIDENCE * helped + NEAR * near, tuple(reasons))


def evidence(found: Sequence[Post], now: datetime, *, of: Callable[[PostFacts], int | None]) -> Evidence:
    """Give what posts say of their authors, or of the communities that they are in: ``of`` gives which."""
    rarity = _rarity([post.where for post in found])
    count: Counter[int] = Counter()
    accepted: Counter[int] = Counter()
    weight: dict[int, float] = {}
    for post in found:
        whose = of(post.facts)
        if whose is None or _share(post.where, rarity) < ABOUT_IT:
            continue
        # An answer, or what others liked, says more than a question does.
        counts = 1.0 if post.facts.is_reply or post.facts.likes else 0.5
        counts += ACCEPTED * post.facts.accepted
        count[whose] += 1
        accepted[whose] += post.facts.accepted
        weight[whose] = weight.get(whose, 0.0) + counts * _age(now - post.facts.published_at)
    return Evidence(posts=count, weight=weight, accepted=+accepted)


def people(found: Sequence[Actor], written: Evidence, asker: Asker, *, seed: str) -> list[Hit]:
    """Rank people, or communities: ``written`` is what was found of theirs."""
    rarity = _rarity([one.where for one in found])
    at_home = any(one.facts.host == asker.host for one in found)
    hits = [_actor(one, written, asker, rarity, at_home=at_home) for one in found]
    return _ordered(hits, {one.facts.id: one.facts.host for one in found}, seed)


def _actor(one: Actor, written: Evidence, asker: Asker, rarity: Sequence[float], *, at_home: bool) -> Hit:
    facts = one.facts
    said, reasons = _said(one.where, rarity)
    elsewhere = facts.host != asker.host and not at_home
    near = 1.0 if facts.shared else 0.7 if facts.followed else 0.0
    score = TEXT * said + EVIDENCE * _damped(written.weight.get(facts.id, 0.0)) + NEAR * near
    score += ELSEWHERE * elsewhere + KNOWN * _damped(facts.followers)
    if "name" in one.where:
        score += NAMED
        reasons.insert(0, Reason("name"))
    if count := written.accepted.get(facts.id, 0):
        reasons.append(Reason("helped", count=count))
    if count := written.posts.get(facts.id, 0):
        reasons.append(Reason("wrote", count=count))
    if facts.shared:
        reasons.append(Reason("shared", count=facts.shared))
    if facts.followed:
        reasons.append(Reason("followed"))
    return Hit(facts.id, score, tuple(reasons))


def _said(where: Where, rarity: Sequence[float]) -> tuple[float, list[Reason]]:
    """Give how well the text matches, between 0 and 1, and where which words stand."""
    best = [0.0] * len(rarity)
    reasons = []
    for field, weight in FIELDS.items():
        terms = where.get(field, frozenset())
        new = [term for term in terms if best[term] == 0.0]
        for term in new:
            best[term] = weight
        if new:
            reasons.append(Reason(field, terms=tuple(sorted(new))))
    whole = sum(rarity) * max(FIELDS.values())
    return sum(
        weight * rare for weight, rare in zip(best, rarity, strict=True)
    ) / whole if whole else 0.0, reasons


def _rarity(found: Sequence[Where]) -> list[float]:
    """Give how much each term says: the fewer have it, the more."""
    counts: Counter[int] = Counter()
    for where in found:
        counts.update(frozenset().union(*where.values()))
    most = max(counts, default=-1) + 1
    return [math.log1p(len(found) / counts[term]) if counts[term] else 0.0 for term in range(most)]


def _share(where: Where, rarity: Sequence[float]) -> float:
    whole = sum(rarity)
    return sum(rarity[term] for term in frozenset().union(*where.values())) / whole if whole else 0.0


def _damped(count: float) -> float:
    return min(1.0, math.log1p(count) / math.log1p(MANY))


def _age(age: timedelta) -> float:
    return float(0.5 ** max(0.0, age / HALF_LIFE))


def _ordered(hits: Iterable[Hit], hosts: Mapping[int, str], seed: str) -> list[Hit]:
    """Put the best first; of the first five at most two are of one council, where there are others."""
    ordered = sorted(hits, key=lambda hit: (-round(hit.score, 9), _lot(seed, hit.id)))
    counts: Counter[str] = Counter()
    first: list[Hit] = []
    for hit in ordered:
        if len(first) < MOST_TOPS and counts[hosts[hit.id]] < MOST_OF_A_COUNCIL:
            counts[hosts[hit.id]] += 1
            first.append(hit)
    chosen = {hit.id for hit in first}
    return [*first, *(hit for hit in ordered if hit.id not in chosen)]


def _lot(seed: str, row: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{row}".encode(), digest_size=8).digest()
