"""Likes: one actor, one post, once; ``posts.likes_count`` changes with the row."""

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Like(Row, frozen=True):
    """One row of likes; ``uri`` is the id of the Like, if it has one."""

    id: int
    actor_id: ActorId
    post_id: PostId
    uri: str | None


ADD = """
INSERT INTO likes (id, actor_id, post_id, uri) VALUES (:like_id, :actor_id, :post_id, :uri)
ON CONFLICT (actor_id, post_id) DO NOTHING
"""

COUNT = "UPDATE posts SET likes_count = likes_count + :change WHERE id = :post_id"


async def add(tx: Transaction, like_id: int, actor_id: ActorId, post_id: PostId, uri: str | None) -> bool:
    """Let an actor like a post; tell whether that is new."""
    added = await tx.execute(ADD, like_id=like_id, actor_id=actor_id, post_id=post_id, uri=uri)
    if added:
        await tx.execute(COUNT, post_id=post_id, change=1)
    return added > 0


REMOVE = "DELETE FROM likes WHERE actor_id = :actor_id AND post_id = :post_id"

UNTELL = "DELETE FROM notifications WHERE type = 'like' AND by_actor = :actor_id AND post_id = :post_id"


async def remove(tx: Transaction, actor_id: ActorId, post_id: PostId) -> bool:
    """Take a like back, and what was told of it; tell whether there was one."""
    removed = await tx.execute(REMOVE, actor_id=actor_id, post_id=post_id)
    if removed:
        await tx.execute(COUNT, post_id=post_id, change=-1)
        await tx.execute(UNTELL, actor_id=actor_id, post_id=post_id)
    return removed > 0


FIND = "SELECT id, actor_id, post_id, uri FROM likes WHERE actor_id = :actor_id AND post_id = :post_id"


async def find(read: Reader, actor_id: ActorId, post_id: PostId) -> Like | None:
    """Give an actor's like of a post."""
    return await read.one(Like, FIND, actor_id=actor_id, post_id=post_id)


LIKERS = f"""
SELECT {actors.COLUMNS}, l.id FROM likes AS l
  JOIN posts AS p ON p.id = l.post_id
  JOIN actors AS a ON a.id = l.actor_id
 WHERE l.post_id = :post_id AND {visible.POST} AND {visible.ACTOR} AND {pages.where("l.id")}
"""


async def likers(read: Reader, viewer: Viewer, post_id: PostId, page: Page) -> list[tuple[int, Actor]]:
    """Give who likes a post, the latest first, each with the id of the like."""
    rows = await read.all(
        Listed,
        pages.text(LIKERS, page),
        post_id=post_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]
