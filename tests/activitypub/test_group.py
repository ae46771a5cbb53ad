"""A community passes on what its members do."""

import json
from datetime import UTC, datetime

from activitypub import document, group
from activitypub.shape import PUBLIC

NOW = datetime(2026, 1, 5, 9, 0, 0, 123, tzinfo=UTC)
KENT = "https://kent.example/communities/road_safety"
FOLLOWERS = f"{KENT}/followers"
CREATE = (
    b'{ "@context":["https://www.w3.org/ns/activitystreams"],"type":"Create", "id":"https://leeds.example/a/1",'
    b'"actor":"https://leeds.example/people/bo","object":{"n":1.0,"s":"\\u00e9"},"proof":{} }'
)


def announce(inner: object, *, actor: str = KENT) -> document.Document:
    body = {"id": "https://kent.example/a/2", "type": "Announce", "actor": actor, "object": inner}
    return document.read(json.dumps(body).encode())


def test_a_wrapped_activity_is_not_touched() -> None:
    wrapped = group.wrap("https://kent.example/a/2", KENT, FOLLOWERS, CREATE, published=NOW)
    read = document.read(wrapped)
    inner = read.nested("object")

    assert inner is not None
    assert inner.raw == CREATE
    assert read.json | {"object": 0, "@context": 0} == {
        "@context": 0,
        "id": "https://kent.example/a/2",
        "type": "Announce",
        "actor": KENT,
        "audience": KENT,
        "to": [PUBLIC],
        "cc": [FOLLOWERS],
        "published": "2026-01-05T09:00:00Z",
        "object": 0,
    }
    assert read.json["@context"][0] == "https://www.w3.org/ns/activitystreams"


def test_a_plain_announce_names_the_post_only() -> None:
    read = document.read(
        group.plain("https://kent.example/a/3", KENT, FOLLOWERS, "https://b/p", published=NOW)
    )

    assert (read.json["object"], read.json["cc"]) == ("https://b/p", [FOLLOWERS])


def test_what_was_wrapped_is_unwrapped_with_its_bytes() -> None:
    wrapped = group.wrap("https://kent.example/a/2", KENT, FOLLOWERS, CREATE, published=NOW)
    (inner,) = group.unwrap(document.read(wrapped))

    assert inner.document is not None
    assert (inner.uri, inner.document.raw) == ("https://leeds.example/a/1", CREATE)
    assert (inner.same_origin, inner.proof) == (False, True)


def test_an_id_has_to_be_fetched() -> None:
    (inner,) = group.unwrap(announce("https://kent.example/p/1"))

    assert (inner.uri, inner.document, inner.same_origin) == ("https://kent.example/p/1", None, False)


def test_only_what_is_wholly_of_its_origin_is_the_announcers_word() -> None:
    def speaks(uri: str | None, actor: str | None, announcer: str = KENT) -> bool:
        inner = {"type": "Create", "id": uri, "actor": actor}
        return group.unwrap(announce(inner, actor=announcer))[0].same_origin

    assert speaks("https://kent.example/a/1", "https://kent.example/people/ana")
    assert not speaks("https://kent.example/a/1", "https://leeds.example/people/bo")
    assert not speaks("https://leeds.example/a/1", "https://kent.example/people/ana")
    assert not speaks("https://leeds.example/a/1", "https://leeds.example/people/bo")
    assert not speaks(None, "https://kent.example/people/ana")
    assert not speaks("https://kent.example/a/1", None)
    assert not speaks("https://kent.example/a/1", "https://kent.example/people/ana", "nonsense")


def test_a_batch_holds_several() -> None:
    likes = [
        {"type": "Like", "id": f"https://b.example/{n}", "actor": "https://b.example/u"} for n in range(3)
    ]
    expected = [like["id"] for like in likes]
    for kind, key in (("OrderedCollection", "orderedItems"), ("Collection", "items")):
        batch = announce({"type": kind, key: likes})
        assert [inner.uri for inner in group.unwrap(batch)] == expected
    assert [inner.uri for inner in group.unwrap(announce(likes))] == expected


def test_a_flood_is_cut() -> None:
    assert len(group.unwrap(announce([f"https://b.example/{n}" for n in range(500)]))) == group.MOST_INSIDE


def test_an_announce_of_nothing_holds_nothing() -> None:
    assert group.unwrap(announce(None)) == []


def test_private_and_personal_activities_are_never_passed_on() -> None:
    assert not group.PASSED_ON & {"Announce", "Follow", "Accept", "Reject", "Flag", "Offer", "Move", "Invite"}
