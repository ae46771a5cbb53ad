"""ScheduledStatus: what is to be published later, as it was written."""

from typing import Any

import msgspec

from fedcop.actions.draft import Draft
from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import VISIBILITY
from fedcop.mastodon.entities.attachment import MediaAttachment, attachment
from fedcop.mastodon.entities.place import Place
from storage.media import Media
from storage.scheduled import Scheduled


class ScheduledStatus(msgspec.Struct, kw_only=True):
    """A status that waits for its time; one whose time is past was refused, and waits for its author."""

    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]


def scheduled(row: Scheduled, draft: Draft, files: list[Media], at: Place) -> ScheduledStatus:
    """Give a scheduled status to its author."""
    return ScheduledStatus(
        id=str(row.id),
        scheduled_at=answer.time(row.due_at),
        params={
            "text": draft.text,
            "spoiler_text": draft.title,
            "visibility": VISIBILITY[draft.audience],
            "sensitive": draft.sensitive,
            "language": draft.language,
            "in_reply_to_id": draft.in_reply_to,
            "quoted_status_id": None if draft.quotes is None else str(draft.quotes),
            "quote_approval_policy": draft.quote_policy or "nobody",
            "media_ids": [str(media_id) for media_id in draft.media] or None,
            "poll": _poll(draft),
            "scheduled_at": None,
            "idempotency": None,
            "with_rate_limit": False,
            "application_id": 0,
        },
        media_attachments=[attachment(file, at, None) for file in files],
    )


def _poll(draft: Draft) -> dict[str, Any] | None:
    if draft.poll is None:
        return None
    return {
        "options": list(draft.poll.options),
        "expires_in": draft.poll.seconds,
        "multiple": draft.poll.multiple,
        "hide_totals": draft.poll.hide_totals,
    }
