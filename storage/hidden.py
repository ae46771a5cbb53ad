"""What is held of nodes that are no longer on the list: hidden at once, and deleted after a while.

    for host in await store.read(hidden.hosts, before, 10):
        while (files := await store.bulk(hidden.purge, host, 200)) is not None: ...

Whoever is allowed again is shown again, but for what was deleted meanwhile; that can be read again.
"""

from datetime import datetime

from storage import deletions, holds
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.media import Files

HOSTS = f"""
SELECT h.host FROM peers AS h
 WHERE h.standing = 'hidden' AND h.hidden_at <= :before
   AND EXISTS (SELECT 1 FROM actors AS a JOIN posts AS p ON p.author_id = a.id
                WHERE a.host = h.host AND a.local = 0 AND NOT {holds.ON_POST})
 ORDER BY h.hidden_at LIMIT :limit
"""


async def hosts(read: Reader, before: datetime, limit: int) -> list[str]:
    """Give hosts that were hidden before a moment and of which posts are held that are not on hold."""
    return await read.values(HOSTS, before=before, limit=limit)


# The newest of an author first: what answers a post goes before it, so that little has to be moved.
POSTS = f"""
SELECT p.id FROM actors AS a JOIN posts AS p ON p.author_id = a.id
 WHERE a.host = :host AND a.local = 0 AND EXISTS (
       SELECT 1 FROM peers AS h WHERE h.host = a.host AND h.standing = 'hidden') AND NOT {holds.ON_POST}
 ORDER BY a.id, p.id DESC LIMIT :limit
"""

BYTES = "UPDATE received SET body = NULL WHERE host = :host AND state <> 'waiting' AND body IS NOT NULL"


async def purge(tx: Transaction, host: str, limit: int) -> list[Files] | None:
    """Delete some of the posts that are held of a hidden host; give what is to go from the folder.

    None when nothing is left, nor the bytes in which it came, or when the host is shown again.
    """
    ids: list[PostId] = await tx.values(POSTS, host=host, limit=limit)
    if not ids:
        await tx.execute(BYTES, host=host)
        return None
    return await deletions.of_posts(tx, ids)
