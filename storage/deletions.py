"""Posts of others that go without a trace, so that they can be read again some day.

    files = await deletions.of_posts(tx, ids)      what is to go from the folder

No tombstone is left. What answers them and stays, as what people here wrote, begins threads of its own.
"""

from collections.abc import Sequence

from storage import search_rows
from storage.engine import Transaction
from storage.ids import PostId
from storage.media import Files
from storage.row import array_of

FILES = "SELECT name, preview, raw FROM media WHERE post_id IN (SELECT value FROM json_each(:ids))"

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


async def of_posts(tx: Transaction, ids: Sequence[PostId]) -> list[Files]:
    """Delete posts, and give the files that nothing names any more."""
    listed = array_of(ids)
    files = await tx.all(Files, FILES, ids=listed)
    left_over = await tx.values(LEFT_OVER, ids=listed)
    answered = await tx.values(ANSWERED, ids=listed)
    await search_rows.remove_posts(tx, ids)
    await tx.execute(DELETE, ids=listed)
    await tx.execute(RECOUNT, ids=array_of(answered))
    for post_id in left_over:
        await tx.execute(BEGIN_THREAD, post_id=post_id)
    return files
