"""Outgoing activities held against what is expected of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activitypub.wire import Request
from tests.reports.answers import NotUnderstood
from tests.reports.traffic import Traffic
from tests.reports.wire import Sent

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POST = "https://node.kent.example/posts/1"


def sent(
    document: dict[str, Any] | None = None,
    *,
    url: str = "https://devon.example/inbox",
    after: float = 0,
    status: int | None = 202,
    method: str = "POST",
    **headers: str,
) -> Sent:
    body = json.dumps(document or {"id": "1", "type": "Like"}).encode() if method == "POST" else b""
    request = Request(method=method, url=url, headers=tuple(headers.items()), body=body)
    return Sent(request, NOON + timedelta(seconds=after), status)


def fault(wanted: dict[str, Any], *all_sent: Sent, tries: bool = False) -> str | None:
    traffic = Traffic(list(all_sent), NOON, {POST: "<p>Larch</p>"}.get, lambda _: None)
    return traffic.fault_of({"to_host": "devon.example", "match": {}} | wanted, None, tries=tries)


CREATE = {
    "id": "c",
    "type": "Announce",
    "to": ["https://devon.example/users/bea"],
    "cc": "x",
    "object": {"type": "Create", "id": "i", "object": {"id": "n", "content": "Larch wood"}},
}


@pytest.mark.parametrize(
    "match",
    [
        {"type": "Announce"},
        {"type": ["Like", "Announce"]},
        {"object.type": "Create", "object.object.id": "n"},
        {"object|object.object.id": "n"},
        {"object.object|id": "n"},
        {"object.object.content~": "wood"},
        {"content~": "Larch"},
        {"to": "https://devon.example/users/bea"},
    ],
)
def test_an_activity_is_matched_by_what_stands_in_it(match: dict[str, Any]) -> None:
    assert fault({"match": match}, sent(CREATE)) is None


@pytest.mark.parametrize(
    "match", [{"type": "Like"}, {"object": "n"}, {"content~": "Oak"}, {"object.none": None}, {"id~": "z"}]
)
def test_another_is_not(match: dict[str, Any]) -> None:
    assert fault({"match": match}, sent(CREATE)) is not None
    assert fault({"match": match, "count": 0}, sent(CREATE)) is None


def test_a_post_that_an_announce_names_is_read_for_its_text() -> None:
    assert (
        fault({"match": {"content~": "Larch"}}, sent({"id": "a", "type": "Announce", "object": POST})) is None
    )


def test_each_inbox_counts_once_unless_tries_are_counted() -> None:
    tried = [sent(), sent(after=60), sent(url="https://devon.example/users/bea/inbox")]

    assert fault({"count": 2}, *tried) is None
    assert fault({"count": 3}, *tried, tries=True) is None
    assert fault({"count": 2, "accepted_count": 3}, *tried) is not None  # which is about tries


def test_both_signatures_of_one_moment_are_one_try() -> None:
    assert fault({"count": 1}, sent(status=400), sent(status=400), tries=True) is None


def test_gaps_and_times_are_looked_at() -> None:
    tried = [sent(status=429), sent(after=100, status=None), sent(after=300)]

    assert fault({"min_gap_s": 100, "max_count": 3, "accepted_count": 1, "within_s": 300}, *tried) is None
    assert fault({"min_gap_s": 101}, *tried) is not None
    assert fault({"max_count": 2}, *tried) is not None
    assert fault({"within_s": 299, "max_count": 3}, *tried) is not None


def test_whom_it_is_addressed_to_and_what_is_not_in_it() -> None:
    assert fault({"addressed_to": ["https://devon.example/users/bea", "x"]}, sent(CREATE)) is None
    assert fault({"addressed_to": ["y"]}, sent(CREATE)) is not None
    assert fault({"body_not_contains": ["lar", "ana"]}, sent(CREATE)) is None
    assert fault({"body_not_contains": ["Larch"]}, sent(CREATE)) is not None


def test_the_request_itself_is_looked_at() -> None:
    dated = [sent(Date="one", Host="devon.example", Signature='headers="host"'), sent(after=60, Date="two")]

    assert fault({"distinct_header": "Date", "same_activity_id": True}, *dated) is None
    assert fault({"distinct_header": "Host"}, sent(Host="a"), sent(after=9, Host="a")) is not None
    assert fault({"same_activity_id": True}, sent(), sent({"id": "2", "type": "Like"})) is not None
    assert fault({"signed_host": "devon.example", "request_line": "POST /inbox"}, dated[0]) is None
    assert fault({"signed_host": "essex.example"}, dated[0]) is not None
    assert fault({"request_line": "POST /other"}, dated[0]) is not None
    assert fault({"signature_valid": True}, sent()) is not None


def test_connections_are_counted_by_host_and_path() -> None:
    all_sent = [sent(), sent(method="GET", url="https://devon.example/users/bea?x=1")]
    traffic = Traffic(all_sent, NOON, lambda _: None, lambda _: None)

    assert traffic.fetched("devon.example", None, also_posts=True) == ["POST /inbox", "GET /users/bea?x=1"]
    assert traffic.fetched("devon.example", "/users/bea", also_posts=False) == ["GET /users/bea?x=1"]
    assert traffic.fetched("essex.example", None, also_posts=True) == []


def test_another_key_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        fault({"colour": "red"}, sent())
