"""What of a change a connected reader is shown: the rules of ``storage.timelines``, asked of a few rows.

A page that is loaded and what is streamed agree, since both ask the same statements.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage import visible
from storage.engine import Change, Reader
from storage.ids import EntryId, PostId
from storage.row import array_of
from storage.timelines import ENTRIES_BELOW, HOME, PUBLIC, SPAN, TAG
from storage.visible import Viewer, parameters

# An edit is told of with the entries that are newest: whoever sees an older one only loads it again.
MOST_ENTRIES = 50

POST_OF = "SELECT post_id FROM entries WHERE id = :entry_id"

NEAR_HOMES = """
-- A superset: whose home an entry may come into, of the people who are connected.
SELECT f.follower_id FROM entries AS e JOIN follows AS f ON f.target_id = e.by_actor AND f.state = 'accepted'
 WHERE e.post_id = :post_id AND f.follower_id IN (SELECT value FROM json_each(:people))
UNION SELECT w.actor_id FROM post_tags AS t JOIN followed_tags AS w ON w.tag = t.tag
 WHERE t.post_id = :post_id AND w.actor_id IN (SELECT value FROM json_each(:people))
UNION SELECT e.by_actor FROM entries AS e
 WHERE e.post_id = :post_id AND e.by_actor IN (SELECT value FROM json_each(:people))
"""


async def near_homes(read: Reader, change: Change, people: Iterable[int]) -> set[int]:
    """Give those of some people in whose home timelines a post may stand that was added or edited."""
    post_id = change.id if change.kind == "edit" else await read.value(POST_OF, entry_id=change.id)
    return set(await read.values(NEAR_HOMES, post_id=post_id, people=array_of(people)))


ENTRIES = f"""
SELECT e.id FROM entries AS e JOIN posts AS p ON p.id = e.post_id
 WHERE e.post_id = :post_id AND {visible.POST} AND {visible.ENTRY} ORDER BY e.id DESC LIMIT :most
"""


async def entries_of(read: Reader, viewer: Viewer, post_id: PostId) -> list[EntryId]:
    """Give the newest entries of a post that the viewer may see."""
    return await read.values(ENTRIES, post_id=post_id, most=MOST_ENTRIES, **parameters(viewer))


async def entries_at_home(
    read: Reader, viewer: Viewer, entry_ids: Sequence[EntryId], now: datetime
) -> list[EntryId]:
    """Give those of some entries that stand in the viewer's home timeline."""
    return await read.values(
        HOME,
        ids=array_of(entry_ids),
        me=viewer.actor,
        now=now,
        span=SPAN,
        entries_below=ENTRIES_BELOW,
        **parameters(viewer),
    )


async def is_at_home(read: Reader, viewer: Viewer, post_id: PostId, now: datetime) -> bool:
    """Tell whether a post stands in the viewer's home timeline, as its author's or passed on."""
    ids = await entries_of(read, viewer, post_id)
    return bool(await entries_at_home(read, viewer, ids, now))


async def is_public(read: Reader, viewer: Viewer, post_id: PostId, now: datetime) -> bool:
    """Tell whether a public post stands in the public timeline, as the viewer reads it."""
    return bool(
        await read.values(
            PUBLIC,
            ids=array_of([post_id]),
            me=viewer.actor,
            now=now,
            only_media=False,
            **parameters(viewer),
        )
    )


async def is_tagged(read: Reader, viewer: Viewer, post_id: PostId, now: datetime) -> bool:
    """Tell whether a post stands in the timelines of its hashtags, as the viewer reads them."""
    return bool(
        await read.values(
            TAG,
            ids=array_of([post_id]),
            me=viewer.actor,
            now=now,
            all_of="[]",
            none_of="[]",
            here=True,
            not_elsewhere=False,
            only_media=False,
            **parameters(viewer),
        )
    )
