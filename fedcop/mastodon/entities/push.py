"""WebPushSubscription."""

import msgspec

from fedcop.mastodon.entities.notification import TYPES
from storage.push import Subscription

# Kinds that a client may ask for although nobody here is told of them.
UNHEARD = ("admin.sign_up", "admin.report")


class WebPushSubscription(msgspec.Struct, kw_only=True):
    """Where and of what a client is told; ``id`` is a number (Tusky, Ice Cubes)."""

    id: int
    endpoint: str
    standard: bool
    server_key: str
    policy: str
    alerts: dict[str, bool]


def subscription(row: Subscription, server_key: str) -> WebPushSubscription:
    """Give what a client wants to be told; every alert is true or false (friendica#12620)."""
    kinds = row.kinds
    return WebPushSubscription(
        id=row.id,
        endpoint=row.endpoint,
        standard=row.standard,
        server_key=server_key,
        policy=row.policy,
        alerts={theirs: ours in kinds for ours, theirs in TYPES.items()} | dict.fromkeys(UNHEARD, False),
    )
