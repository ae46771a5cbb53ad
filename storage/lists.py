"""Lists that a person makes of whom they follow, and one for each community that they joined.

A list of a community has the community's row id and no row of its own until it is changed: it is there as
long as the membership. Whoever one unfollows is taken off. Whoever is on a list but no longer followed for
another reason is left out, and comes back when followed again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction, Value
from storage.ids import ActorId, EntryId
from storage.pages import Page
from storage.row import Row, array_of
from storage.timelines import SPAN, WANTED, is_heard, rounds, silenced
from storage.visible import Viewer

Replies = Literal["followed", "list", "none"]


class List(Row, frozen=True):
    """A list. ``community_id`` is the id as well, if it is that of a community."""

    id: int
    title: str
    replies: Replies
    exclusive: bool
    community_id: ActorId | None


ALL = """
SELECT id, title, replies, exclusive, NULL FROM lists WHERE actor_id = :me AND community_id IS NULL
UNION ALL
SELECT c.id, COALESCE(l.title, CASE WHEN c.display_name <> '' THEN c.display_name ELSE c.handle END),
       COALESCE(l.replies, 'list'), COALESCE(l.exclusive, 0), c.id
  FROM follows AS f JOIN actors AS c ON c.id = f.target_id AND c.type = 'Group'
  LEFT JOIN lists AS l ON l.actor_id = f.follower_id AND l.community_id = c.id
 WHERE f.follower_id = :me AND f.state = 'accepted'
"""

ALL_IN_ORDER = f"SELECT * FROM ({ALL}) AS every ORDER BY 2, 1"


async def all_of(read: Reader, me: ActorId) -> list[List]:
    """Give the lists of a person by title, those of communities among them."""
    return await read.all(List, ALL_IN_ORDER, me=me)


FIND = f"SELECT * FROM ({ALL}) AS every WHERE every.id = :list_id"


async def find(read: Reader, me: ActorId, list_id: int) -> List | None:
    """Give one list of a person."""
    return await read.one(List, FIND, me=me, list_id=list_id)


COUNT = "SELECT COUNT(*) FROM lists WHERE actor_id = :me AND community_id IS NULL"


async def count(read: Reader, me: ActorId) -> int:
    """Count the lists that a person made."""
    return int(await read.value(COUNT, me=me))


ADD = """
INSERT INTO lists (id, actor_id, title, replies, exclusive)
VALUES (:id, :me, :title, :replies, :exclusive)
"""


async def add(
    tx: Transaction, list_id: int, me: ActorId, *, title: str, replies: Replies, exclusive: bool
) -> None:
    """Make a list."""
    await tx.execute(ADD, id=list_id, me=me, title=title, replies=replies, exclusive=exclusive)


CHANGE = """
UPDATE lists SET title = :title, replies = :replies, exclusive = :exclusive
 WHERE id = :id AND actor_id = :me AND community_id IS NULL
"""

CHANGE_COMMUNITY = """
INSERT INTO lists (id, actor_id, title, replies, exclusive, community_id)
VALUES (:id, :me, :title, :replies, :exclusive, :community_id)
ON CONFLICT (actor_id, community_id)
DO UPDATE SET title = :title, replies = :replies, exclusive = :exclusive
"""


async def change(tx: Transaction, me: ActorId, new: List, *, row_id: int) -> None:
    """Change a list; ``row_id`` is that of a community's, when this is the first change of it."""
    values: dict[str, Value] = {
        "me": me,
        "title": new.title,
        "replies": new.replies,
        "exclusive": new.exclusive,
    }
    if new.community_id is None:
        await tx.execute(CHANGE, id=new.id, **values)
    else:
        await tx.execute(CHANGE_COMMUNITY, id=row_id, community_id=new.community_id, **values)


REMOVE = "DELETE FROM lists WHERE id = :list_id AND actor_id = :me AND community_id IS NULL"


async def remove(tx: Transaction, me: ActorId, list_id: int) -> bool:
    """Remove a list that a person made; False if there is none."""
    return await tx.execute(REMOVE, list_id=list_id, me=me) > 0


FOLLOWED_AMONG = """
SELECT f.target_id FROM follows AS f
 WHERE f.follower_id = :me AND f.state = 'accepted' AND f.target_id IN (SELECT value FROM json_each(:ids))
"""


async def followed_among(read: Reader, me: ActorId, ids: Sequence[int]) -> set[int]:
    """Give those of some actors whom a person follows, and so may put on a list; oneself among them."""
    return {*await read.values(FOLLOWED_AMONG, me=me, ids=array_of(ids)), me}


ADD_MEMBER = """
INSERT INTO list_members (id, list_id, actor_id) VALUES (:id, :list_id, :actor_id)
ON CONFLICT (list_id, actor_id) DO NOTHING
"""


async def add_member(tx: Transaction, member_id: int, list_id: int, actor_id: ActorId) -> bool:
    """Put somebody on a list; False if they are on it."""
    return await tx.execute(ADD_MEMBER, id=member_id, list_id=list_id, actor_id=actor_id) > 0


