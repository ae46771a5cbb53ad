"""Refusals: their words and their codes."""

from fedcop.errors import Invalid, NotFound, NotPermitted, NotSignedIn, PeerTrouble, Refusal, TooMany


def test_each_refusal_has_its_code() -> None:
    codes = {kind: kind.status for kind in (Refusal, NotSignedIn, NotPermitted, NotFound, Invalid, TooMany)}

    assert list(codes.values()) == [400, 401, 403, 404, 422, 429]


def test_fields_make_the_words_of_an_invalid_form() -> None:
    refusal = Invalid(title="is empty", by="lies in the past")

    assert refusal.text == "title: is empty; by: lies in the past"
    assert refusal.fields == {"title": "is empty", "by": "lies in the past"}
    assert Invalid("no").fields == {}


def test_a_cause_is_kept_apart_from_the_words() -> None:
    assert NotFound("no such post", cause="hidden by a block").cause == "hidden by a block"


def test_a_peer_s_trouble_names_the_host() -> None:
    trouble = PeerTrouble("devon.example", "no answer in 10 s")

    assert (trouble.status, trouble.host, trouble.text) == (
        503,
        "devon.example",
        "devon.example: no answer in 10 s",
    )


def test_too_many_says_when_to_come_back() -> None:
    assert TooMany("10 wrong passwords", retry_after=300).retry_after == 300
