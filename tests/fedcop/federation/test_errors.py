import pytest

from activitypub.errors import Malformed, RemoteFault, TooLarge, Unsigned, WrongOrigin, WrongType
from fedcop.errors import NotFound, NotPermitted, PeerTrouble, Refusal, TooMany
from fedcop.federation.errors import answer_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Malformed("x"), 400),
        (Unsigned("x"), 401),
        (WrongOrigin("x"), 403),
        (TooLarge("x"), 413),
        (WrongType("x"), 415),
        (NotPermitted("x"), 403),
        (NotFound("x"), 404),
        (TooMany("x", retry_after=7), 429),
        (PeerTrouble("surrey.example", "x"), 503),
    ],
)
def test_each_refusal_is_a_status_and_says_why(error: RemoteFault | Refusal, status: int) -> None:
    answer = answer_of(error)
    assert answer.status_code == status
    assert bytes(answer.body).decode().strip() == str(error)


def test_only_trouble_and_haste_ask_to_come_again() -> None:
    assert answer_of(TooMany("x", retry_after=7)).headers["retry-after"] == "7"
    assert answer_of(PeerTrouble("surrey.example", "x")).headers["retry-after"] == "60"
    assert "retry-after" not in answer_of(NotFound("x")).headers


def test_no_cache_keeps_what_was_refused_to_one() -> None:
    answer = answer_of(NotFound("x"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Accept, Signature, Signature-Input"
