"""Who was invited into which community of this node, and so may join it without anybody's decision.

Also to whom a community has written, so that who asks again and again is told once why they may not join.
"""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId

ADD = """
INSERT INTO invited (community_id, actor_id, by_actor, invited_at)
VALUES (:community_id, :actor_id, :by_actor, :now)
ON CONFLICT (community_id, actor_id) DO NOTHING
"""


async def add(
    tx: Transaction, community_id: ActorId, actor_id: ActorId, *, by_actor: ActorId, now: datetime
) -> bool:
    """Put somebody on a community's list; tell whether that is new."""
    added = await tx.execute(ADD, community_id=community_id, actor_id=actor_id, by_actor=by_actor, now=now)
    return added > 0


REMOVE = "DELETE FROM invited WHERE community_id = :community_id AND actor_id = :actor_id"


async def remove(tx: Transaction, community_id: ActorId, actor_id: ActorId) -> bool:
    """Take somebody off a community's list; tell whether they were on it."""
    return await tx.execute(REMOVE, community_id=community_id, actor_id=actor_id) > 0


IS_INVITED = "SELECT 1 FROM invited WHERE community_id = :community_id AND actor_id = :actor_id"


async def is_invited(read: Reader, community_id: ActorId, actor_id: ActorId) -> bool:
    """Tell whether somebody is on a community's list."""
    return await read.value(IS_INVITED, community_id=community_id, actor_id=actor_id) is not None


HAS_WRITTEN_TO = """
SELECT 1 FROM mentions AS m JOIN posts AS p ON p.id = m.post_id
 WHERE m.actor_id = :actor_id AND p.author_id = :community_id AND p.audience = 'direct' LIMIT 1
"""


async def has_written_to(read: Reader, community_id: ActorId, actor_id: ActorId) -> bool:
    """Tell whether a community has ever sent somebody a direct note."""
    return await read.value(HAS_WRITTEN_TO, community_id=community_id, actor_id=actor_id) is not None
