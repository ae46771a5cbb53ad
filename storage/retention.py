"""What has had its time by a rule: people who left, old threads of communities here, closed reports.

    people = await read(retention.left, before)
    ids = await read(retention.due_posts, SYSTEM, community_id, quiet_since, whole=False, limit=20)

What is on hold is counted, and never among what is to go.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from storage import holds, visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row, array_of
from storage.visible import Viewer


class Leaver(Row, frozen=True):
    """Somebody here whose account has had its time; ``posts`` that they wrote stand."""

    handle: str
    posts: int
    held: bool


class Place(Row, frozen=True):
    """A community of this node, and when it was closed."""

    id: ActorId
    handle: str
    closed_at: datetime | None


class Amount(Row, frozen=True):
    """How many would go, and how many are on hold."""

    going: int
    kept: int


class Reports(msgspec.Struct, frozen=True):
    """A page of closed reports: those to go, how many are on hold, and where the next page begins, if any."""

    going: list[RowId]
    kept: int
    last: RowId | None


class _Report(Row, frozen=True):
    id: RowId
    by_actor: int
    target_id: int
    community_id: int | None
    posts: str


_PERSON = f"""
SELECT a.handle, (SELECT COUNT(*) FROM posts AS p WHERE p.author_id = a.id AND p.removed_at IS NULL),
       CASE WHEN {holds.ON_ACTOR} THEN 1 ELSE 0 END
  FROM accounts AS c CROSS JOIN actors AS a WHERE a.id = c.actor_id
"""

LEFT = f"""{_PERSON} AND c.ended_at <= :before AND c.state IN ('suspended', 'disabled') ORDER BY a.handle
"""


async def left(read: Reader, before: datetime) -> list[Leaver]:
    """Give who has been suspended or disabled since before a moment."""
    return await read.all(Leaver, LEFT, before=before)


INACTIVE = f"""{_PERSON}
   AND c.state = 'active' AND c.admin = 0 AND COALESCE(c.last_seen_at, c.created_at) <= :before
   AND NOT EXISTS (SELECT 1 FROM tokens AS t
                    WHERE t.actor_id = a.id AND COALESCE(t.last_used_at, t.created_at) > :before)
   AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.actor_id = a.id)
   AND NOT EXISTS (SELECT 1 FROM facilitators AS f JOIN communities AS m ON m.actor_id = f.community_id
                    WHERE f.actor_id = a.id AND m.closed_at IS NULL)
 ORDER BY a.handle
"""


async def inactive(read: Reader, before: datetime) -> list[Leaver]:
    """Give who neither signed in nor used an app since a moment; no admin, and nobody who facilitates."""
    return await read.all(Leaver, INACTIVE, before=before)


PLACES = """
SELECT a.id, a.handle, m.closed_at FROM communities AS m CROSS JOIN actors AS a
 WHERE a.id = m.actor_id AND a.local = 1 ORDER BY a.handle
"""


async def places(read: Reader) -> list[Place]:
    """Give the communities of this node, closed ones too."""
    return await read.all(Place, PLACES)


# A thread stays as long as somebody goes on with it, has it pinned, or know-how hangs on it.
_DUE: Final = """
p.community_id = :community_id AND p.removed_at IS NULL AND (:whole = 1 OR NOT EXISTS (
    SELECT 1 FROM posts AS q WHERE q.root_id = p.root_id AND q.removed_at IS NULL
       AND (q.published_at > :quiet_since OR q.pinned_at IS NOT NULL OR q.type = 'Article')))
"""

COUNT_POSTS = f"""
SELECT COALESCE(SUM(CASE WHEN {holds.ON_POST} THEN 0 ELSE 1 END), 0),
       COALESCE(SUM(CASE WHEN {holds.ON_POST} THEN 1 ELSE 0 END), 0)
  FROM posts AS p WHERE {visible.POST} AND {_DUE}
"""


async def count_posts(
    read: Reader, viewer: Viewer, community_id: ActorId, quiet_since: datetime, *, whole: bool
) -> Amount:
    """Count the posts of a community in threads without a word since a moment; of all, if ``whole``."""
    found = await read.one(
        Amount,
        COUNT_POSTS,
        community_id=community_id,
        quiet_since=quiet_since,
        whole=whole,
        **visible.parameters(viewer),
    )
    return found or Amount(0, 0)


DUE_POSTS = f"""
SELECT p.id FROM posts AS p WHERE {visible.POST} AND {_DUE} AND NOT {holds.ON_POST}
 ORDER BY p.id DESC LIMIT :limit
"""


async def due_posts(
    read: Reader, viewer: Viewer, community_id: ActorId, quiet_since: datetime, *, whole: bool, limit: int
) -> list[PostId]:
    """Give some of them that are not on hold, the latest first: answers go before what they answer."""
    return await read.values(
        DUE_POSTS,
        community_id=community_id,
        quiet_since=quiet_since,
        whole=whole,
        limit=limit,
        **visible.parameters(viewer),
    )


REPORTS = """
SELECT id, by_actor, target_id, community_id, posts FROM reports
 WHERE closed_at <= :before AND id > :after ORDER BY id LIMIT :limit
"""


async def due_reports(read: Reader, before: datetime, *, after: RowId, limit: int) -> Reports:
    """Give reports closed before a moment, from one on."""
    rows = await read.all(_Report, REPORTS, before=before, after=after, limit=limit)
    going = [row.id for row in rows if not await _is_held(read, row)]
    return Reports(going, len(rows) - len(going), rows[-1].id if len(rows) == limit else None)


ABOUT_HELD = """
SELECT 1 FROM holds AS h
 WHERE h.kind = 'person' AND h.target_id IN (:by_actor, :target_id)
    OR h.kind = 'community' AND h.target_id = :community_id
"""


async def _is_held(read: Reader, row: _Report) -> bool:
    about = {"by_actor": row.by_actor, "target_id": row.target_id, "community_id": row.community_id}
    if await read.value(ABOUT_HELD, **about) is not None:
        return True
    return bool(await holds.held_among(read, [PostId(one) for one in json.loads(row.posts)]))


FORGET_REPORTS = "DELETE FROM reports WHERE id IN (SELECT value FROM json_each(:ids))"


async def forget_reports(tx: Transaction, ids: Sequence[RowId]) -> int:
    """Delete reports, and give how many."""
    return await tx.execute(FORGET_REPORTS, ids=array_of(ids))
