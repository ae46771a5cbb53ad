"""Where clients want to be told of notifications by Web Push, and which each has been told of.

The table is the queue: ``notifications.add`` makes the rows of its recipient due, and what is later than
``sent_to`` is yet to be pushed, whatever process ends meanwhile.
"""

from datetime import datetime
from typing import Literal

import msgspec

from storage.dialect import either
from storage.engine import Reader, Transaction
from storage.ids import ActorId, NotificationId
from storage.row import Row, array_of

Policy = Literal["all", "followed", "follower", "none"]


class Subscription(Row, frozen=True):
    """One client's: ``alerts`` is a JSON array of kinds of notification."""

    id: int
    token_id: int
    actor_id: ActorId
    endpoint: str
    p256dh: bytes
    secret: bytes
    standard: bool
    alerts: str
    policy: Policy
    sent_to: NotificationId
    failures: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """Give the kinds of notification that the client wants."""
        return _kinds(self.alerts)


_kinds = msgspec.json.Decoder(tuple[str, ...]).decode
_COLUMNS = ", ".join(Subscription.__struct_fields__)

_PUT = """
-- A token has one; a new one begins with what comes next.
INSERT INTO push_subscriptions
    ({id_column} token_id, actor_id, endpoint, p256dh, secret, standard, alerts, policy, sent_to)
VALUES ({id} :token_id, :actor_id, :endpoint, :p256dh, :secret, :standard, :alerts, :policy,
        COALESCE((SELECT MAX(id) FROM notifications WHERE actor_id = :actor_id), 0))
ON CONFLICT (token_id) DO UPDATE
   SET endpoint = excluded.endpoint, p256dh = excluded.p256dh, secret = excluded.secret,
       standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy,
       sent_to = excluded.sent_to, due_at = NULL, failures = 0
"""

PUT = either(
    _PUT.format(id_column="", id=""),
    postgres=_PUT.format(id_column="id,", id="nextval('push_subscription_ids'),"),
)


async def put(
    tx: Transaction,
    token_id: int,
    actor_id: ActorId,
    *,
    endpoint: str,
    p256dh: bytes,
    secret: bytes,
    standard: bool,
    alerts: tuple[str, ...],
    policy: Policy,
) -> None:
    """Store where a token's client is told, instead of where it was before."""
    await tx.execute(
        PUT,
        token_id=token_id,
        actor_id=actor_id,
        endpoint=endpoint,
        p256dh=p256dh,
        secret=secret,
        standard=standard,
        alerts=array_of(alerts),
        policy=policy,
    )


FIND = f"SELECT {_COLUMNS} FROM push_subscriptions WHERE token_id = :token_id"


async def find(read: Reader, token_id: int) -> Subscription | None:
    """Give what a token's client wants to be told."""
    return await read.one(Subscription, FIND, token_id=token_id)


CHANGE = "UPDATE push_subscriptions SET alerts = :alerts, policy = :policy WHERE token_id = :token_id"


async def change(tx: Transaction, token_id: int, *, alerts: tuple[str, ...], policy: Policy) -> bool:
    """Change of what a token's client wants to be told; False if it is told nothing."""
    return await tx.execute(CHANGE, token_id=token_id, alerts=array_of(alerts), policy=policy) > 0


REMOVE = "DELETE FROM push_subscriptions WHERE token_id = :token_id"


async def remove(tx: Transaction, token_id: int) -> None:
    """Tell a token's client nothing more."""
    await tx.execute(REMOVE, token_id=token_id)


DUE = f"""
-- Whoever may not use the node for a while is told nothing; when they may again, what is still news.
SELECT {_COLUMNS} FROM push_subscriptions AS s
 WHERE due_at <= :now AND id NOT IN (SELECT value FROM json_each(:in_hand))
   AND EXISTS (SELECT 1 FROM accounts AS c WHERE c.actor_id = s.actor_id AND c.state = 'active')
 ORDER BY due_at LIMIT :limit
"""


async def due(read: Reader, now: datetime, in_hand: list[int], limit: int) -> list[Subscription]:
    """Give subscriptions for which there may be something to push, but those in hand."""
    return await read.all(Subscription, DUE, now=now, in_hand=array_of(in_hand), limit=limit)


NEXT = """
SELECT n.id FROM notifications AS n
 WHERE n.actor_id = :actor_id AND n.id > :sent_to AND n.created_at > :since AND n.filtered = 0
   AND n.type IN (SELECT value FROM json_each(:alerts))
   AND CASE :policy
       WHEN 'all' THEN TRUE
       WHEN 'followed' THEN EXISTS (SELECT 1 FROM follows AS f
            WHERE f.follower_id = n.actor_id AND f.target_id = n.by_actor AND f.state = 'accepted')
       WHEN 'follower' THEN EXISTS (SELECT 1 FROM follows AS f
            WHERE f.follower_id = n.by_actor AND f.target_id = n.actor_id AND f.state = 'accepted')
       ELSE FALSE END
 ORDER BY n.id LIMIT 1
"""


async def next_of(read: Reader, held: Subscription, since: datetime) -> NotificationId | None:
    """Give the earliest notification that a subscription wants and was not told of, if it is not too old."""
    found = await read.value(
        NEXT,
        actor_id=held.actor_id,
        sent_to=held.sent_to,
        since=since,
        alerts=held.alerts,
        policy=held.policy,
    )
    return None if found is None else NotificationId(found)


SENT = """
UPDATE push_subscriptions SET sent_to = :notification_id, failures = 0
 WHERE id = :id AND sent_to < :notification_id
"""


async def sent(tx: Transaction, subscription_id: int, notification_id: NotificationId) -> None:
    """Remember that a notification went out; there may be more."""
    await tx.execute(SENT, id=subscription_id, notification_id=notification_id)


REST = """
UPDATE push_subscriptions SET due_at = NULL
 WHERE id = :id AND NOT EXISTS (SELECT 1 FROM notifications AS n
        WHERE n.actor_id = push_subscriptions.actor_id AND n.id > :seen)
"""

HIGHEST = "SELECT COALESCE(MAX(id), 0) FROM notifications WHERE actor_id = :actor_id"


async def highest(read: Reader, actor_id: ActorId) -> NotificationId:
    """Give the latest notification that a person has."""
    return NotificationId(await read.value(HIGHEST, actor_id=actor_id))


async def rest(tx: Transaction, subscription_id: int, seen: NotificationId) -> None:
    """Look no more until the person is told something later than ``seen``."""
    await tx.execute(REST, id=subscription_id, seen=seen)


PUT_OFF = "UPDATE push_subscriptions SET due_at = :due_at, failures = failures + 1 WHERE id = :id"


async def put_off(tx: Transaction, subscription_id: int, due_at: datetime) -> None:
    """Try again later."""
    await tx.execute(PUT_OFF, id=subscription_id, due_at=due_at)


DROP = "DELETE FROM push_subscriptions WHERE id = :id"


async def drop(tx: Transaction, subscription_id: int) -> None:
    """Forget a subscription that its service no longer knows."""
    await tx.execute(DROP, id=subscription_id)
