"""A post's place in its thread, and what stands before and after it, as far as it is held.

What a viewer may not see, or somebody they block wrote, is left out; what answers it stays, so a thread
never ends at a gap. A reply that comes before what it answers is an orphan: it begins a thread of its own
until its parent is added, which adopts it with all that hangs on it.
"""

from storage import conversations, search_rows, visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row
from storage.visible import Viewer

# As Mastodon's ThreadingConcern limits a context for people who are signed in.
MOST = 4096


class Place(Row, frozen=True):
    """Where a reply stands: its parent, the thread's root, the parent's community and audience."""

    parent_id: PostId
    root_id: PostId
    community_id: ActorId | None
    audience: str


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


IS_LOCKED = """
WITH RECURSIVE above (id, parent_id, locked, steps) AS (
    SELECT id, parent_id, locked, 0 FROM posts WHERE id = :post_id
    UNION ALL
    SELECT q.id, q.parent_id, q.locked, above.steps + 1 FROM above JOIN posts AS q ON q.id = above.parent_id
     WHERE above.steps < :most)
SELECT 1 FROM above WHERE locked = 1 LIMIT 1
"""


async def is_locked(read: Reader, post_id: PostId) -> bool:
    """Tell whether a post may not be answered: it, or one that it answers, was locked."""
    return await read.value(IS_LOCKED, post_id=post_id, most=MOST) is not None


# What peers are given of a thread at once; nobody reads longer lists.
MOST_LISTED = 2000

URIS = f"""
SELECT p.uri FROM posts AS p WHERE p.root_id = :root_id AND p.removed_at IS NULL AND {visible.POST}
 ORDER BY p.id LIMIT :most
"""


async def uris(read: Reader, viewer: Viewer, root_id: PostId) -> list[str]:
    """Give the ids on the network of every post of a thread, the oldest first."""
    return await read.values(URIS, root_id=root_id, most=MOST_LISTED, **visible.parameters(viewer))


REPLY_URIS = f"""
SELECT p.uri FROM posts AS p WHERE p.parent_id = :post_id AND p.removed_at IS NULL AND {visible.POST}
 ORDER BY p.id LIMIT :most
"""


async def reply_uris(read: Reader, viewer: Viewer, post_id: PostId) -> list[str]:
    """Give the ids on the network of the direct replies to a post, the oldest first."""
    return await read.values(REPLY_URIS, post_id=post_id, most=MOST_LISTED, **visible.parameters(viewer))


PLACE_UNDER = "SELECT id, root_id, community_id, audience FROM posts WHERE uri = :parent_uri"


async def place_under(tx: Transaction, parent_uri: str) -> Place | None:
    """Give the place of a reply under a post that is held, for whoever stores the reply."""
    return await tx.one(Place, PLACE_UNDER, parent_uri=parent_uri)


def _counts(reply: str) -> str:
    """Give the condition that whoever sees a post may see a reply to it, and so may know of it."""
    return f"""(
{reply}.audience IN ('public', 'unlisted') OR posts.audience = 'members' AND {reply}.audience = 'members')"""


COUNT_REPLY = f"""
UPDATE posts SET replies_count = replies_count + :change
 WHERE id = (SELECT parent_id FROM posts WHERE id = :post_id)
   AND EXISTS (SELECT 1 FROM posts AS r WHERE r.id = :post_id AND {_counts("r")})
"""


async def count_reply(tx: Transaction, post_id: PostId, change: int) -> None:
    """Count a post that came or went among the replies of what it answers."""
    await tx.execute(COUNT_REPLY, post_id=post_id, change=change)


_ORPHANS = """
-- The orphan that is the root of the new post's own thread answers its own descendant: a circle stays open.
-- What answers a post for members, and is not for them, stays outside: its readers are not to know of it.
SELECT id FROM posts WHERE in_reply_to = :uri AND parent_id IS NULL AND id <> :root_id AND id <> :post_id
   AND (audience = 'members' OR (SELECT n.audience FROM posts AS n WHERE n.id = :post_id) <> 'members')
"""

MOVE_ORPHANS = f"""
-- What is for members stays with the community that it was written for.
UPDATE posts
   SET root_id = :root_id,
       community_id = CASE WHEN audience IN ('public', 'unlisted') THEN :community_id ELSE community_id END
 WHERE root_id IN ({_ORPHANS})
RETURNING id
"""

ADOPT = f"UPDATE posts SET parent_id = :post_id WHERE id IN ({_ORPHANS})"

COUNT_ADOPTED = f"""
UPDATE posts
   SET replies_count = (SELECT COUNT(*) FROM posts AS r
                         WHERE r.parent_id = :post_id AND r.removed_at IS NULL AND {_counts("r")})
 WHERE id = :post_id
"""


async def adopt(
    tx: Transaction, post_id: PostId, uri: str, *, root_id: PostId, community_id: ActorId | None
) -> None:
    """Put the replies that waited for a new post under it, each with all that hangs on it."""
    moved: list[PostId] = await tx.values(
        MOVE_ORPHANS, post_id=post_id, uri=uri, root_id=root_id, community_id=community_id
    )
    for one in moved:
        await search_rows.put_post(tx, one)
    if await tx.execute(ADOPT, post_id=post_id, uri=uri, root_id=root_id):
        await tx.execute(COUNT_ADOPTED, post_id=post_id)
        await conversations.move_to(tx, root_id)
