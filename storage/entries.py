"""What timelines read: one row for each post of its author, and one for each announce or boost.

An id of the client API is the id of an entry; that of an author's own entry is the id of the post. Counts
change with the rows: ``actors.posts_count`` is how many entries an actor has that are neither direct nor for
members only, since everybody sees that number; ``posts.boosts_count`` how many boosts a post has.
"""

from datetime import datetime
from typing import Literal

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Change, Reader, Transaction
from storage.ids import ActorId, EntryId, PostId, time_of
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer

Kind = Literal["post", "boost", "announce"]


class Entry(Row, frozen=True):
    """One row of entries; ``uri`` is the id of the Announce, if it is one."""

    id: EntryId
    by_actor: ActorId
    post_id: PostId
    kind: Kind
    uri: str | None
    audience: str


_COLUMNS = "id, by_actor, post_id, kind, uri, audience"
_SHOWN = "e.id, e.by_actor, e.post_id, e.kind, e.uri, e.audience"

ADD = f"""
INSERT INTO entries ({_COLUMNS}) VALUES (:id, :by_actor, :post_id, :kind, :uri, :audience)
ON CONFLICT DO NOTHING
"""

_COUNTS = "NOT IN ('direct', 'members')"

COUNT_ADDED = f"""
UPDATE actors
   SET posts_count = posts_count + 1,
       last_post_at = CASE WHEN last_post_at > :at THEN last_post_at ELSE :at END
 WHERE id = :by_actor AND :audience {_COUNTS}
"""

COUNT_BOOST = "UPDATE posts SET boosts_count = boosts_count + :change WHERE id = :post_id AND :kind = 'boost'"


async def add(
    tx: Transaction,
    entry_id: EntryId,
    *,
    by_actor: ActorId,
    post_id: PostId,
    kind: Kind,
    uri: str | None,
    audience: str,
    at: datetime | None = None,
) -> bool:
    """Add an entry; False if the actor has one like it. ``at`` is when it was made; else its id tells."""
    added = await tx.execute(
        ADD, id=entry_id, by_actor=by_actor, post_id=post_id, kind=kind, uri=uri, audience=audience
    )
    if not added:
        return False
    await tx.execute(COUNT_ADDED, by_actor=by_actor, audience=audience, at=at or time_of(entry_id))
    await tx.execute(COUNT_BOOST, post_id=post_id, kind=kind, change=1)
    tx.changed(Change("entry", entry_id))
    return True


REMOVE = f"""
DELETE FROM entries WHERE by_actor = :by_actor AND post_id = :post_id AND kind <> 'post' RETURNING {_COLUMNS}
"""

COUNT_REMOVED = f"""
UPDATE actors SET posts_count = posts_count - 1 WHERE id = :by_actor AND :audience {_COUNTS}
"""


UNTELL = "DELETE FROM notifications WHERE type = 'boost' AND by_actor = :by_actor AND post_id = :post_id"


async def remove(tx: Transaction, by_actor: ActorId, post_id: PostId) -> Entry | None:
    """Take an announce or boost away, with what was told of it, and give what it was.

    An author's own entry goes with the post only.
    """
    entry = await tx.one(Entry, REMOVE, by_actor=by_actor, post_id=post_id)
    if entry is not None:
        await tx.execute(COUNT_REMOVED, by_actor=by_actor, audience=entry.audience)
        await tx.execute(UNTELL, by_actor=by_actor, post_id=post_id)
        await tx.execute(COUNT_BOOST, post_id=post_id, kind=entry.kind, change=-1)
        tx.changed(Change("removal", entry.id, await _readers(tx, post_id)))
    return entry


COUNT_ALL_REMOVED = f"""
-- An author who boosted their own post has two of them.
UPDATE actors
   SET posts_count = posts_count - (
        SELECT COUNT(*) FROM entries AS e
         WHERE e.post_id = :post_id AND e.by_actor = actors.id AND e.audience {_COUNTS})
 WHERE id IN (SELECT by_actor FROM entries WHERE post_id = :post_id)
"""

