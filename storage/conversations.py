"""Threads of direct posts, a row for each person of this node who is in one: which post is the last, unread?

A conversation is known by its person and the id of the thread's first post.
"""

from storage import pages, visible
from storage.engine import Change, Reader, Transaction
from storage.ids import ActorId, EntryId, PostId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Conversation(Row, frozen=True):
    """A thread of direct posts as one person has it."""

    root_id: PostId
    last_post_id: PostId
    unread: bool


_COLUMNS = "c.root_id, c.last_post_id, c.unread"

CONTINUE = """
INSERT INTO conversations (actor_id, root_id, last_post_id, unread)
SELECT a.id, p.root_id, p.id, CASE WHEN a.id <> p.author_id THEN 1 ELSE 0 END
  FROM posts AS p
  JOIN actors AS a ON a.id = p.author_id
       OR a.id IN (SELECT m.actor_id FROM mentions AS m WHERE m.post_id = p.id)
 WHERE p.id = :post_id AND a.local = 1 AND a.type = 'Person'
   AND NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = a.id AND b.target_id = p.author_id)
ON CONFLICT (actor_id, root_id)
DO UPDATE SET last_post_id = excluded.last_post_id, unread = excluded.unread
RETURNING actor_id
"""


async def continue_by(tx: Transaction, post_id: PostId) -> None:
    """Put a direct post at the end of the conversation, for everybody here who is in it."""
    people = await tx.values(CONTINUE, post_id=post_id)
    if people:
        tx.changed(Change("conversation", post_id, frozenset(people)))


_EARLIER = """
SELECT MAX(o.id) FROM posts AS o
 WHERE o.root_id = conversations.root_id AND o.id <> :post_id AND o.audience = 'direct'
   AND o.removed_at IS NULL
   AND (o.author_id = conversations.actor_id OR EXISTS (
        SELECT 1 FROM mentions AS m WHERE m.post_id = o.id AND m.actor_id = conversations.actor_id))
"""

FORGET = f"DELETE FROM conversations WHERE last_post_id = :post_id AND ({_EARLIER}) IS NULL"
GO_BACK = f"UPDATE conversations SET last_post_id = ({_EARLIER}) WHERE last_post_id = :post_id"


async def go_back_from(tx: Transaction, post_id: PostId) -> None:
    """Let conversations end with the post before one that is removed; one that has no other is gone."""
    await tx.execute(FORGET, post_id=post_id)
    await tx.execute(GO_BACK, post_id=post_id)


MOVE = """
-- The thread was adopted by an earlier one. Somebody whose conversation goes on there already keeps that one.
UPDATE conversations SET root_id = :root_id
 WHERE root_id <> :root_id AND last_post_id IN (SELECT p.id FROM posts AS p WHERE p.root_id = :root_id)
   AND NOT EXISTS (SELECT 1 FROM conversations AS o
                    WHERE o.actor_id = conversations.actor_id AND o.root_id = :root_id)
"""


async def move_to(tx: Transaction, root_id: PostId) -> None:
    """Let conversations of threads that hang on an earlier post now go on as those of its thread."""
    await tx.execute(MOVE, root_id=root_id)


PAGE = f"""
SELECT {_COLUMNS} FROM conversations AS c JOIN posts AS p ON p.id = c.last_post_id
 WHERE c.actor_id = :me AND p.removed_at IS NULL AND {visible.POST} AND {pages.where("c.last_post_id")}
"""


async def page(read: Reader, viewer: Viewer, me: ActorId, page: Page) -> list[Conversation]:
    """Give a person's conversations, the one with the latest post first."""
    rows = await read.all(
        Conversation,
        pages.text(PAGE, page),
        me=me,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return pages.ordered(rows, page)


FIND = f"""
SELECT {_COLUMNS} FROM conversations AS c JOIN posts AS p ON p.id = c.last_post_id
 WHERE c.actor_id = :viewer_actor AND c.root_id = :root_id AND {visible.POST}
"""


async def find(read: Reader, viewer: Viewer, root_id: PostId) -> Conversation | None:
    """Give one of the viewer's conversations."""
    return await read.one(Conversation, FIND, root_id=root_id, **visible.parameters(viewer))


MARK = "UPDATE conversations SET unread = :unread WHERE actor_id = :me AND root_id = :root_id"


async def mark(tx: Transaction, me: ActorId, root_id: PostId, *, unread: bool) -> None:
    """Remember whether a person has read a conversation to its end."""
    await tx.execute(MARK, me=me, root_id=root_id, unread=unread)


REMOVE = "DELETE FROM conversations WHERE actor_id = :me AND root_id = :root_id"


async def remove(tx: Transaction, me: ActorId, root_id: PostId) -> bool:
    """Take a conversation from a person's list; the next post in it brings it back."""
    return await tx.execute(REMOVE, me=me, root_id=root_id) > 0


DIRECT = f"""
SELECT id FROM (
    SELECT p.id FROM posts AS p
     WHERE p.author_id = :me AND p.audience = 'direct' AND p.removed_at IS NULL AND {pages.where("p.id")}
) AS written
 UNION
SELECT id FROM (
    SELECT p.id FROM mentions AS m JOIN posts AS p ON p.id = m.post_id
     WHERE m.actor_id = :me AND p.audience = 'direct' AND p.removed_at IS NULL AND {visible.POST}
       AND NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = :me AND b.target_id = p.author_id)
       AND {pages.where("m.post_id")}
) AS received
 ORDER BY 1 :order LIMIT :limit
"""


async def direct(read: Reader, viewer: Viewer, me: ActorId, page: Page) -> list[EntryId]:
    """Give the direct posts that a person wrote or is named in, the latest first."""
    found: list[EntryId] = await read.values(
        pages.text(DIRECT, page), me=me, **visible.parameters(viewer), **pages.parameters(page)
    )
    return pages.ordered(found, page)
