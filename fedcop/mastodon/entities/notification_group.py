"""NotificationGroup: what several people did with one post, or several who follow, told as one.

A key is ``KIND-POST-PERIOD`` (``follow-PERIOD``), a period being half a day, so that yesterday's likes and
today's are two; what is not grouped has ``ungrouped-ID``.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import Account, accounts
from fedcop.mastodon.entities.notification import TYPES
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.report import Report
from fedcop.mastodon.entities.status import Status, status
from storage.actors import Actor
from storage.ids import notified_at
from storage.notifications import Notification as Row
from storage.views import PostView

GROUPED = frozenset({"favourite", "reblog", "follow"})
PERIOD_SECONDS = 12 * 3600
MOST_SAMPLES = 8

_OURS = {theirs: ours for ours, theirs in TYPES.items()}
_KEY = re.compile(r"(favourite|reblog|follow)(?:-(\d{1,19}))?-(\d{1,9})|ungrouped-(\d{1,19})")


class NotificationGroup(msgspec.Struct, kw_only=True):
    """One or several notifications; the newest one's id is a number (Ice Cubes)."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str
    page_max_id: str
    latest_page_notification_at: str
    sample_account_ids: list[str]
    status_id: str | UnsetType = UNSET
    report: Report | UnsetType = UNSET


class Groups(msgspec.Struct, kw_only=True):
    """GroupedNotificationsResults: each account and status once."""

    accounts: list[Account]
    statuses: list[Status]
    notification_groups: list[NotificationGroup]


class Key(NamedTuple):
    """What a group's key stands for: one notification, or what of a kind there is of a post in a period."""

    kind: str = ""
    post_id: int | None = None
    period: int = 0
    notification_id: int = 0

    @property
    def ids(self) -> tuple[int, int]:
        """Give between which ids of notifications the group lies."""
        if self.notification_id:
            return self.notification_id, self.notification_id
        first, after = self.period * PERIOD_SECONDS, (self.period + 1) * PERIOD_SECONDS
        return first * 1000 << 10, (after * 1000 << 10) - 1


def key_of(row: Row, grouped: Iterable[str] = GROUPED) -> str:
    """Give the key of the group to which a notification belongs."""
    kind = TYPES[row.type]
    if kind not in GROUPED or kind not in grouped:
        return f"ungrouped-{row.id}"
    period = int(notified_at(row.id).timestamp()) // PERIOD_SECONDS
    return f"{kind}-{period}" if row.post_id is None else f"{kind}-{row.post_id}-{period}"


def read_key(text: str) -> Key | None:
    """Read a group's key; None for what is none."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    kind, post_id, period, notification_id = found.groups()
    if notification_id:
        return Key(notification_id=int(notification_id))
    return Key(kind=_OURS[kind], post_id=int(post_id) if post_id else None, period=int(period))


def group(key: str, rows: Sequence[Row], report: Report | None = None) -> NotificationGroup:
    """Give some notifications of one key, the newest first, as one."""
    newest = rows[0]
    people = list(dict.fromkeys(str(row.by_actor) for row in rows))
    return NotificationGroup(
        group_key=key,
        notifications_count=len(rows),
        type=TYPES[newest.type],
        most_recent_notification_id=newest.id,
        page_min_id=str(rows[-1].id),
        page_max_id=str(newest.id),
        latest_page_notification_at=answer.time(newest.created_at),
        sample_account_ids=people[:MOST_SAMPLES],
        status_id=UNSET if newest.post_id is None else str(newest.post_id),
        report=UNSET if report is None else report,
    )


def groups(
    shown: Sequence[NotificationGroup], people: Iterable[Actor], posts: Iterable[PostView], at: Place
) -> Groups:
    """Give groups with all whom and what they name, each once."""
    wanted = {one for each in shown for one in each.sample_account_ids}
    about = {each.status_id for each in shown}
    return Groups(
        accounts=accounts((one for one in people if str(one.id) in wanted), at),
        statuses=[status(view, at) for view in posts if str(view.post.id) in about],
        notification_groups=list(shown),
    )
