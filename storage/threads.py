"""What stands before and after a post in its thread, as far as it is held.

What a viewer may not see, or somebody they block wrote, is left out; what answers it stays, so a thread
never ends at a gap.
"""

from storage import visible
from storage.engine import Reader
from storage.ids import PostId
from storage.row import Row
from storage.visible import Viewer

# As Mastodon's ThreadingConcern limits a context for people who are signed in.
MOST = 4096


class _Branch(Row, frozen=True):
    id: PostId
    parent_id: PostId
    shown: bool


_SHOWN = f"""(
p.removed_at IS NULL AND {visible.POST}
AND NOT EXISTS (SELECT 1 FROM blocks WHERE actor_id = :viewer_actor AND target_id = p.author_id))"""

ANCESTORS = f"""
WITH RECURSIVE above (id, parent_id, steps) AS (
    SELECT id, parent_id, 0 FROM posts WHERE id = :post_id
    UNION ALL
    SELECT q.id, q.parent_id, above.steps + 1 FROM above JOIN posts AS q ON q.id = above.parent_id
     WHERE above.steps < :most)
SELECT p.id FROM above JOIN posts AS p ON p.id = above.id
 WHERE above.steps > 0 AND {_SHOWN}
 ORDER BY above.steps DESC
"""


async def ancestors(read: Reader, viewer: Viewer, post_id: PostId) -> list[PostId]:
    """Give what a post answers, and what that answers, the root first."""
    return await read.values(ANCESTORS, post_id=post_id, most=MOST, **visible.parameters(viewer))


DESCENDANTS = f"""
WITH RECURSIVE below (id) AS (
    SELECT id FROM posts WHERE parent_id = :post_id
    UNION
    SELECT q.id FROM below JOIN posts AS q ON q.parent_id = below.id)
SELECT p.id, p.parent_id, {_SHOWN} FROM below JOIN posts AS p ON p.id = below.id
 ORDER BY p.id LIMIT :most
"""


async def descendants(read: Reader, viewer: Viewer, post_id: PostId) -> list[PostId]:
    """Give what answers a post, each answer followed by what answers it, older ones first."""
    rows = await read.all(_Branch, DESCENDANTS, post_id=post_id, most=MOST, **visible.parameters(viewer))
    answers: dict[PostId, list[_Branch]] = {}
    for row in rows:
        answers.setdefault(row.parent_id, []).append(row)
    found = []
    waiting = answers.get(post_id, [])[::-1]
    while waiting:
        row = waiting.pop()
        waiting += answers.get(row.id, [])[::-1]
        if row.shown:
            found.append(row.id)
    return found