REMOVE_ALL = "DELETE FROM entries WHERE post_id = :post_id RETURNING id"

TAGS = "SELECT tag FROM post_tags WHERE post_id = :post_id"


async def remove_all(tx: Transaction, post_id: PostId) -> None:
    """Take every entry of a post away: its author's, announces and boosts.

    The mentions and tags of the post still stand then.
    """
    seen_by = await _readers(tx, post_id)
    tags: list[str] = await tx.values(TAGS, post_id=post_id)
    await tx.execute(COUNT_ALL_REMOVED, post_id=post_id)
    for entry_id in await tx.values(REMOVE_ALL, post_id=post_id):
        tx.changed(Change("removal", entry_id, seen_by, frozenset(tags)))


AUDIENCE = "SELECT audience FROM posts WHERE id = :post_id"

READERS = """
-- The people here to whom a post that is not for everybody is addressed; of one for members only these.
SELECT p.author_id FROM posts AS p WHERE p.id = :post_id
UNION SELECT m.actor_id FROM mentions AS m JOIN posts AS p ON p.id = m.post_id
 WHERE m.post_id = :post_id AND p.audience <> 'members'
UNION SELECT f.follower_id FROM posts AS p JOIN follows AS f
    ON f.target_id = CASE p.audience WHEN 'members' THEN p.community_id WHEN 'followers' THEN p.author_id END
   AND f.state = 'accepted'
 WHERE p.id = :post_id
"""


async def _readers(read: Reader, post_id: PostId) -> frozenset[int] | None:
    """Give who may have been shown a post, None for everybody."""
    if await read.value(AUDIENCE, post_id=post_id) in ("public", "unlisted"):
        return None
    return frozenset(await read.values(READERS, post_id=post_id))


FIND = f"""
SELECT {_COLUMNS} FROM entries WHERE by_actor = :by_actor AND post_id = :post_id
 ORDER BY kind = 'post' LIMIT 1
"""


async def find(read: Reader, by_actor: ActorId, post_id: PostId) -> Entry | None:
    """Give the entry that an actor has of a post; of one's own post that one boosted, the boost."""
    return await read.one(Entry, FIND, by_actor=by_actor, post_id=post_id)


FIND_BY_URI = f"SELECT {_COLUMNS} FROM entries WHERE uri = :uri"


async def find_by_uri(read: Reader, uri: str) -> Entry | None:
    """Give the entry that an Announce made."""
    return await read.one(Entry, FIND_BY_URI, uri=uri)


FIND_BY_ID = f"""
SELECT {_SHOWN} FROM entries AS e
  JOIN posts AS p ON p.id = e.post_id
  JOIN actors AS a ON a.id = e.by_actor
 WHERE e.id = :entry_id AND {visible.POST} AND {visible.ENTRY} AND {visible.ACTOR}
"""


async def find_by_id(read: Reader, viewer: Viewer, entry_id: EntryId) -> Entry | None:
    """Give what an id of the client API stands for: a post by its author, or an announce or boost of one."""
    return await read.one(Entry, FIND_BY_ID, entry_id=entry_id, **visible.parameters(viewer))


BOOSTERS = f"""
SELECT {actors.COLUMNS}, e.id FROM entries AS e
  JOIN posts AS p ON p.id = e.post_id
  JOIN actors AS a ON a.id = e.by_actor
 WHERE e.post_id = :post_id AND e.kind = 'boost' AND e.audience IN ('public', 'unlisted')
   AND {visible.POST} AND {visible.ACTOR} AND {pages.where("e.id")}
"""


async def boosters(read: Reader, viewer: Viewer, post_id: PostId, page: Page) -> list[tuple[int, Actor]]:
    """Give who boosted a post for all to see, the latest first, each with the id of the boost."""
    rows = await read.all(
        Listed,
        pages.text(BOOSTERS, page),
        post_id=post_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]
