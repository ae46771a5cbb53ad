"""The activities that this node makes, in the shapes that every peer reads."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from activitypub.document import Json
from activitypub.shape import PUBLIC
from fedcop.as2 import activities

URI = "https://kent.example/activities/1"
ADA = "https://kent.example/people/ada"
BEN = "https://york.example/people/ben"
ROADS = "https://kent.example/communities/roads"
POST = "https://kent.example/posts/7"
NOON = datetime(2026, 3, 2, 12, 0, 30, 999_000, tzinfo=UTC)

PAGE: Json = {
    "@context": ["https://www.w3.org/ns/activitystreams"],
    "id": POST,
    "type": "Page",
    "attributedTo": ADA,
    "to": [ROADS, PUBLIC],
    "cc": [f"{ADA}/followers"],
    "audience": ROADS,
    "published": "2026-03-02T12:00:00Z",
    "updated": "2026-03-02T12:05:00Z",
}

PERSON: Json = {"@context": ["https://www.w3.org/ns/activitystreams", "a:b"], "id": ADA, "type": "Person"}

MADE = {
    "create": activities.create_of(URI, PAGE),
    "update": activities.update_of(URI, PAGE),
    "update_actor": activities.update_actor_of(URI, PERSON, to=[PUBLIC], cc=[]),
    "delete": activities.delete_of(URI, ADA, POST, to=[PUBLIC], cc=[], community=ROADS),
    "delete_actor": activities.delete_actor_of(URI, ADA),
    "like": activities.like_of(URI, ADA, POST, to=[ROADS], community=ROADS),
    "boost": activities.boost_of(URI, ADA, POST, to=[PUBLIC], cc=[], published=NOON),
    "follow": activities.follow_of(URI, ADA, BEN),
    "accept": activities.accept_of(URI, ROADS, BEN, b"{}"),
    "reject": activities.reject_of(URI, ROADS, BEN, b"{}"),
    "block": activities.block_of(URI, ADA, BEN),
    "ban": activities.ban_of(URI, ADA, BEN, community=ROADS, reason="", until=None),
    "lock": activities.lock_of(URI, ADA, POST, community=ROADS, reason=""),
    "add": activities.add_of(URI, ADA, POST, target=f"{ROADS}/featured", community=ROADS),
    "remove": activities.remove_of(URI, ADA, POST, target=f"{ROADS}/featured", community=ROADS),
    "flag": activities.flag_of(URI, ADA, [BEN], to=[], text="Spam"),
    "undo": activities.undo_of(URI, activities.follow_of(URI, ADA, BEN)),
}


@pytest.mark.parametrize("name", MADE)
def test_every_activity_has_the_keys_that_lemmy_demands(name: str) -> None:
    made = MADE[name]

    assert isinstance(made["to"], list)
    assert isinstance(made["cc"], list)
    assert isinstance(made["actor"], str)
    assert made["id"] == URI
    assert isinstance(made["@context"], list)
    assert None not in made.values()


def test_a_create_is_addressed_as_its_post_is() -> None:
    create = MADE["create"]

    assert (create["type"], create["actor"], create["audience"]) == ("Create", ADA, ROADS)
    assert (create["to"], create["cc"]) == (PAGE["to"], PAGE["cc"])
    assert create["published"] == PAGE["published"]


def test_what_is_embedded_has_neither_context_nor_proof_of_its_own() -> None:
    create = activities.create_of(URI, PAGE | {"proof": {"type": "DataIntegrityProof"}})

    assert create["object"] == {key: value for key, value in PAGE.items() if key != "@context"}


def test_an_update_bears_the_time_of_the_edit() -> None:
    assert MADE["update"]["published"] == PAGE["updated"]


def test_a_removal_says_why() -> None:
    removal = activities.removal_of(URI, ADA, POST, community=ROADS, reason="Off topic")

    assert removal["summary"] == "Off topic"
    assert "summary" not in MADE["delete"]


def test_an_accept_holds_the_follow_byte_for_byte() -> None:
    follow = b'{"type": "Follow",  "b": 1, "a": 2}'

    body = activities.bytes_of(activities.accept_of(URI, ROADS, BEN, follow))

    assert follow in body
    assert msgspec.json.decode(body)["to"] == [BEN]


def test_an_update_of_an_actor_stands_under_the_context_of_its_document() -> None:
    assert MADE["update_actor"]["@context"] == PERSON["@context"]
    assert MADE["update_actor"]["object"] == {"id": ADA, "type": "Person"}


@pytest.mark.parametrize("echo", [activities.accept_of, activities.reject_of])
def test_what_echoes_another_s_document_protects_no_term_against_its_context(
    echo: Callable[[str, str, str, bytes], Json],
) -> None:
    assert echo(URI, ROADS, BEN, b"{}")["@context"] == ["https://www.w3.org/ns/activitystreams"]


def test_an_undo_embeds_what_it_undoes_and_repeats_its_addresses() -> None:
    like = activities.like_of("https://kent.example/activities/0", ADA, POST, to=[ROADS], community=ROADS)
    undo = activities.undo_of(URI, like)

    assert undo["object"] == {key: value for key, value in like.items() if key != "@context"}
    assert (undo["actor"], undo["to"], undo["audience"]) == (ADA, [ROADS], ROADS)


def test_a_flag_of_one_thing_holds_one_id_and_of_more_a_list() -> None:
    assert activities.flag_of(URI, ADA, [BEN], to=[], text="")["object"] == BEN
    assert activities.flag_of(URI, ADA, [BEN, POST], to=[], text="")["object"] == [BEN, POST]


def test_moderation_is_addressed_to_everybody_with_the_community_in_copy() -> None:
    until = NOON + timedelta(days=30)
    ban: dict[str, Any] = activities.ban_of(URI, ADA, BEN, community=ROADS, reason="Spam", until=until)

    assert (ban["to"], ban["cc"], ban["audience"], ban["target"]) == ([PUBLIC], [ROADS], ROADS, ROADS)
    assert (ban["summary"], ban["endTime"], ban["removeData"]) == ("Spam", "2026-04-01T12:00:30Z", False)


def test_times_go_out_in_utc_and_whole_seconds() -> None:
    summer = datetime(2026, 7, 1, 13, 0, 0, 500_000, tzinfo=timezone(timedelta(hours=1)))

    assert activities.moment_of(summer) == "2026-07-01T12:00:00Z"
    assert activities.moment_of(NOON) == "2026-03-02T12:00:30Z"
