"""Events (AS2 ``Event``): when and where the meeting is that a post tells of."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.row import Row, array_of
from storage.visible import Viewer


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event to be stored.

    ``timezone`` is the IANA name in which its times are meant, ``join_mode`` free, restricted, invite,
    external, none or nothing, ``state`` confirmed, tentative or cancelled.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    timezone: str = ""
    place: str = ""
    address: str = ""
    online_url: str | None = None
    join_mode: str = ""
    join_url: str | None = None
    state: str = "confirmed"


class Event(Row, frozen=True):
    """One row of events."""

    post_id: PostId
    starts_at: datetime
    ends_at: datetime | None
    timezone: str
    place: str
    address: str
    online_url: str | None
    join_mode: str
    join_url: str | None
    state: str


_GIVEN = NewEvent.__struct_fields__

PUT = f"""
INSERT INTO events (post_id, {", ".join(_GIVEN)})
VALUES (:post_id, {", ".join(":" + name for name in _GIVEN)})
ON CONFLICT (post_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _GIVEN)}
"""


async def put(tx: Transaction, post_id: PostId, new: NewEvent) -> None:
    """Store the event of a post, or what an edit made of it."""
    await tx.execute(PUT, post_id=post_id, **msgspec.structs.asdict(new))


OF_POSTS = f"""
SELECT {", ".join(f"v.{name}" for name in Event.__struct_fields__)}
  FROM events AS v JOIN posts AS p ON p.id = v.post_id
 WHERE v.post_id IN (SELECT value FROM json_each(:ids)) AND {visible.POST}
"""


async def of_posts(read: Reader, viewer: Viewer, post_ids: Sequence[PostId]) -> dict[PostId, Event]:
    """Give the events of those posts that have one and that the viewer may see."""
    rows = await read.all(Event, OF_POSTS, ids=array_of(post_ids), **visible.parameters(viewer))
    return {row.post_id: row for row in rows}


async def find(read: Reader, viewer: Viewer, post_id: PostId) -> Event | None:
    """Give the event of a post that the viewer may see."""
    return (await of_posts(read, viewer, [post_id])).get(post_id)
