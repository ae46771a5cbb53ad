"""Ids that count once: what was believed by its proof alone, and what was taken back (decision 6).

A proof holds whoever passes it on, and as often. Without this a community could count a like again that its
author has taken back, or take back one that they gave anew.
"""

from datetime import datetime

from storage.engine import Transaction
from storage.ids import ActorId

FIRST = """
-- What its author delivered came before, too.
INSERT INTO counted (uri, actor_id, at) SELECT :uri, :actor_id, :now
 WHERE NOT EXISTS (SELECT 1 FROM received AS r JOIN actors AS a ON a.uri = r.actor_uri
                    WHERE r.uri = :uri AND a.id = :actor_id)
ON CONFLICT (uri, actor_id) DO NOTHING
"""


async def first(tx: Transaction, uri: str, actor_id: ActorId, now: datetime) -> bool:
    """Tell whether an activity comes for the first time, and remember it."""
    return await tx.execute(FIRST, uri=uri, actor_id=actor_id, now=now) > 0


SPENT = """
INSERT INTO counted (uri, actor_id, at) VALUES (:uri, :actor_id, :now) ON CONFLICT (uri, actor_id) DO NOTHING
"""


async def spend(tx: Transaction, uri: str, actor_id: ActorId, now: datetime) -> None:
    """Remember that an activity was taken back by who did it, whether it came before or not."""
    await tx.execute(SPENT, uri=uri, actor_id=actor_id, now=now)


FORGET = """
DELETE FROM counted WHERE (uri, actor_id) IN (
    SELECT uri, actor_id FROM counted WHERE at < :before ORDER BY at LIMIT :limit)
"""


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of what no proof can bring again, the oldest first; give how many."""
    return await tx.execute(FORGET, before=before, limit=limit)
