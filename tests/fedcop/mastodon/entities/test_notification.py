"""The words that clients know for what a person is told."""

from fedcop.mastodon.entities import notification as entities
from storage.ids import ActorId, NotificationId
from storage.notifications import Notification
from tests.fedcop.mastodon.entities.rows import NOON, actor, at

KNOWN = {"mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote"}
KNOWN_TO_THOSE_WHO_DECIDE = {"admin.report"}


def test_every_kind_has_a_word_that_clients_know() -> None:
    assert set(entities.TYPES.values()) == KNOWN | KNOWN_TO_THOSE_WHO_DECIDE
    assert set(entities.TYPES) >= entities.ABOUT_A_POST


def test_what_is_about_no_post_carries_none() -> None:
    row = Notification(NotificationId(3), ActorId(1), "follow", ActorId(7), None, None, NOON)
    shown = entities.notification(row, actor(), None, at(1))
    assert (shown.id, shown.type, shown.group_key, shown.account.id) == ("3", "follow", "ungrouped-3", "7")
    assert shown.created_at == "2026-03-02T12:00:00.000Z"
