"""Hashtags that a person shows on their profile, with how much there is under each."""

from datetime import datetime

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer

# So many of a person's posts are counted.
MOST_POSTS = 2_000


class FeaturedTag(Row, frozen=True):
    """One hashtag; the counts are of the author's posts that the viewer may see."""

    id: int
    tag: str
    name: str
    posts_count: int
    last_post_at: datetime | None


OF = f"""
WITH newest AS (
    SELECT p.id, p.published_at FROM posts AS p
     WHERE p.author_id = :actor_id AND p.removed_at IS NULL AND {visible.POST}
     ORDER BY p.id DESC LIMIT :most)
SELECT f.id, f.tag, f.name, COUNT(n.id), MAX(n.published_at)
  FROM featured_tags AS f
  LEFT JOIN (SELECT t.tag, n.id, n.published_at FROM newest AS n JOIN post_tags AS t ON t.post_id = n.id) AS n
    ON n.tag = f.tag
 WHERE f.actor_id = :actor_id
 GROUP BY f.id, f.tag, f.name ORDER BY f.id
"""


async def of(read: Reader, viewer: Viewer, actor_id: ActorId) -> list[FeaturedTag]:
    """Give the hashtags on a person's profile, in the order in which they were added."""
    return await read.all(FeaturedTag, OF, actor_id=actor_id, most=MOST_POSTS, **visible.parameters(viewer))


IS_SHOWN = "SELECT 1 FROM featured_tags WHERE actor_id = :me AND tag = :tag"


async def is_shown(read: Reader, me: ActorId, tag: str) -> bool:
    """Tell whether a person shows a hashtag on their profile."""
    return await read.value(IS_SHOWN, me=me, tag=tag) is not None


COUNT = "SELECT COUNT(*) FROM featured_tags WHERE actor_id = :me"


async def count(read: Reader, me: ActorId) -> int:
    """Count the hashtags on a person's profile."""
    return int(await read.value(COUNT, me=me))


ADD = """
INSERT INTO featured_tags (id, actor_id, tag, name) VALUES (:id, :me, :tag, :name)
ON CONFLICT (actor_id, tag) DO NOTHING
"""


async def add(tx: Transaction, row_id: int, me: ActorId, *, tag: str, name: str) -> bool:
    """Show a hashtag on a person's profile; False if it is shown."""
    return await tx.execute(ADD, id=row_id, me=me, tag=tag, name=name) > 0


REMOVE = "DELETE FROM featured_tags WHERE id = :id AND actor_id = :me"


async def remove(tx: Transaction, me: ActorId, row_id: int) -> bool:
    """Show a hashtag no longer; False if it was not."""
    return await tx.execute(REMOVE, id=row_id, me=me) > 0


REMOVE_TAG = "DELETE FROM featured_tags WHERE tag = :tag AND actor_id = :me"


async def remove_tag(tx: Transaction, me: ActorId, tag: str) -> None:
    """Show a hashtag, given by its name, no longer."""
    await tx.execute(REMOVE_TAG, tag=tag, me=me)


USED = """
SELECT t.tag FROM posts AS p JOIN post_tags AS t ON t.post_id = p.id
 WHERE p.author_id = :me AND p.id IN (
        SELECT id FROM posts WHERE author_id = :me ORDER BY id DESC LIMIT :newest)
   AND t.tag NOT IN (SELECT tag FROM featured_tags WHERE actor_id = :me)
 GROUP BY t.tag ORDER BY COUNT(*) DESC, t.tag LIMIT 10
"""


async def used(read: Reader, me: ActorId, *, newest: int = 200) -> list[str]:
    """Give what a person's newest posts bear most often and the profile does not show."""
    return await read.values(USED, me=me, newest=newest)
