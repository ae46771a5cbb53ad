"""Whom a person points others to on their profile; it counts while they follow them."""

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.visible import Viewer

OF = f"""
SELECT {actors.COLUMNS}, n.id
  FROM endorsements AS n
  JOIN follows AS f ON f.follower_id = n.actor_id AND f.target_id = n.target_id AND f.state = 'accepted'
  JOIN actors AS a ON a.id = n.target_id
 WHERE n.actor_id = :actor_id AND a.state = 'active' AND {visible.ACTOR} AND {visible.MEMBERSHIP}
   AND {pages.where("n.id")}
"""


async def of(read: Reader, viewer: Viewer, actor_id: ActorId, page: Page) -> list[tuple[int, Actor]]:
    """Give whom a person points to, the latest first, each with the id of the row.

    A community that only its members read is told to its members only.
    """
    rows = await read.all(
        Listed,
        pages.text(OF, page),
        actor_id=actor_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


ADD = """
INSERT INTO endorsements (id, actor_id, target_id)
SELECT :id, f.follower_id, f.target_id FROM follows AS f
 WHERE f.follower_id = :me AND f.target_id = :target_id AND f.state = 'accepted'
ON CONFLICT (actor_id, target_id) DO UPDATE SET target_id = excluded.target_id
"""


async def add(tx: Transaction, row_id: int, me: ActorId, target_id: ActorId) -> bool:
    """Point to somebody; False if the person does not follow them."""
    return await tx.execute(ADD, id=row_id, me=me, target_id=target_id) > 0


REMOVE = "DELETE FROM endorsements WHERE actor_id = :me AND target_id = :target_id"


async def remove(tx: Transaction, me: ActorId, target_id: ActorId) -> None:
    """Point to somebody no more."""
    await tx.execute(REMOVE, me=me, target_id=target_id)
