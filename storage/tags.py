"""Hashtags: case-folded, without #. Those of posts stand in ``posts``; here are those that people follow."""

import json
from collections.abc import Sequence

from storage import pages, visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Followed(Row, frozen=True):
    """A tag that somebody follows."""

    id: int
    tag: str


FOLLOW = """
INSERT INTO followed_tags (id, actor_id, tag) VALUES (:follow_id, :actor_id, :tag)
ON CONFLICT (actor_id, tag) DO NOTHING
"""


async def follow(tx: Transaction, follow_id: int, actor_id: ActorId, tag: str) -> bool:
    """Let a person follow a tag; tell whether that is new."""
    return await tx.execute(FOLLOW, follow_id=follow_id, actor_id=actor_id, tag=tag) > 0


UNFOLLOW = "DELETE FROM followed_tags WHERE actor_id = :actor_id AND tag = :tag"


async def unfollow(tx: Transaction, actor_id: ActorId, tag: str) -> bool:
    """End the following of a tag; tell whether there was any."""
    return await tx.execute(UNFOLLOW, actor_id=actor_id, tag=tag) > 0


IS_FOLLOWED = "SELECT 1 FROM followed_tags WHERE actor_id = :actor_id AND tag = :tag"


async def is_followed(read: Reader, actor_id: ActorId, tag: str) -> bool:
    """Tell whether a person follows a tag."""
    return await read.value(IS_FOLLOWED, actor_id=actor_id, tag=tag) is not None


FOLLOWED_AMONG = """
SELECT tag FROM followed_tags WHERE actor_id = :actor_id AND tag IN (SELECT value FROM json_each(:tags))
"""


async def followed_among(read: Reader, actor_id: ActorId, tags: Sequence[str]) -> list[str]:
    """Give those of some tags that a person follows."""
    return await read.values(FOLLOWED_AMONG, actor_id=actor_id, tags=json.dumps(tags))


FOLLOWED = f"SELECT id, tag FROM followed_tags WHERE actor_id = :actor_id AND {pages.where('id')}"


async def followed(read: Reader, actor_id: ActorId, page: Page) -> list[Followed]:
    """Give the tags that a person follows, the latest first."""
    rows = await read.all(Followed, pages.text(FOLLOWED, page), actor_id=actor_id, **pages.parameters(page))
    return pages.ordered(rows, page)


SEARCH = f"""
SELECT DISTINCT t.tag FROM post_tags AS t JOIN posts AS p ON p.id = t.post_id
 WHERE t.tag >= :prefix AND t.tag < :end AND p.audience = 'public' AND {visible.POST}
 ORDER BY t.tag LIMIT :limit
"""


async def search(read: Reader, viewer: Viewer, prefix: str, *, limit: int) -> list[str]:
    """Give tags of public posts that begin with some letters, in their order."""
    return await read.values(
        SEARCH, prefix=prefix, end=prefix + "\U0010ffff", limit=limit, **visible.parameters(viewer)
    )
