"""Polls on the wire, ours and those of Mastodon, PieFed, GoToSocial and Pleroma."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from activitypub import document, vocab
from activitypub.vocab import registry
from fedcop.as2 import polls
from storage.polls import NewOption, NewPoll

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OURS = NewPoll(
    options=(NewOption("Tea", 3), NewOption("Coffee", 1)), ends_at=NOON + timedelta(hours=1), voters_count=4
)


def read(**more: Any) -> vocab.Post:
    question = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://surrey.example/notes/1",
        "type": "Question",
        "attributedTo": "https://surrey.example/users/sam",
        "content": "<p>Which?</p>",
    }
    found = registry.read(document.read(msgspec.json.encode(question | more)))
    assert isinstance(found, vocab.Post)
    return found


def option(name: str, votes: int | None = 0) -> dict[str, Any]:
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}


def poll_of(**more: Any) -> NewPoll | None:
    return polls.poll_from(read(**more), published=NOON, now=NOON + timedelta(hours=2))


def test_a_poll_of_ours_reads_as_others_read_polls() -> None:
    said = polls.question_of(OURS, NOON)
    assert said == {
        "oneOf": [option("Tea", 3), option("Coffee", 1)],
        "endTime": "2026-03-02T13:00:00Z",
        "votersCount": 4,
    }
    several = polls.question_of(msgspec.structs.replace(OURS, multiple=True), NOON)
    assert "oneOf" not in several
    assert several["anyOf"] == said["oneOf"]


def test_at_its_end_a_poll_is_closed() -> None:
    assert polls.question_of(OURS, NOON + timedelta(hours=1))["closed"] == "2026-03-02T13:00:00Z"


def test_hidden_totals_are_told_at_the_end_only() -> None:
    hidden = msgspec.structs.replace(OURS, hide_totals=True)
    before = polls.question_of(hidden, NOON)["oneOf"]
    after = polls.question_of(hidden, NOON + timedelta(hours=1))["oneOf"]
    assert [one["replies"]["totalItems"] for one in before] == [0, 0]
    assert [one["replies"]["totalItems"] for one in after] == [3, 1]


def test_what_goes_out_comes_in_the_same() -> None:
    found = poll_of(**polls.question_of(OURS, NOON))
    assert found == msgspec.structs.replace(OURS, counted_at=NOON + timedelta(hours=2))


def test_the_poll_of_a_peer_is_read() -> None:
    found = poll_of(
        anyOf=[option("Tea  & <milk> &amp;", 2), option("Coffee", None), {"type": "Note"}],
        endTime="2026-03-02T12:30:00Z",
        votersCount=2,
    )
    assert found is not None
    assert [(one.title, one.votes_count) for one in found.options] == [
        ("Tea  & <milk> &amp;", 2),
        ("Coffee", 0),
    ]
    assert (found.multiple, found.voters_count) == (True, 2)
    assert found.ends_at == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("closed", "ends_at"),
    [
        ("2026-03-02T12:10:00Z", NOON + timedelta(minutes=10)),
        ("2026-03-02T20:00:00Z", NOON + timedelta(hours=2)),  # nothing was closed in the future
        (True, NOON),
        (False, NOON + timedelta(minutes=30)),
        ({}, NOON + timedelta(minutes=30)),
    ],
)
def test_a_poll_that_was_closed_ended_then(closed: Any, ends_at: datetime) -> None:
    found = poll_of(oneOf=[option("Tea")], endTime="2026-03-02T12:30:00Z", closed=closed)
    assert found is not None
    assert found.ends_at == ends_at


@pytest.mark.parametrize("options", [[], "Tea", [{"type": "Note"}], None])
def test_a_question_without_choices_is_a_text(options: Any) -> None:
    assert poll_of(oneOf=options) is None


def test_a_flood_of_choices_is_cut() -> None:
    found = poll_of(oneOf=[option("x" * 900 + str(number)) for number in range(500)])
    assert found is not None
    assert (len(found.options), len(found.options[0].title)) == (20, 255)


VOTE = {"type": "Note", "name": "Tea", "inReplyTo": "https://kent.example/posts/1", "content": None}


@pytest.mark.parametrize(
    ("more", "is_vote"),
    [
        ({}, True),
        ({"content": ""}, True),
        ({"published": "2026-03-02T12:00:00Z"}, True),  # Pleroma
        ({"content": "<p>I like tea</p>"}, False),
        ({"contentMap": {"en": "<p>I like tea</p>"}}, False),
        ({"name": None}, False),
        ({"inReplyTo": None}, False),
        ({"type": "Article"}, False),
        ({"attachment": [{"type": "Image", "url": "https://surrey.example/a.png"}]}, False),
    ],
)
def test_a_name_an_answered_post_and_no_text_are_a_vote(more: dict[str, Any], is_vote: bool) -> None:
    assert polls.is_vote(read(**VOTE | more)) is is_vote


def test_a_vote_of_ours_is_for_nobody_but_who_asked() -> None:
    made = polls.vote_of(
        "https://kent.example/activities/9",
        "https://kent.example/people/ada",
        "Tea",
        poll="https://surrey.example/notes/1",
        author="https://surrey.example/users/sam",
        number=7,
    )
    assert (made["to"], made["cc"]) == (["https://surrey.example/users/sam"], [])
    assert made["object"]["id"] == "https://kent.example/people/ada#votes/7"
    assert {"content", "published", "proof"}.isdisjoint(made["object"])
    found = registry.read(document.read(msgspec.json.encode(made)))
    assert isinstance(found, vocab.Activity)
    assert isinstance(found.object, vocab.Post)
    assert polls.is_vote(found.object)
