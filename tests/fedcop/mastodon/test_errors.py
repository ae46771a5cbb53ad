"""The one shape in which clients read a fault."""

import json

import pytest
from starlette.responses import Response

from fedcop.errors import Invalid, NotFound, NotPermitted, NotSignedIn, PeerTrouble, Refusal, TooMany
from fedcop.mastodon import errors


def read(response: Response) -> dict[str, object]:
    assert response.headers["content-type"] == "application/json"
    decoded: dict[str, object] = json.loads(bytes(response.body))
    return decoded


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("no"), 400),
        (NotSignedIn("no"), 401),
        (NotPermitted("no"), 403),
        (NotFound("no"), 404),
        (Invalid("no"), 422),
    ],
)
def test_a_refusal_is_its_status_and_its_text(refusal: Refusal, status: int) -> None:
    response = errors.refused(refusal)
    assert (response.status_code, read(response)) == (status, {"error": "no"})


def test_the_cause_is_never_shown() -> None:
    assert read(errors.refused(NotFound("not there", cause="secret"))) == {"error": "not there"}


def test_a_peer_in_trouble_is_503() -> None:
    response = errors.refused(PeerTrouble("devon.example", "no answer"))
    assert (response.status_code, read(response)) == (503, {"error": "devon.example: no answer"})


def test_too_many_says_when_to_come_again() -> None:
    response = errors.refused(TooMany("slow down", retry_after=30))
    assert (response.status_code, response.headers["retry-after"]) == (429, "30")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("can't be blank", "ERR_BLANK"),
        ("is too long (maximum is 5)", "ERR_TOO_LONG"),
        ("is odd", "ERR_INVALID"),
        ("must be accepted", "ERR_ACCEPTED"),
    ],
)
def test_a_field_is_named_with_its_code(fault: str, code: str) -> None:
    body = read(errors.refused(Invalid(f"Validation failed: Name {fault}", name=fault)))
    assert body == {
        "error": f"Validation failed: Name {fault}",
        "details": {"name": [{"error": code, "description": fault}]},
    }


def test_what_an_action_says_of_a_field_is_a_validation_too() -> None:
    assert read(errors.refused(Invalid(name="is odd")))["error"] == "Validation failed: name: is odd"


def test_a_busy_database_says_when_to_come_again() -> None:
    response = errors.busy()
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert "error" in read(response)
