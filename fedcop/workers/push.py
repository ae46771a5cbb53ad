"""Wakes the clients of those who were told something (Web Push), one message after the other for each.

What is not sent yet is a row (``storage.push``): a restart loses nothing, and sends at most one twice.
"""

import random
from datetime import datetime, timedelta

import msgspec

from activitypub import backoff
from fedcop.delivery import push
from fedcop.delivery.push import Outcome, Told
from fedcop.node import Node
from fedcop.workers.loop import Given, Loop, guarded
from storage import actors, notifications, posts, visible
from storage import push as rows
from storage.engine import Reader, Transaction
from storage.ids import NotificationId
from storage.push import Subscription

AT_ONCE = 32
# Nobody wants to be woken for what is older.
NEWS_FOR = timedelta(days=2)
MOST_FAILURES = 12

# What stands above the first words of a post, or alone.
TITLES = {
    "mention": "{name} mentioned you",
    "post": "{name} posted",
    "boost": "{name} boosted your post",
    "like": "{name} likes your post",
    "follow": "{name} follows you",
    "follow_request": "{name} asks to follow or join",
    "poll": "A poll has ended",
    "update": "{name} edited a post",
    "report": "{name} reported something",
    "quote": "{name} quoted your post",
}
CLIENTS_WORD = {"post": "status", "boost": "reblog", "like": "favourite"}


class Result(msgspec.Struct, frozen=True):
    """What became of one look at a subscription: ``told`` is the notification that was sent or passed over,
    ``rest`` the latest there was when nothing was left to send."""

    held: Subscription
    outcome: Outcome
    told: NotificationId = NotificationId(0)
    rest: NotificationId | None = None
    again_at: datetime | None = None


class Lane:
    """Subscriptions of clients whose people were told something."""

    bell = "push"

    def __init__(self, node: Node) -> None:
        self._node = node

    async def turn(
        self, results: list[Result], in_hand: list[Subscription], *, more: bool
    ) -> list[Subscription]:
        """Write what came of messages and take subscriptions for which there may be more."""
        if results:
            await self._node.store.write(_settle, results)
        room = AT_ONCE - len(in_hand)
        if not more or room <= 0:
            return []
        ids = [held.id for held in in_hand]
        return await self._node.store.read(rows.due, self._node.clock.now(), ids, room)

    async def run(self, unit: Subscription) -> Result:
        """Send what the client wants next, if there is anything."""
        now = self._node.clock.now()
        ended = await guarded(self._sent(unit, now), f"push subscription {unit.id}")
        if isinstance(ended, Given):
            return ended.value
        return Result(unit, "later", again_at=_again_at(unit, now))

    async def _sent(self, unit: Subscription, now: datetime) -> Result:
        highest, next_id = await self._node.store.read(_next, unit, now - NEWS_FOR)
        if next_id is None:
            return Result(unit, "sent", rest=highest)
        told = await self._node.store.read(_told, self._node, unit, next_id)
        if told is None:  # its post was removed, or is not for this person any more
            return Result(unit, "sent", told=next_id)
        outcome = await push.send(self._node, unit, told)
        return Result(unit, outcome, told=next_id, again_at=_again_at(unit, now))

    def rows(self, unit: Subscription) -> int:
        """Give how many rows a unit holds: one."""
        return 1


def _again_at(held: Subscription, now: datetime) -> datetime:
    wait = backoff.next_try(held.failures + 1, jitter=random.random())  # noqa: S311 - spreads services
    return now + wait


async def _next(
    read: Reader, held: Subscription, since: datetime
) -> tuple[NotificationId, NotificationId | None]:
    return await rows.highest(read, held.actor_id), await rows.next_of(read, held, since)


async def _told(read: Reader, node: Node, held: Subscription, next_id: NotificationId) -> Told | None:
    viewer = visible.person(held.actor_id)
    row = await notifications.find(read, viewer, next_id)
    by = None if row is None else await actors.find(read, viewer, row.by_actor)
    if row is None or by is None:
        return None
    post = None if row.post_id is None else await posts.find(read, viewer, row.post_id)
    return Told(
        notification_id=row.id,
        notification_type=CLIENTS_WORD.get(row.type, row.type),
        icon=f"{node.config.node.base_url}/static/avatar.png",
        title=TITLES[row.type].format(name=by.display_name or by.handle),
        body=push.excerpt(f"{post.title} {post.content}") if post is not None else "",
    )


async def _settle(tx: Transaction, results: list[Result]) -> None:
    for one in results:
        given_up = one.outcome == "later" and one.held.failures >= MOST_FAILURES
        if one.outcome == "gone" or given_up:
            await rows.drop(tx, one.held.id)
        elif one.outcome == "later" and one.again_at is not None:
            await rows.put_off(tx, one.held.id, one.again_at)
        elif one.rest is not None:
            await rows.rest(tx, one.held.id, one.rest)
        else:
            await rows.sent(tx, one.held.id, one.told)


async def work(node: Node) -> int:
    """Send one message for each subscription that is due, and give how many subscriptions were looked at."""
    return await Loop(node, Lane(node)).step()


async def run(node: Node) -> None:
    """Send until cancelled."""
    await Loop(node, Lane(node)).forever()
