"""What waits to be sent of somebody who leaves for good: it goes, so that nobody gets it before the Delete.

A queue that somebody works on is left alone, as for any Delete (``storage.deliveries``).
"""

from collections.abc import Sequence

from storage.engine import Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row, array_of

_FREE = "d.host NOT IN (SELECT q.host FROM queues AS q WHERE q.locked_until IS NOT NULL)"

OF_POSTS = f"""
DELETE FROM deliveries WHERE id IN (
    SELECT d.id FROM posts AS p JOIN bodies AS b ON b.object_uri = p.uri AND b.type <> 'Delete'
      JOIN deliveries AS d ON d.body_id = b.id
     WHERE p.id IN (SELECT value FROM json_each(:ids)) AND {_FREE})
RETURNING host, body_id
"""

OF_SENDER = f"""
DELETE FROM deliveries WHERE id IN (
    SELECT d.id FROM bodies AS b JOIN deliveries AS d ON d.body_id = b.id
     WHERE b.sender_id = :actor_id AND b.type <> 'Delete' AND {_FREE})
RETURNING host, body_id
"""

EMPTY_BODIES = """
DELETE FROM bodies WHERE id IN (SELECT value FROM json_each(:ids))
   AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.body_id = bodies.id)
"""

EMPTY_QUEUES = """
DELETE FROM queues WHERE host IN (SELECT value FROM json_each(:hosts)) AND locked_until IS NULL
   AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.host = queues.host)
"""


class _Gone(Row):
    host: str
    body_id: RowId


async def drop_posts(tx: Transaction, post_ids: Sequence[PostId]) -> None:
    """Drop what waits to be sent of posts, whoever sends it."""
    await _clear(tx, await tx.all(_Gone, OF_POSTS, ids=array_of(post_ids)))


async def drop_sender(tx: Transaction, actor_id: ActorId) -> None:
    """Drop what waits to be sent by somebody, but for what deletes."""
    await _clear(tx, await tx.all(_Gone, OF_SENDER, actor_id=actor_id))


async def _clear(tx: Transaction, gone: Sequence[_Gone]) -> None:
    if gone:
        await tx.execute(EMPTY_BODIES, ids=array_of({row.body_id for row in gone}))
        await tx.execute(EMPTY_QUEUES, hosts=array_of({row.host for row in gone}))
