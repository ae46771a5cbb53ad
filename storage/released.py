"""What a process had in hand when it ended: activities to work on, queues of hosts to send to."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.row import Row


class Taken(Row, frozen=True):
    """A process that has something in hand, and until when what it took last is its own."""

    by: int
    until: datetime


TAKEN = """
SELECT t.locked_by, MAX(t.locked_until) FROM (
    SELECT locked_by, locked_until FROM queues WHERE locked_until IS NOT NULL
    UNION ALL
    SELECT locked_by, locked_until FROM received WHERE state = 'waiting' AND locked_until IS NOT NULL) AS t
 GROUP BY t.locked_by ORDER BY t.locked_by
"""


async def taken(read: Reader) -> list[Taken]:
    """Give who has something in hand; it looks at all that waits, so it belongs in a ``scan``."""
    return await read.all(Taken, TAKEN)


_TAKEN = "locked_until <= :until AND locked_by = :by"

MARK_TRIED = f"""
UPDATE deliveries SET attempt = 1
 WHERE attempt = 0 AND host IN (SELECT host FROM queues WHERE {_TAKEN})
"""
RELEASE_QUEUES = f"UPDATE queues SET locked_until = NULL WHERE {_TAKEN}"
RELEASE_RECEIVED = f"UPDATE received SET locked_until = NULL WHERE state = 'waiting' AND {_TAKEN}"


async def release(tx: Transaction, ended: Taken) -> int:
    """Give back what a process that ended had taken; what another took under its number since then is not.

    Deliveries that it had in hand may have been on the wire, so none of them counts as never sent.
    """
    await tx.execute(MARK_TRIED, by=ended.by, until=ended.until)
    queues = await tx.execute(RELEASE_QUEUES, by=ended.by, until=ended.until)
    return queues + await tx.execute(RELEASE_RECEIVED, by=ended.by, until=ended.until)
