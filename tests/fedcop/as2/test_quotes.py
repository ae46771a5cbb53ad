"""Quotes on the wire, in each way that servers say them."""

from typing import Any

import msgspec
import pytest

from activitypub import document, vocab
from activitypub.shape import PUBLIC
from activitypub.vocab import registry
from fedcop.as2 import quotes
from fedcop.content import sanitise
from storage.ids import ActorId, PostId
from storage.quotes import NewQuote, Stamp

QUOTED = "https://kent.example/posts/1"


def read(**more: Any) -> vocab.Post:
    note = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://surrey.example/notes/1",
        "type": "Note",
        "attributedTo": "https://surrey.example/users/sam",
        "content": "<p>See this</p>",
    }
    found = registry.read(document.read(msgspec.json.encode(note | more)))
    assert isinstance(found, vocab.Post)
    return found


LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    "said",
    [
        {"quoteUrl": QUOTED},
        {"quoteUri": QUOTED},
        {"_misskey_quote": QUOTED},
        {"tag": [{"type": "Link", "mediaType": LD, "href": QUOTED, "name": f"RE: {QUOTED}"}]},
        {
            "tag": [
                {
                    "type": "Link",
                    "mediaType": "application/activity+json",
                    "href": QUOTED,
                    "rel": "https://misskey-hub.net/ns#_misskey_quote",
                }
            ]
        },
    ],
)
def test_a_quote_is_read_as_older_software_says_it(said: dict[str, Any]) -> None:
    assert quotes.quote_from(read(**said)) == NewQuote(uri=QUOTED, legacy=True)


def test_a_quote_is_read_with_its_authorization() -> None:
    stamp = "https://kent.example/quotes/7"
    found = read(quote={"id": QUOTED}, quoteAuthorization=stamp, quoteUri="https://kent.example/posts/2")
    assert quotes.quote_from(found) == NewQuote(uri=QUOTED, stamp=stamp)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"quote": {"type": "Tombstone"}},
        {"quote": "https://surrey.example/notes/1"},
        {"quoteUrl": "javascript:alert(1)"},
        {"tag": [{"type": "Link", "mediaType": LD, "href": QUOTED, "name": "See also"}]},
        {"tag": [{"type": "Link", "mediaType": "text/html", "href": QUOTED, "name": "RE: x"}]},
        {"tag": [{"type": "Mention", "mediaType": LD, "href": QUOTED, "name": "RE: x"}]},
    ],
)
def test_what_is_no_quote_is_none(said: dict[str, Any]) -> None:
    assert quotes.quote_from(read(**said)) is None


@pytest.mark.parametrize(
    "content",
    [
        f'<p>See</p><p class="quote-inline">RE: <a href="{QUOTED}">x</a></p>',
        '<p>See</p><span class="quote-inline"><br>RE: <a href="https://kent.example/@ada/1">x</a></span>',
        '<p>See</p><p>RE: <a href="https://kent.example/@ada/1">x</a></p>',
        f'<p>See <a href="{QUOTED}">this</a></p>',
    ],
)
def test_a_link_that_is_there_stays_the_only_one(content: str) -> None:
    assert quotes.linked(content, NewQuote(uri=QUOTED)) == content


def test_a_quote_without_a_link_in_the_text_gets_one() -> None:
    assert quotes.linked("<p>RE: my mail</p>", NewQuote(uri="https://a.example/?a=1&b=2")) == (
        '<p>RE: my mail</p><p class="quote-inline">RE: <a href="https://a.example/?a=1&amp;b=2"'
        ' rel="nofollow noopener noreferrer ugc">https://a.example/?a=1&amp;b=2</a></p>'
    )
    assert quotes.linked("<p>Plain</p>", None) == "<p>Plain</p>"


@pytest.mark.parametrize(
    ("policy", "allowed"), [("public", PUBLIC), ("followers", "me/followers"), ("nobody", "me")]
)
def test_who_may_quote_a_post_is_said_and_read_back(policy: str, allowed: str) -> None:
    said = quotes.policy_of("me", policy)
    assert said == {"canQuote": {"automaticApproval": [allowed]}}
    assert quotes.policy_from(read(interactionPolicy=said), "me/followers") == policy


@pytest.mark.parametrize(
    ("said", "policy"),
    [
        ({}, "nobody"),
        ({"canQuote": {}}, "nobody"),
        ({"canQuote": {"manualApproval": "as:Public"}}, "manual"),
        ({"canQuote": {"automaticApproval": [], "manualApproval": [PUBLIC]}}, "manual"),
        ({"canQuote": {"automaticApproval": ["somebody"], "manualApproval": ["else"]}}, "nobody"),
        ({"canQuote": {"automaticApproval": ["as:Public"]}}, "public"),
        ({"canQuote": 7}, "nobody"),
        ("all", "nobody"),
    ],
)
def test_a_policy_that_is_not_understood_allows_nobody(said: Any, policy: str) -> None:
    assert quotes.policy_from(read(interactionPolicy=said), "me/followers") == policy
    assert quotes.policy_from(read(interactionPolicy=said), None) == policy


def test_a_quote_is_said_in_three_ways_and_read_once() -> None:
    said = quotes.said_of(QUOTED, "https://kent.example/quotes/1")
    assert quotes.quote_from(read(**said)) == NewQuote(uri=QUOTED, stamp="https://kent.example/quotes/1")
    assert "quoteAuthorization" not in quotes.said_of(QUOTED, None)


def test_our_word_reads_back() -> None:
    stamp = Stamp(
        id=7,
        post_id=PostId(1),
        quoting_uri="https://surrey.example/notes/1",
        quoted_uri=QUOTED,
        author_id=ActorId(2),
        author_uri="https://kent.example/people/ada",
    )
    said = quotes.authorization_of("https://kent.example/quotes/7", stamp)
    found = registry.read(document.read(msgspec.json.encode(said)))
    assert found == vocab.QuoteAuthorization(
        id="https://kent.example/quotes/7",
        type="QuoteAuthorization",
        attributed_to="https://kent.example/people/ada",
        interacting_object="https://surrey.example/notes/1",
        interaction_target=QUOTED,
    )


@pytest.mark.parametrize("kind", ["Accept", "Reject"])
def test_an_answer_names_what_was_asked(kind: str) -> None:
    request = {"id": "https://surrey.example/requests/1", "type": "QuoteRequest"}
    made = (
        quotes.accept_of("a", "ada", "sam", request=request, result="stamp")
        if kind == "Accept"
        else quotes.reject_of("a", "ada", "sam", request=request)
    )
    assert (made["type"], made["object"], made["to"]) == (kind, request, ["sam"])
    assert made.get("result") == ("stamp" if kind == "Accept" else None)


def test_the_link_that_stands_for_a_quote_keeps_its_class() -> None:
    """Clients hide it by that where they show the quote itself."""
    written = f'<p class="quote-inline">RE: <a href="{QUOTED}">{QUOTED}</a></p>'
    assert sanitise.clean(written).startswith('<p class="quote-inline">RE: ')
