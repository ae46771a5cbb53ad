"""What was said elsewhere and is to be read there: the queue of threads opened and communities joined here.

    await store.write(histories.want_thread, RowId(...), root_id, now, before=now - EVERY)
    rows = await store.write(histories.turn, settled, now=now, until=until, limit=4)

A thread read a moment ago is not wanted again. What was taken by a worker that died comes due once more.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage.engine import Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row


class History(Row, frozen=True):
    """One thing to read: a thread by its first post, or what a community announced."""

    id: RowId
    post_id: PostId | None
    community_id: ActorId | None
    attempt: int


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a reading; ``due_at`` if it is tried again."""

    id: RowId
    due_at: datetime | None = None


WANT_THREAD = """
INSERT INTO histories (id, post_id, due_at) VALUES (:id, :post_id, :now)
ON CONFLICT (post_id) DO UPDATE SET due_at = excluded.due_at, attempt = 0
 WHERE histories.due_at IS NULL AND histories.read_at <= :before
"""


async def want_thread(
    tx: Transaction, history_id: RowId, root_id: PostId, now: datetime, *, before: datetime
) -> bool:
    """Have the thread that a post began read, unless it waits or was read after ``before``; tell whether."""
    return (await tx.execute(WANT_THREAD, id=history_id, post_id=root_id, now=now, before=before)) > 0


WANT_COMMUNITY = """
INSERT INTO histories (id, community_id, due_at) VALUES (:id, :community_id, :now)
ON CONFLICT (community_id) DO UPDATE SET due_at = excluded.due_at, attempt = 0
"""


async def want_community(tx: Transaction, history_id: RowId, community_id: ActorId, now: datetime) -> None:
    """Have it read what a community announced."""
    await tx.execute(WANT_COMMUNITY, id=history_id, community_id=community_id, now=now)


CLAIM = """
UPDATE histories SET due_at = :until
 WHERE id IN (SELECT id FROM histories WHERE due_at <= :now ORDER BY due_at, id LIMIT :limit)
RETURNING id, post_id, community_id, attempt
"""

SETTLE = """
UPDATE histories
   SET due_at = :due_at, attempt = attempt + 1, read_at = CASE WHEN :due_at IS NULL THEN :now ELSE read_at END
 WHERE id = :id
"""


async def turn(
    tx: Transaction, settled: Sequence[Settled], *, now: datetime, until: datetime, limit: int
) -> list[History]:
    """Write what came of readings, and take the next, oldest first; they come due again at ``until``."""
    await tx.many(SETTLE, [msgspec.structs.asdict(one) | {"now": now} for one in settled])
    found = await tx.all(History, CLAIM, now=now, until=until, limit=limit)
    return sorted(found, key=lambda history: history.id)


FORGET = """
DELETE FROM histories WHERE id IN (
    SELECT id FROM histories WHERE due_at IS NULL AND read_at < :before ORDER BY read_at LIMIT :limit)
"""


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of readings that ended before a moment; give how many."""
    return await tx.execute(FORGET, before=before, limit=limit)
