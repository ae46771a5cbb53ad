"""Direct notes to ``@ask`` that wait for an answer: a row each, from the note's own transaction on.

await questions.add(tx, post_id, now)
waiting = await read(questions.due, limit)
await questions.settle(tx, post_id)          answered from now on, or never
"""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import PostId

ADD = """
INSERT INTO questions (post_id, asked_at) VALUES (:post_id, :now) ON CONFLICT (post_id) DO NOTHING
"""


async def add(tx: Transaction, post_id: PostId, now: datetime) -> None:
    """Note that a post waits for an answer."""
    await tx.execute(ADD, post_id=post_id, now=now)
    tx.wake("due")


DUE = "SELECT post_id FROM questions ORDER BY asked_at LIMIT :limit"


async def due(read: Reader, limit: int) -> list[PostId]:
    """Give what waits for an answer, who asked first first."""
    return await read.values(DUE, limit=limit)


SETTLE = "DELETE FROM questions WHERE post_id = :post_id"


async def settle(tx: Transaction, post_id: PostId) -> bool:
    """Take a note off the list; False if it was: somebody else answers it, or did."""
    return await tx.execute(SETTLE, post_id=post_id) > 0
