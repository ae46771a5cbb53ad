"""Which thread asks, and how what it asks for is written and read."""

from datetime import date
from typing import Any

import pytest

from activitypub.document import read as read_document
from activitypub.shape import LONGEST_NEED
from activitypub.vocab import Post, registry
from fedcop.as2 import activities
from fedcop.as2.asks import ask_from, ask_of, asks, html_of, line_of
from storage.asks import NewAsk
from tests.support.clock import NOON

NEED = NewAsk(
    need="A letter",
    tried="The one of 2019",
    by_when=date(2026, 4, 1),
    services=("service/12", "function/3"),
    withdrawn_at=NOON,
)


def post_of(**more: Any) -> Post:
    json = {"id": "https://york.example/p/1", "type": "Page", "name": "Letters", **more}
    found = registry.read(read_document(activities.bytes_of(json)))
    assert isinstance(found, Post)
    return found


@pytest.mark.parametrize(
    "title",
    ["Who has a letter?", "Has anyone done this? We tried.", 'Is it "legal?"', "Why (and how?) now", "Sut？"],
)
def test_a_sentence_that_ends_in_a_question_mark_asks(title: str) -> None:
    assert asks(title, [])


@pytest.mark.parametrize("title", ["A letter", "See https://york.example/?q=1", "what?ever", "", "?x"])
def test_no_other_mark_asks(title: str) -> None:
    assert not asks(title, ["letters"])


def test_two_tags_ask() -> None:
    assert asks("A letter", ["ask"])
    assert asks("Llythyr", ["cwestiwn"])


def test_what_is_written_is_read() -> None:
    assert ask_from(post_of(**ask_of(NEED)), "Letters", []) == NEED
    assert ask_from(post_of(**ask_of(NewAsk())), "Letters", []) == NewAsk()


@pytest.mark.parametrize(
    "more",
    [{"type": "Event"}, {"type": "Question"}, {"type": "Article"}, {"inReplyTo": "https://york.example/p/0"}],
)
def test_what_is_no_thread_asks_nothing_whatever_it_says(more: dict[str, Any]) -> None:
    assert ask_from(post_of(**ask_of(NEED) | more), "Letters?", ["ask"]) is None


def test_a_thread_without_our_terms_asks_by_its_words() -> None:
    assert ask_from(post_of(), "Letters?", []) == NewAsk()
    assert ask_from(post_of(), "Letters", []) is None


def test_too_much_is_cut_and_nonsense_left_out() -> None:
    said = {
        "need": "n" * 10_000,
        "tried": ["x"],
        "byWhen": "soon",
        "withdrawn": 7,
        "services": [
            "http://id.esd.org.uk/service/1",
            "http://id.esd.org.uk/service/1",
            "https://evil.example/service/2",
            "http://id.esd.org.uk/service/../../x",
            {"id": "http://id.esd.org.uk/function/4"},
            *(f"http://id.esd.org.uk/service/{number}" for number in range(100, 200)),
        ],
    }
    found = ask_from(post_of(ask=said), "Letters", [])
    assert found is not None
    assert found.need == "n" * LONGEST_NEED
    assert (found.tried, found.by_when, found.withdrawn_at) == ("", None, None)
    assert found.services == ("service/1", "function/4")


@pytest.mark.parametrize("said", ["yes", 1, [], True])
def test_what_is_no_object_says_nothing(said: Any) -> None:
    assert ask_from(post_of(ask=said), "Letters", []) is None


def test_a_day_that_has_passed_is_kept_as_it_was_said() -> None:
    found = ask_from(post_of(ask={"byWhen": "1999-01-01"}), "Letters", [])
    assert found is not None
    assert found.by_when == date(1999, 1, 1)


def test_what_became_of_an_ask_is_one_line() -> None:
    url = "https://york.example/p/2?a=1&b=2"
    assert line_of(NewAsk(), None, "en") == ""
    assert html_of(NewAsk(), None, "en") == ""
    assert line_of(NewAsk(), url, None) == f"Resolved: {url}"
    assert line_of(NewAsk(), url, "cy") == f"Datryswyd: {url}"
    assert line_of(NEED, url, "de").startswith("Withdrawn: ")
    assert html_of(NEED, url, "cy").startswith("<p>Tynnwyd yn ôl: ")
    assert html_of(NewAsk(), url, "en") == (
        '<p>Resolved: <a href="https://york.example/p/2?a=1&amp;b=2" rel="nofollow noopener" '
        'target="_blank">https://york.example/p/2?a=1&amp;b=2</a></p>'
    )
