"""WebPushSubscription."""

from fedcop.mastodon.entities.push import subscription
from storage.ids import ActorId, NotificationId
from storage.push import Subscription

ROW = Subscription(
    3, 4, ActorId(5), "https://push.example/1", b"", b"", True, '["like"]', "all", NotificationId(0), 0
)


def test_every_alert_is_true_or_false_in_the_clients_words() -> None:
    entity = subscription(ROW, "key")
    assert {name for name, wanted in entity.alerts.items() if wanted} == {"favourite"}
    assert {
        "mention",
        "status",
        "reblog",
        "follow",
        "follow_request",
        "poll",
        "update",
    } <= entity.alerts.keys()
    assert (entity.id, entity.server_key) == (3, "key")
