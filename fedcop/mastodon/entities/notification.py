"""Notification."""

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import Account, account
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.report import Report
from fedcop.mastodon.entities.status import Status, status
from storage.actors import Actor
from storage.notifications import Notification as Row
from storage.views import PostView

# What a person is told, in our word and in the clients'. They refuse a word they do not know (tusky#4649).
TYPES = {
    "mention": "mention",
    "post": "status",
    "boost": "reblog",
    "follow": "follow",
    "follow_request": "follow_request",
    "like": "favourite",
    "poll": "poll",
    "update": "update",
    "report": "admin.report",
    "quote": "quote",
}
ABOUT_A_POST = frozenset({"mention", "post", "boost", "like", "poll", "update", "quote"})


class Notification(msgspec.Struct, kw_only=True):
    """Something that a person is told."""

    id: str
    type: str
    group_key: str
    created_at: str
    account: Account
    status: Status | UnsetType
    report: Report | UnsetType


def notification(
    row: Row, by: Actor, view: PostView | None, at: Place, report: Report | None = None
) -> Notification:
    """Give what a person is told, with the post or the report that it is about."""
    return Notification(
        id=str(row.id),
        type=TYPES[row.type],
        group_key=f"ungrouped-{row.id}",
        created_at=answer.time(row.created_at),
        account=account(by, at),
        status=UNSET if view is None else status(view, at),
        report=UNSET if report is None else report,
    )
