"""What the text of a status says of an event."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop.mastodon.entities.event import details_of
from storage.events import Event
from storage.ids import PostId
from tests.fedcop.mastodon.entities.rows import NOON


def event(**more: Any) -> Event:
    values: dict[str, Any] = {
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "timezone": "Europe/London",
        "place": "",
        "address": "",
        "online_url": None,
        "join_mode": "",
        "join_url": None,
        "state": "confirmed",
    }
    return Event(post_id=PostId(1), **(values | more))


def test_all_that_is_known_is_said() -> None:
    assert details_of(
        event(
            place="Depot <b>",
            address="2 Mill Lane",
            online_url="https://kent.example/?a=1&b=2",
            join_mode="external",
            join_url="https://kent.example/join",
            state="cancelled",
        )
    ) == (
        "<p><strong>Cancelled</strong>"
        "<br>When: Monday 2 March 2026, 12:00 to 13:00 (Europe/London)"
        "<br>Where: Depot &lt;b&gt;, 2 Mill Lane"
        '<br>Online: <a href="https://kent.example/?a=1&amp;b=2" rel="nofollow noopener" target="_blank">'
        "https://kent.example/?a=1&amp;b=2</a>"
        '<br>Joining: elsewhere <a href="https://kent.example/join" rel="nofollow noopener"'
        ' target="_blank">https://kent.example/join</a></p>'
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "<p>When: Monday 2 March 2026, 12:00 to 13:00 (Europe/London)</p>"),
        ({"state": "tentative"}, "Not certain yet"),
        ({"join_mode": "free"}, "Joining: open to everybody"),
        ({"join_mode": "restricted"}, "Joining: on request"),
        ({"join_mode": "invite"}, "Joining: by invitation"),
    ],
)
def test_what_is_not_known_is_left_out(more: dict[str, Any], words: str) -> None:
    said = details_of(event(**more))
    assert words in said
    assert "None" not in said
    assert "<br><br>" not in said
