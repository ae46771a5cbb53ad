"""Tell of a meeting: a post of type Event, in a community or not.

post_id = await event.publish(node, ada, event.Draft(title=..., starts_at=..., community="@floods"))
"""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from fedcop.actions import post
from fedcop.as2.events import JOIN_MODES
from fedcop.errors import Invalid
from fedcop.node import Node
from storage.actors import Actor
from storage.events import NewEvent
from storage.ids import PostId

LONGEST_TITLE = 200
LONGEST_PLACE = 255


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting as somebody plans it; ``community`` is its handle, as it is mentioned in a text."""

    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    timezone: str = "Europe/London"
    text: str = ""
    place: str = ""
    address: str = ""
    online_url: str | None = None
    join_mode: str = "free"
    join_url: str | None = None
    community: str = ""
    audience: str = "public"
    language: str | None = None
    cancelled: bool = False


async def publish(node: Node, author: Actor, draft: Draft) -> PostId:
    """Publish a meeting and give its post; refused, field by field, if it cannot be held like that."""
    _ensure_sound(draft)
    return await post.publish(node, author, _draft_of(draft))


async def change(node: Node, author: Actor, post_id: PostId, draft: Draft) -> None:
    """Change a meeting, or call it off; whoever holds it is told."""
    _ensure_sound(draft)
    await post.edit(node, author, post_id, _draft_of(draft))


def _draft_of(draft: Draft) -> post.Draft:
    text = draft.text.strip() or draft.title
    return post.Draft(
        text=f"{draft.community} {text}" if draft.community else text,
        title=" ".join(draft.title.split()),
        audience=draft.audience,
        language=draft.language,
        event=NewEvent(
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
            timezone=draft.timezone,
            place=" ".join(draft.place.split()),
            address=" ".join(draft.address.split()),
            online_url=draft.online_url,
            join_mode=draft.join_mode,
            join_url=draft.join_url,
            state="cancelled" if draft.cancelled else "confirmed",
        ),
    )


def _ensure_sound(draft: Draft) -> None:
    faults = {
        "title": _title_fault(draft.title),
        "ends_at": "must be after the start" if draft.ends_at and draft.ends_at <= draft.starts_at else "",
        "timezone": _timezone_fault(draft.timezone),
        "place": _length_fault(draft.place),
        "address": _length_fault(draft.address),
        "online_url": _address_fault(draft.online_url),
        "join_mode": "" if draft.join_mode in JOIN_MODES else f"is none of {', '.join(sorted(JOIN_MODES))}",
        "join_url": _address_fault(draft.join_url),
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(**found)


def _title_fault(title: str) -> str:
    if not title.strip():
        return "can't be blank"
    return f"is longer than {LONGEST_TITLE} characters" if len(title) > LONGEST_TITLE else ""


def _length_fault(text: str) -> str:
    return f"is longer than {LONGEST_PLACE} characters" if len(text) > LONGEST_PLACE else ""


def _timezone_fault(timezone: str) -> str:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "is no time zone that is known here, such as Europe/London"
    return ""


def _address_fault(url: str | None) -> str:
    if url is None:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "is no web address"
    return "" if parts.scheme in ("http", "https") and parts.netloc else "is no web address"
