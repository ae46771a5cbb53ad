"""What was said in members-only communities of other nodes that nobody here belongs to any more.

    for community_id in await store.read(abandoned.communities, refused_before, 10):
        while await store.bulk(abandoned.purge, community_id, 200): ...

Nobody here sees it from that moment on (``storage.visible``); here it is deleted, without a tombstone, so
that whoever joins again can read it again. What people here wrote stays theirs, in threads of its own.
"""

from datetime import datetime

from storage import deletions, holds
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.media import Files

COMMUNITIES = f"""
SELECT g.id FROM actors AS g
 WHERE g.type = 'Group' AND g.approves = 1 AND g.local = 0
   AND (NOT EXISTS (SELECT 1 FROM follows AS f JOIN actors AS w ON w.id = f.follower_id
                     WHERE f.target_id = g.id AND f.state = 'accepted' AND w.local = 1 AND w.state = 'active')
        OR EXISTS (SELECT 1 FROM rosters AS r
                    WHERE r.community_id = g.id AND r.refused_at <= :refused_before))
   AND EXISTS (SELECT 1 FROM posts AS p
                WHERE p.community_id = g.id AND p.audience = 'members' AND p.local = 0
                  AND NOT {holds.ON_POST})
 LIMIT :limit
"""


async def communities(read: Reader, refused_before: datetime, limit: int) -> list[ActorId]:
    """Give communities with posts here, not on hold, without a member or that count us no more since then."""
    return await read.values(COMMUNITIES, refused_before=refused_before, limit=limit)


# The newest first: what answers a post goes before it, so that little has to be moved.
POSTS = f"""
SELECT p.id FROM posts AS p
 WHERE p.community_id = :community_id AND p.audience = 'members' AND p.local = 0 AND NOT {holds.ON_POST}
 ORDER BY p.id DESC LIMIT :limit
"""

BYTES = """
UPDATE received SET body = NULL
 WHERE state <> 'waiting' AND body IS NOT NULL
   AND actor_uri = (SELECT uri FROM actors WHERE id = :community_id)
"""

MEMBERS = "DELETE FROM members WHERE community_id = :community_id"


async def purge(tx: Transaction, community_id: ActorId, limit: int) -> list[Files] | None:
    """Delete some of what is held of a community; give what is to go from the folder.

    None when nothing is left, nor the bytes in which it came, nor who belongs to the community.
    """
    ids: list[PostId] = await tx.values(POSTS, community_id=community_id, limit=limit)
    if not ids:
        await tx.execute(BYTES, community_id=community_id)
        await tx.execute(MEMBERS, community_id=community_id)
        return None
    return await deletions.of_posts(tx, ids)
