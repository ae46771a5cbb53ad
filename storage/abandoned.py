"""What was said in members-only communities of other nodes that nobody here belongs to any more.

    for community_id in await store.read(abandoned.communities, refused_before, 10):
        while await store.bulk(abandoned.purge, community_id, 200): ...

Nobody here sees it from that moment on (``storage.visible``); here it is deleted, without a tombstone, so
that whoever joins again can read it again. What people here wrote stays theirs, in threads of its own.
"""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.media import Files
from storage.row import array_of

COMMUNITIES = """
SELECT g.id FROM actors AS g
 WHERE g.type = 'Group' AND g.approves = 1 AND g.local = 0
   AND (NOT EXISTS (SELECT 1 FROM follows AS f JOIN actors AS w ON w.id = f.follower_id
                     WHERE f.target_id = g.id AND f.state = 'accepted' AND w.local = 1 AND w.state = 'active')
        OR EXISTS (SELECT 1 FROM rosters AS r
                    WHERE r.community_id = g.id AND r.refused_at <= :refused_before))
   AND EXISTS (SELECT 1 FROM posts AS p
                WHERE p.community_id = g.id AND p.audience = 'members' AND p.local = 0)
 LIMIT :limit
"""


async def communities(read: Reader, refused_before: datetime, limit: int) -> list[ActorId]:
    """Give communities with posts held here and no member, or that count us no more since a moment."""
    return await read.values(COMMUNITIES, refused_before=refused_before, limit=limit)


# The newest first: what answers a post goes before it, so that little has to be moved.
POSTS = """
SELECT id FROM posts WHERE community_id = :community_id AND audience = 'members' AND local = 0
 ORDER BY id DESC LIMIT :limit
"""

FILES = "SELECT name, preview FROM media WHERE post_id IN (SELECT value FROM json_each(:ids))"

LEFT_OVER = """
SELECT id FROM posts WHERE parent_id IN (SELECT value FROM json_each(:ids))
   AND id NOT IN (SELECT value FROM json_each(:ids))
"""

ANSWERED = """
SELECT DISTINCT parent_id FROM posts WHERE id IN (SELECT value FROM json_each(:ids)) AND parent_id IS NOT NULL
"""

DELETE = "DELETE FROM posts WHERE id IN (SELECT value FROM json_each(:ids))"

RECOUNT = """
UPDATE posts SET replies_count = (SELECT COUNT(*) FROM posts AS r
                                   WHERE r.parent_id = posts.id AND r.removed_at IS NULL
                                     AND (r.audience IN ('public', 'unlisted')
                                          OR posts.audience = 'members' AND r.audience = 'members'))
 WHERE id IN (SELECT value FROM json_each(:ids))
"""

BEGIN_THREAD = """
WITH RECURSIVE below (id) AS (
    SELECT :post_id
    UNION SELECT q.id FROM below JOIN posts AS q ON q.parent_id = below.id)
UPDATE posts SET root_id = :post_id, parent_id = CASE WHEN id = :post_id THEN NULL ELSE parent_id END
 WHERE id IN (SELECT id FROM below)
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
    listed = array_of(ids)
    files = await tx.all(Files, FILES, ids=listed)
    left_over = await tx.values(LEFT_OVER, ids=listed)
    answered = await tx.values(ANSWERED, ids=listed)
    await tx.execute(DELETE, ids=listed)
    await tx.execute(RECOUNT, ids=array_of(answered))
    for post_id in left_over:
        await tx.execute(BEGIN_THREAD, post_id=post_id)
    return files
