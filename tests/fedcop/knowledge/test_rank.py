"""What matches best, and that each reason is a fact that counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fedcop.knowledge import rank
from fedcop.knowledge.rank import Asker, Evidence, Reason
from storage import ids as row_ids
from storage.ids import ActorId, PostId
from storage.search import Actor, ActorFacts, Post, PostFacts

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ASKER = Asker(host="kent.example", communities=frozenset({9}))
NOTHING = Evidence(posts={}, weight={})


def post(number: int, where: dict[str, set[int]] | None = None, **given: Any) -> Post:
    values: dict[str, Any] = {"author_id": ActorId(100 + number), "community_id": None, "host": f"h{number}"}
    values |= {"likes": 0, "replies": 0, "is_reply": False, "accepted": False}
    row = row_ids.at(given.pop("at", NOW)) + number
    facts = PostFacts(id=PostId(row), **(values | given))
    return Post(facts, _frozen(where or {"text": {0}}))


def actor(number: int, where: dict[str, set[int]] | None = None, **given: Any) -> Actor:
    values: dict[str, Any] = {"host": f"h{number}", "followers": 0, "followed": False, "shared": 0}
    return Actor(ActorFacts(id=ActorId(number), **(values | given)), _frozen(where or {}))


def _frozen(where: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    return {field: frozenset(terms) for field, terms in where.items()}


def ids(hits: list[rank.Hit]) -> list[int]:
    """Give the numbers of what was made here; ids of posts say when as well."""
    return [hit.id & 0xFFFF for hit in hits]


def posts(found: list[Post]) -> list[rank.Hit]:
    return rank.posts(rank.read(found, NOW), ASKER, seed="a", most=50)


def people(found: list[Actor], written: Evidence, seed: str = "a") -> list[rank.Hit]:
    return rank.people(found, written, ASKER, seed=seed, most=50)


def test_a_title_says_more_than_a_text_and_a_rare_word_more_than_a_common_one() -> None:
    found = [post(1, {"text": {0}}), post(2, {"text": {1}}), post(3, {"text": {0}}), post(4, {"title": {0}})]
    hits = posts(found)
    assert ids(hits)[:2] == [4, 2]
    assert hits[0].reasons == (Reason("title", (0,)),)
    assert hits[1].reasons == (Reason("text", (1,)),)


def test_what_helped_comes_first_and_fades() -> None:
    found = [post(1), post(2, likes=5, replies=2), post(3, likes=5, at=NOW - timedelta(days=900))]
    hits = posts(found)
    assert ids(hits) == [2, 3, 1]
    assert hits[0].reasons == (Reason("text", (0,)), Reason("liked", count=5), Reason("answered", count=2))


def test_a_post_in_a_community_of_mine_is_near() -> None:
    hits = posts([post(1), post(2, community_id=ActorId(9))])
    assert ids(hits) == [2, 1]
    assert Reason("mine") in hits[0].reasons


def test_evidence_counts_only_posts_that_are_about_it() -> None:
    found = [
        post(1, {"text": {0, 1}}, author_id=ActorId(7), is_reply=True),
        post(2, {"text": {0}}, author_id=ActorId(7)),
        post(3, {"text": {0}}, author_id=ActorId(8)),
        post(4, {"text": {0}}, author_id=ActorId(8)),
    ]
    written = rank.evidence(rank.read(found, NOW))[0]
    assert written == Evidence(posts={7: 1}, weight={7: 1.0})
    assert rank.evidence(rank.read(found, NOW))[1] == NOTHING


def test_accepted_answers_count_most_and_are_named() -> None:
    found = [post(1), post(2, likes=2), post(3, accepted=True)]
    hits = posts(found)
    assert ids(hits) == [3, 2, 1]
    assert hits[0].reasons == (Reason("text", (0,)), Reason("accepted"))
    written = rank.evidence(rank.read(found, NOW))[0]
    assert written.accepted == {103: 1}
    (hit, *_) = people([actor(103), actor(102), actor(101)], written)
    assert (hit.id, hit.reasons) == (103, (Reason("helped", count=1), Reason("wrote", count=1)))


def test_a_person_is_found_for_what_they_offer_wrote_and_share() -> None:
    found = [
        actor(1, {"text": {0}}),
        actor(2, {"topics": {0}, "text": {0}}),
        actor(3, {"text": {0}}, shared=2, followed=True),
        actor(4, {"role": {0}}),
        actor(5),
    ]
    written = Evidence(posts={5: 9}, weight={5: 9.0})
    hits = people(found, written)
    assert ids(hits) == [2, 5, 4, 3, 1]
    reasons = {hit.id: hit.reasons for hit in hits}
    assert reasons[2] == (Reason("topics", (0,)),)
    assert reasons[5] == (Reason("wrote", count=9),)
    assert reasons[3] == (Reason("text", (0,)), Reason("shared", count=2), Reason("followed"))


def test_whose_name_is_meant_comes_before_all_others() -> None:
    found = [actor(1, {"topics": {0}}, shared=3), actor(2, {"name": {0}})]
    hits = people(found, NOTHING)
    assert ids(hits) == [2, 1]
    assert hits[0].reasons == (Reason("name"),)


def test_other_councils_count_more_where_ones_own_has_nothing() -> None:
    elsewhere = people([actor(1, {"text": {0}})], NOTHING)[0].score
    both = [actor(1, {"text": {0}}), actor(2, {"text": {0}}, host="kent.example")]
    beside = {hit.id: hit.score for hit in people(both, NOTHING)}
    assert round(elsewhere - beside[1], 9) == rank.ELSEWHERE
    assert beside[1] == beside[2]


def test_a_council_like_ones_own_counts_and_is_named_where_it_is_like_it_indeed() -> None:
    asker = Asker(host="kent.example", alike={"h1": 0.3, "h2": 0.6})
    found = [actor(n, {"text": {0}}) for n in (1, 2, 3)]
    hits = rank.people(found, NOTHING, asker, seed="a", most=5)
    assert ids(hits) == [2, 1, 3]
    assert [Reason("alike") in hit.reasons for hit in hits] == [True, False, False]


def test_at_most_two_of_the_first_five_are_of_one_council_where_there_are_others() -> None:
    same = [actor(n, {"topics": {0}}, host="devon.example") for n in range(1, 5)]
    others = [actor(n, {"text": {0}}) for n in range(5, 9)]
    hits = ids(people([*same, *others], NOTHING))
    assert len([one for one in hits[:5] if one < 5]) == 2
    assert sorted(hits) == list(range(1, 9))
    assert len(people(same, NOTHING)) == 4


def test_ties_are_broken_by_the_seed_alone() -> None:
    found = [actor(n, {"text": {0}}) for n in range(1, 30)]
    first = ids(people(found, NOTHING, seed="monday"))
    assert ids(people(found[::-1], NOTHING, seed="monday")) == first
    assert ids(people(found, NOTHING, seed="tuesday")) != first


def test_nothing_is_ranked_as_nothing() -> None:
    assert posts([]) == []
    assert people([], NOTHING) == []
