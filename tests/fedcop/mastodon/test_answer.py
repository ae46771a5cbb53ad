"""Links, dates and the authority that a client dialled."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from fedcop.mastodon import answer
from fedcop.uris import Uris
from storage.pages import Page


def request(
    path: str = "/api/v1/timelines/home", query: str = "", host: str = "", base: str = "https://kent.example"
) -> Request:
    node = SimpleNamespace(
        config=SimpleNamespace(node=SimpleNamespace(base_url=base)), uris=Uris(base, "kent.example")
    )
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())] if host else [],
        "server": ("0.0.0.0", 80),
        "app": SimpleNamespace(state=SimpleNamespace(node=node)),
    }
    return Request(scope)


def test_a_time_has_three_digits_and_a_z() -> None:
    moment = datetime(2026, 3, 2, 12, 0, 1, 2345, tzinfo=UTC)
    assert answer.time(moment) == "2026-03-02T12:00:01.002Z"
    assert answer.time_if(None) is None
    assert answer.time_if(moment) == "2026-03-02T12:00:01.002Z"


def test_a_page_links_next_first_then_prev() -> None:
    response = answer.page(request(), ["b", "a"], Page(limit=2), [9, 7])
    assert response.body == b'["b","a"]'
    assert response.headers["link"] == (
        '<https://kent.example/api/v1/timelines/home?limit=2&max_id=7>; rel="next", '
        '<https://kent.example/api/v1/timelines/home?limit=2&min_id=9>; rel="prev"'
    )


def test_an_empty_page_has_no_link() -> None:
    assert "link" not in answer.page(request(), [], Page(limit=2), []).headers


def test_a_timeline_goes_on_after_a_short_page_and_a_list_does_not() -> None:
    assert 'rel="next"' in answer.page(request(), ["a"], Page(limit=2), [7]).headers["link"]
    short = answer.page(request(), ["a"], Page(limit=2), [7], full_only=True).headers["link"]
    assert short == '<https://kent.example/api/v1/timelines/home?limit=2&min_id=7>; rel="prev"'
    assert 'rel="next"' in answer.page(request(), ["a"], Page(limit=1), [7], full_only=True).headers["link"]


def test_a_link_carries_the_other_parameters_over_and_holds_no_comma() -> None:
    asked = request(
        "/api/v1/timelines/tag/dŵr/", query="any[]=a,b&limit=5&max_id=100&min_id=1&since_id=2&local=true"
    )
    link = answer.page(asked, ["a"], Page(limit=5), [7]).headers["link"]
    assert link.partition(">")[0] == (
        "<https://kent.example/api/v1/timelines/tag/d%C5%B5r?any%5B%5D=a%2Cb&local=true&limit=5&max_id=7"
    )
    assert link.count(",") == 1


@pytest.mark.parametrize(
    ("host", "base", "origin"),
    [
        ("127.0.0.1:8001", "http://kent.localhost:8001", "http://127.0.0.1:8001"),
        ("localhost:8001", "http://kent.localhost:8001", "http://localhost:8001"),
        ("LOCALHOST:8001", "https://kent.localhost:8001", "https://localhost:8001"),
        ("kent.localhost:8001", "http://kent.localhost:8001", "http://kent.localhost:8001"),
        ("evil.example", "http://kent.localhost:8001", "http://kent.localhost:8001"),
        ("localhost:8001@evil.example", "http://kent.localhost:8001", "http://kent.localhost:8001"),
        ("localhost:8001/x:1", "http://kent.localhost:8001", "http://kent.localhost:8001"),
        ("localhost:8001", "https://kent.example", "https://kent.example"),
        ("evil.example", "https://kent.example", "https://kent.example"),
        ("", "https://kent.example", "https://kent.example"),
    ],
)
def test_only_a_loopback_authority_that_was_dialled_replaces_the_public_one(
    host: str, base: str, origin: str
) -> None:
    assert answer.origin(request(host=host, base=base)) == origin
