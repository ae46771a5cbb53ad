"""Events on the wire: ours, and as Mobilizon, Gancio and WordPress write them."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from activitypub import document, vocab
from activitypub.vocab import registry
from fedcop.as2 import events
from storage.events import NewEvent
from tests.architecture.sources import ROOT

STARTS = datetime(2026, 6, 4, 13, tzinfo=UTC)
OURS = NewEvent(
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=90),
    timezone="Europe/London",
    place="Town Hall",
    address="1 High Street, Maidstone",
    online_url="https://kent.example/meet/1",
    join_mode="external",
    join_url="https://kent.example/sign-up",
)


def read(**more: Any) -> vocab.Post:
    event = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://surrey.example/events/1",
        "type": "Event",
        "attributedTo": "https://surrey.example/users/sam",
        "name": "Meeting",
        "startTime": "2026-06-04T14:00:00+01:00",
    }
    found = registry.read(document.read(msgspec.json.encode(event | more)))
    assert isinstance(found, vocab.Post)
    return found


def event_of(**more: Any) -> NewEvent:
    found = events.event_from(read(**more))
    assert found is not None
    return found


def test_what_goes_out_comes_in_the_same() -> None:
    said = events.event_of(OURS)
    assert said["startTime"] == "2026-06-04T13:00:00Z"
    assert event_of(**said) == OURS
    cancelled = msgspec.structs.replace(OURS, state="cancelled")
    assert event_of(**events.event_of(cancelled)) == cancelled


def test_an_event_of_mobilizon_is_read() -> None:
    shared = Path(os.environ.get("FEDCOP_SHARED", ROOT.parent / "shared"))
    sample = shared / "corpus" / "mobilizon" / "objects" / "event.json"
    if not sample.exists():
        pytest.skip("the corpus is not here; FEDCOP_SHARED names it")
    found = registry.read(document.read(sample.read_bytes()))
    assert isinstance(found, vocab.Post)
    event = events.event_from(found)
    assert event == NewEvent(
        starts_at=datetime(2022, 12, 11, 19, tzinfo=UTC),
        ends_at=datetime(2022, 12, 11, 21, tzinfo=UTC),
        timezone="Europe/London",
        place="Benefits Library Depot",
        address="Benefits Benefits, Permit, Transport, Gully 7Transport, United Kingdom",
        join_mode="free",
    ), json.dumps(sample.name)


def test_an_event_of_gancio_is_read() -> None:
    found = event_of(
        endTime="2026-06-04T15:00:00+01:00",
        location=[
            {"type": "Place", "name": "Depot", "address": "2 Mill Lane", "latitude": 51.2},
            {"type": "VirtualLocation", "url": "https://surrey.example/meet"},
        ],
    )
    assert (found.place, found.address) == ("Depot", "2 Mill Lane")
    assert found.online_url == "https://surrey.example/meet"
    assert (found.starts_at, found.ends_at) == (STARTS, STARTS + timedelta(hours=1))


def test_an_event_of_wordpress_is_read() -> None:
    found = event_of(
        location={"type": "VirtualLocation", "name": "Online", "url": "https://surrey.example/meet"},
        joinMode="external",
        externalParticipationUrl="https://surrey.example/join",
        timezone="Europe/London",
        status="CANCELLED",
    )
    assert (found.place, found.online_url) == ("", "https://surrey.example/meet")
    assert (found.join_mode, found.join_url) == ("external", "https://surrey.example/join")
    assert found.state == "cancelled"


@pytest.mark.parametrize(
    "more",
    [
        {"location": "Town Hall"},
        {"location": {"type": "Place", "name": "Town Hall"}},
        {"location": [None, 7, {"type": "Place", "name": "  Town \n Hall "}]},
    ],
)
def test_a_place_is_read_in_every_shape(more: dict[str, Any]) -> None:
    assert event_of(**more).place == "Town Hall"


@pytest.mark.parametrize(
    "more",
    [
        {"location": {"type": "VirtualLocation", "url": "javascript:alert(1)"}},
        {"externalParticipationUrl": "javascript:alert(1)"},
        {"timezone": "../../etc/passwd"},
        {"timezone": "x" * 65},
        {"joinMode": "<b>"},
        {"endTime": "2026-06-04T13:59:00+01:00"},
        {"location": {"type": "Place", "name": {"a": 1}, "address": ["b"]}},
    ],
)
def test_what_is_no_use_or_means_harm_is_left_out(more: dict[str, Any]) -> None:
    assert event_of(**more) == NewEvent(starts_at=STARTS)


def test_what_does_not_say_when_it_begins_is_a_text() -> None:
    assert events.event_from(read(startTime="soon")) is None
    assert events.event_from(read(type="Note")) is None


def test_when_and_where_stand_in_one_line() -> None:
    line = "Thursday 4 June 2026, 14:00 to 15:30 (Europe/London) · Town Hall, 1 High Street, Maidstone"
    assert events.line_of(OURS) == line
    assert events.line_of(msgspec.structs.replace(OURS, state="cancelled")) == f"Cancelled: {line}"