REMOVE_MEMBERS = """
DELETE FROM list_members WHERE list_id = :list_id AND actor_id IN (SELECT value FROM json_each(:ids))
"""


async def remove_members(tx: Transaction, list_id: int, ids: Sequence[int]) -> None:
    """Take some actors off a list."""
    await tx.execute(REMOVE_MEMBERS, list_id=list_id, ids=array_of(ids))


REMOVE_FROM_ALL = """
DELETE FROM list_members WHERE actor_id = :actor_id AND list_id IN (SELECT id FROM lists WHERE actor_id = :me)
"""


async def remove_from_all(tx: Transaction, me: ActorId, actor_id: ActorId) -> None:
    """Take somebody off every list of a person."""
    await tx.execute(REMOVE_FROM_ALL, me=me, actor_id=actor_id)


MEMBERS = f"""
SELECT {actors.COLUMNS}, m.id FROM list_members AS m
  JOIN lists AS l ON l.id = m.list_id
  JOIN actors AS a ON a.id = m.actor_id
 WHERE m.list_id = :list_id AND {visible.ACTOR}
   AND (a.id = l.actor_id OR EXISTS (SELECT 1 FROM follows AS f
         WHERE f.follower_id = l.actor_id AND f.target_id = a.id AND f.state = 'accepted'))
   AND {pages.where("m.id")}
"""


async def members(read: Reader, viewer: Viewer, list_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Give who is on a list that a person made, each with the id of the row."""
    rows = await read.all(
        Listed,
        pages.text(MEMBERS, page),
        list_id=list_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


HOLDING = """
SELECT m.list_id FROM list_members AS m JOIN lists AS l ON l.id = m.list_id
 WHERE l.actor_id = :me AND m.actor_id = :actor_id
UNION ALL SELECT f.target_id FROM follows AS f JOIN actors AS c ON c.id = f.target_id AND c.type = 'Group'
 WHERE f.follower_id = :me AND f.target_id = :actor_id AND f.state = 'accepted'
"""


async def holding(read: Reader, me: ActorId, actor_id: ActorId) -> set[int]:
    """Give the ids of a person's lists on which somebody is."""
    return set(await read.values(HOLDING, me=me, actor_id=actor_id))


_ON_IT = """
mine (id) AS (
    SELECT m.actor_id FROM list_members AS m
     WHERE m.list_id = :list_id AND (m.actor_id = :me OR EXISTS (
        SELECT 1 FROM follows AS f
         WHERE f.follower_id = :me AND f.target_id = m.actor_id AND f.state = 'accepted'))
    UNION ALL SELECT target_id FROM follows
     WHERE follower_id = :me AND target_id = :list_id AND state = 'accepted')"""

NEAR = f"""
WITH {_ON_IT}
SELECT e.id FROM mine CROSS JOIN entries AS e WHERE e.by_actor = mine.id AND {pages.where("e.id")}
"""

SHOWN = f"""{silenced()}, {_ON_IT}
-- Replies as Mastodon's FeedManager#filter_from_list has them; a post that comes twice is seen once.
SELECT e.id
  FROM entries AS e
  JOIN posts AS p ON p.id = e.post_id
  LEFT JOIN posts AS q ON q.id = p.parent_id
 WHERE e.id IN (SELECT value FROM json_each(:ids)) AND e.by_actor IN (SELECT id FROM mine)
   AND (e.kind <> 'post' OR p.in_reply_to IS NULL OR q.author_id IN (p.author_id, :me) OR CASE :replies
        WHEN 'list' THEN q.author_id IN (SELECT id FROM mine)
        WHEN 'followed' THEN EXISTS (SELECT 1 FROM follows AS f
            WHERE f.follower_id = :me AND f.target_id = q.author_id AND f.state = 'accepted')
        ELSE FALSE END)
   AND {WANTED} AND (q.id IS NULL OR {is_heard("q.author_id")})
   AND {visible.POST} AND {visible.ENTRY}
   AND NOT EXISTS (
    SELECT 1 FROM entries AS o
     WHERE o.post_id = e.post_id AND o.id < e.id AND o.id >= e.id - :span
       AND o.by_actor IN (SELECT id FROM mine))
"""


async def timeline(read: Reader, viewer: Viewer, held: List, page: Page, now: datetime) -> list[EntryId]:
    """Give a page of what those on a list of the viewer posted, announced or boosted."""

    async def near(**border: Value) -> list[int]:
        return await read.values(pages.text(NEAR, page), me=viewer.actor, list_id=held.id, **border)

    async def shown(ids: list[int]) -> list[EntryId]:
        return await standing_in(read, viewer, held, ids, now)

    return await rounds(page, near, shown)


async def standing_in(
    read: Reader, viewer: Viewer, held: List, entry_ids: Sequence[int], now: datetime
) -> list[EntryId]:
    """Give those of some entries that stand in the timeline of a list of the viewer."""
    return await read.values(
        SHOWN,
        ids=array_of(entry_ids),
        list_id=held.id,
        replies=held.replies,
        me=viewer.actor,
        now=now,
        span=SPAN,
        **visible.parameters(viewer),
    )
