import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.discovery import webfinger
from activitypub.discovery.webfinger import Jrd
from activitypub.errors import Malformed

ROADS = "https://highways.kent.example/c/road_safety"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


def jrd(*links: Any, subject: Any = "acct:road_safety@highways.kent.example") -> bytes:
    return json.dumps({"subject": subject, "links": links}).encode()


def self_link(**more: Any) -> dict[str, Any]:
    return {"rel": "self", "type": "application/activity+json", "href": ROADS} | more


@pytest.mark.parametrize(
    "text",
    [
        "ada@kent.example",
        "@ada@kent.example",
        "!ada@kent.example",
        "acct:ada@kent.example",
        "  @ada@kent.example ",
    ],
)
def test_every_spelling_of_a_handle_is_split(text: str) -> None:
    assert webfinger.split(text) == ("ada", "kent.example")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("@drainage@kent.localhost:8001", ("drainage", "kent.localhost:8001")),
        ("kent.example@kent.example", ("kent.example", "kent.example")),
        ("@ida@bücher.example", ("ida", "bücher.example")),
    ],
)
def test_ports_dots_and_other_alphabets_stay(text: str, parts: tuple[str, str]) -> None:
    assert webfinger.split(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@ada",
        "@",
        "ada@",
        "@@kent.example",
        "a b@kent.example",
        "a@b@c",
        "ada@kent.example/x",
        "https://kent.example/u/ada",
    ],
)
def test_what_is_no_handle_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="wanted a handle"):
        webfinger.split(text)


def test_an_answer_is_read() -> None:
    properties = {"https://www.w3.org/ns/activitystreams#type": "Group"}
    page = {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": f"{ROADS}/page"}
    assert webfinger.read(jrd(page, self_link(properties=properties))) == Jrd(
        subject="acct:road_safety@highways.kent.example", self_uri=ROADS, type="Group"
    )


@pytest.mark.parametrize("type", ["application/activity+json", LD, LD.replace("; ", ";")])
def test_the_types_of_actors_are_known(type: str) -> None:
    assert webfinger.read(jrd(self_link(type=type))).self_uri == ROADS


def test_of_several_actors_the_first_is_taken() -> None:
    assert webfinger.read(jrd(self_link(), self_link(href="https://other.example/"))).self_uri == ROADS


@pytest.mark.parametrize(
    "links",
    [(), (self_link(type="text/html"),), (self_link(rel="alternate"),), ({"rel": "self", "href": ROADS},)],
)
def test_an_answer_without_an_actor_names_none(links: tuple[Any, ...]) -> None:
    assert webfinger.read(jrd(*links)).self_uri == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<XRD/>",
        b"{}",
        jrd(subject=5),
        jrd("text"),
        jrd(self_link(href=5)),
        b'{"subject":"\xff"}',
    ],
)
def test_what_is_no_answer_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        webfinger.read(body)


def test_a_type_that_is_no_text_is_left_out() -> None:
    link = self_link(properties={"https://www.w3.org/ns/activitystreams#type": ["Group"]})
    assert webfinger.read(jrd(link)).type == ""


def test_our_own_answer_has_the_published_shape() -> None:
    # federation.md 4.1
    body = webfinger.jrd_of(
        handle="road_safety",
        domain="highways.kent.example",
        uri=ROADS,
        type="Group",
        profile=ROADS,
        subscribe="https://highways.kent.example/authorize_interaction?uri={uri}",
    )
    assert json.loads(body) == {
        "subject": "acct:road_safety@highways.kent.example",
        "aliases": [ROADS],
        "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": ROADS},
            {
                "rel": "self",
                "type": "application/activity+json",
                "href": ROADS,
                "properties": {"https://www.w3.org/ns/activitystreams#type": "Group"},
            },
            {
                "rel": "http://ostatus.org/schema/1.0/subscribe",
                "template": "https://highways.kent.example/authorize_interaction?uri={uri}",
            },
        ],
    }


def test_a_page_of_its_own_is_an_alias_too() -> None:
    body = webfinger.jrd_of(
        handle="ada", domain="kent.example", uri=ROADS, type="Person", profile=f"{ROADS}/page", subscribe="x"
    )
    assert json.loads(body)["aliases"] == [ROADS, f"{ROADS}/page"]


@settings(max_examples=50)
@given(st.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True))
def test_what_we_answer_we_read(handle: str) -> None:
    body = webfinger.jrd_of(
        handle=handle, domain="kent.example", uri=ROADS, type="Person", profile=ROADS, subscribe="x"
    )
    found = webfinger.read(body)
    assert webfinger.split(found.subject) == (handle, "kent.example")
    assert (found.self_uri, found.type) == (ROADS, "Person")
