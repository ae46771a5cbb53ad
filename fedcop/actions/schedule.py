"""Let a post be published later: it is kept as it was written, and goes the way of any other in its time.

scheduled_id = await schedule.schedule(node, author, draft, due_at)
await schedule.publish(node, scheduled)        by the worker, once
"""

from datetime import datetime, timedelta

import msgspec

from fedcop.actions import draft as drafts
from fedcop.actions import post, quote, respond
from fedcop.actions.draft import Draft
from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.node import Node
from storage import accounts, actors, repeats, scheduled, visible
from storage.accounts import Account
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.scheduled import Scheduled

# As Mastodon has it (ScheduledStatus), whose words clients show.
SOONEST = timedelta(minutes=5)
MOST = 300


async def schedule(node: Node, author: Actor, draft: Draft, due_at: datetime) -> RowId:
    """Keep a post until a time at least 5 minutes ahead; the same idempotency key gives the same row again.

    What could not be published now is refused now; what changes until then is looked at again.
    """
    if draft.idempotency is not None:
        earlier = await node.store.read(repeats.find, *draft.idempotency)
        if earlier is not None:
            return RowId(earlier)
    now = node.clock.now()
    _ensure_ahead(due_at, now)
    post.ensure_draft(node, draft, pictures=len(draft.media))
    await node.store.read(_ensure_ready, author, draft)
    kept = msgspec.json.encode(msgspec.structs.replace(draft, idempotency=None)).decode()
    scheduled_id = RowId(node.ids.next(now))
    return await node.store.write(_keep, scheduled_id, author.id, due_at, kept, draft.idempotency, now)


def draft_of(row: Scheduled) -> Draft:
    """Give a scheduled post as it was written."""
    return msgspec.json.decode(row.draft, type=Draft)


def _ensure_ahead(due_at: datetime, now: datetime) -> None:
    if due_at <= now + SOONEST:
        fault = "The scheduled date must be in the future"
        raise Invalid(f"Validation failed: Scheduled at {fault}", scheduled_at=fault)


async def _ensure_ready(read: Reader, author: Actor, draft: Draft) -> None:
    await drafts.uploads_of(read, author, draft.media)
    if draft.in_reply_to is not None:
        await drafts.place_of_reply(read, visible.person(author.id), draft.in_reply_to, draft.audience)
    if draft.quotes is not None:
        await quote.ensure_may(read, author.id, draft.quotes, "")


async def _keep(
    tx: Transaction,
    scheduled_id: RowId,
    author_id: ActorId,
    due_at: datetime,
    draft: str,
    idempotency: tuple[int, str] | None,
    now: datetime,
) -> RowId:
    earlier = await repeats.find(tx, *idempotency) if idempotency is not None else None
    if earlier is not None:
        return RowId(earlier)
    if not await scheduled.add(tx, scheduled_id, author_id, due_at, draft, most=MOST):
        raise Invalid(f"Validation failed: You have exceeded the limit of {MOST} scheduled posts")
    if idempotency is not None:
        await repeats.put(tx, *idempotency, PostId(scheduled_id), now)
    return scheduled_id


async def move(node: Node, author: Actor, scheduled_id: RowId, due_at: datetime) -> None:
    """Let a post be published at another time."""
    _ensure_ahead(due_at, node.clock.now())
    if not await node.store.write(scheduled.move, author.id, scheduled_id, due_at):
        raise NotFound("there is no such scheduled post")


async def cancel(node: Node, author: Actor, scheduled_id: RowId) -> None:
    """Forget a post that is not wanted any more."""
    if not await node.store.write(scheduled.remove, author.id, scheduled_id):
        raise NotFound("there is no such scheduled post")


async def _author(read: Reader, author_id: ActorId) -> tuple[Actor | None, Account | None]:
    return await actors.find(read, visible.SYSTEM, author_id), await accounts.find(read, author_id)


async def publish(node: Node, row: Scheduled) -> None:
    """Publish a post whose time has come; the row goes in the same transaction, so that it happens once.

    What is refused now, as its thread is closed or its author banned, waits for its author with the reason.
    """
    author, account = await node.store.read(_author, row.actor_id)
    if author is None or author.state != "active":
        await node.store.write(scheduled.remove, row.actor_id, row.id)
        return
    if account is not None and account.state != "active":
        await node.store.write(scheduled.refuse, row.id, "the account was disabled at that time")
        return
    draft = msgspec.structs.replace(draft_of(row), scheduled=row.id)
    try:
        await respond.publish(node, author, draft)
    except Refusal as refusal:
        await node.store.write(scheduled.refuse, row.id, refusal.text)
