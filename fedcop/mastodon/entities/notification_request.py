"""NotificationPolicy and NotificationRequest."""

from typing import Any

import msgspec

from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import Account, account
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.status import Status, status
from storage.actors import Actor
from storage.ids import notified_at
from storage.verdicts import Policy, Request
from storage.views import PostView


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Somebody whose notifications wait to be looked through; the count is text (mastodon-api.md 3.1)."""

    id: str
    created_at: str
    updated_at: str
    account: Account
    notifications_count: str
    last_status: Status | None


def request(row: Request, by: Actor, last: PostView | None, at: Place) -> NotificationRequest:
    """Give a sender with what waits of theirs; the sender's id serves as the request's."""
    return NotificationRequest(
        id=str(row.by_actor),
        created_at=answer.time(notified_at(row.first_id)),
        updated_at=answer.time(notified_at(row.last_id)),
        account=account(by, at),
        notifications_count=str(row.count),
        last_status=None if last is None else status(last, at),
    )


def policy(row: Policy, waiting: tuple[int, int]) -> dict[str, Any]:
    """Give a policy with what waits, as version 2 has it."""
    words = {f"for_{name}": getattr(row, name) for name in Policy.__struct_fields__}
    return words | {"summary": _summary(waiting)}


def v1_policy(row: Policy, waiting: tuple[int, int]) -> dict[str, Any]:
    """Give a policy with what waits, as version 1 has it, filtered or not, beside the words of version 2."""
    names = [name for name in Policy.__struct_fields__ if name != "limited_accounts"]
    return policy(row, waiting) | {f"filter_{name}": getattr(row, name) != "accept" for name in names}


def _summary(waiting: tuple[int, int]) -> dict[str, int]:
    senders, notifications = waiting
    return {"pending_requests_count": senders, "pending_notifications_count": notifications}
