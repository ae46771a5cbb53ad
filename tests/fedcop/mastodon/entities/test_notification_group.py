"""Keys of groups."""

import pytest

from fedcop.mastodon.entities.notification_group import PERIOD_SECONDS, Key, key_of, read_key
from storage.ids import ActorId, NotificationId, PostId
from storage.notifications import Notification
from tests.support.clock import NOON

AT = int(NOON.timestamp() * 1000) << 10
PERIOD = int(NOON.timestamp()) // PERIOD_SECONDS


def row(kind: str, post_id: int | None, row_id: int = AT) -> Notification:
    post = None if post_id is None else PostId(post_id)
    return Notification(NotificationId(row_id), ActorId(1), kind, ActorId(2), post, None, NOON)


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (row("like", 7), f"favourite-7-{PERIOD}"),
        (row("boost", 7), f"reblog-7-{PERIOD}"),
        (row("follow", None), f"follow-{PERIOD}"),
        (row("mention", 7), f"ungrouped-{AT}"),
    ],
)
def test_a_key_leads_back_to_what_it_was_made_of(told: Notification, key: str) -> None:
    assert key_of(told) == key
    read = read_key(key)
    assert read is not None
    low, high = read.ids
    assert low <= told.id <= high
    assert read.kind in ("", told.type)


def test_what_a_client_does_not_want_grouped_is_not() -> None:
    assert key_of(row("like", 7), frozenset({"follow"})) == f"ungrouped-{AT}"


def test_one_notification_has_a_key_of_its_own() -> None:
    assert read_key("ungrouped-5") == Key(notification_id=5)
    assert read_key("mention-5-1") is None
