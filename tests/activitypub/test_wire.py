"""HTTP messages as values."""

from activitypub.wire import Request, Response


def test_a_header_is_found_whatever_its_case_and_repeated_ones_are_joined() -> None:
    request = Request(
        method="POST", url="https://kent.example/inbox", headers=(("Digest", "a=1"), ("digest", "b=2"))
    )

    assert request.header("DIGEST") == "a=1, b=2"
    assert request.header("date") is None


def test_an_answer_has_headers_too() -> None:
    assert Response(status=200, url="https://kent.example/", headers=(("date", "x"),)).header("Date") == "x"
