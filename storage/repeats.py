"""What an Idempotency-Key gave: the same key of the same token gives the same post, for an hour."""

from datetime import datetime, timedelta

from storage.engine import Reader, Transaction
from storage.ids import PostId

KEPT = timedelta(hours=1)

FIND = "SELECT post_id FROM repeats WHERE token_id = :token_id AND key = :key"


async def find(read: Reader, token_id: int, key: str) -> PostId | None:
    """Give the post that a key gave before."""
    found: PostId | None = await read.value(FIND, token_id=token_id, key=key)
    return found


FORGET = "DELETE FROM repeats WHERE at < :before"

PUT = "INSERT INTO repeats (token_id, key, post_id, at) VALUES (:token_id, :key, :post_id, :now)"


async def put(tx: Transaction, token_id: int, key: str, post_id: PostId, now: datetime) -> None:
    """Remember what a key gave, and forget what is older than an hour."""
    await tx.execute(FORGET, before=now - KEPT)
    await tx.execute(PUT, token_id=token_id, key=key, post_id=post_id, now=now)
