"""Ids whose author deleted what stood there: it never comes to life again as theirs (``storage.posts``)."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import PostId

BURY_POST = """
INSERT INTO tombstones (uri, by_uri, deleted_at)
SELECT p.uri, a.uri, :now FROM posts AS p JOIN actors AS a ON a.id = p.author_id WHERE p.id = :post_id
ON CONFLICT (uri, by_uri) DO NOTHING
"""


async def bury_post(tx: Transaction, post_id: PostId, now: datetime) -> None:
    """Remember that a post was taken away, as the deed of its author."""
    await tx.execute(BURY_POST, post_id=post_id, now=now)


BURY = """
INSERT INTO tombstones (uri, by_uri, deleted_at) VALUES (:uri, :by_uri, :now)
ON CONFLICT (uri, by_uri) DO NOTHING
"""


async def bury(tx: Transaction, uri: str, by_uri: str, now: datetime) -> None:
    """Remember that somebody deleted an id, so that it never comes to life as theirs.

    What a neighbour on the same host deletes says nothing: only its author's word ends a post.
    """
    await tx.execute(BURY, uri=uri, by_uri=by_uri, now=now)


IS_DEAD = "SELECT 1 FROM tombstones WHERE uri = :uri AND by_uri = :by_uri"


async def is_dead(read: Reader, uri: str, by_uri: str) -> bool:
    """Tell whether its author deleted an id."""
    return await read.value(IS_DEAD, uri=uri, by_uri=by_uri) is not None
