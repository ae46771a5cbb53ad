"""The inbox as a queue: what was accepted with 202, once for each id, until it has been worked on.

    new = await store.write(received.put, NewReceived(...), row_id)       False for an id that came before
    rows = await store.write(received.turn, settled, now=now, until=until, limit=64)

One actor's activities are worked on in the order in which they came. One that was put off lets later ones
pass, but for those that change or take back something: they wait for it.
"""

import json
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import ids
from storage.dialect import either
from storage.engine import Reader, Transaction
from storage.ids import RowId
from storage.row import Row


class NewReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A verified activity as it came; ``synchronization`` is what its sender says of its followers."""

    uri: str
    type: str
    actor_uri: str
    host: str
    key_id: str
    body: bytes
    synchronization: str | None = None


class Received(Row):
    """An activity to work on."""

    id: RowId
    uri: str
    type: str
    actor_uri: str
    host: str
    key_id: str
    body: bytes
    attempt: int
    received_at: datetime
    synchronization: str | None = None


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an activity: done, ignored, refused, dead; or waiting, if tried again from ``due_at``."""

    id: RowId
    state: str
    outcome: str = ""
    due_at: datetime | None = None


class Count(Row):
    """How many activities are in one state."""

    state: str
    n: int


PUT = """
INSERT INTO received (id, uri, type, actor_uri, host, key_id, body, synchronization, due_at, received_at)
VALUES (:id, :uri, :type, :actor_uri, :host, :key_id, :body, :synchronization, :at, :at)
ON CONFLICT (uri) DO NOTHING
"""


async def put(tx: Transaction, new: NewReceived, received_id: RowId) -> bool:
    """Store an activity, its time being that of its row id, and wake its worker; False if it came before."""
    changed = await tx.execute(
        PUT,
        id=received_id,
        uri=new.uri,
        type=new.type,
        actor_uri=new.actor_uri,
        host=new.host,
        key_id=new.key_id,
        body=new.body,
        synchronization=new.synchronization,
        at=ids.time_of(received_id),
    )
    if changed == 1:
        tx.wake("received")
    return changed == 1


WAITS = ("Undo", "Update", "Delete")  # what changes or takes back waits for what was put off before it

_CLAIM = """
-- (due_at, id) is the order of arrival for all that were not put off: both come from the row id.
UPDATE received SET locked_until = :until, locked_by = :by
 WHERE id IN (
    SELECT r.id FROM received AS r
     WHERE r.state = 'waiting' AND r.due_at <= :now AND (r.locked_until IS NULL OR r.locked_until <= :now)
       AND NOT EXISTS (
           SELECT 1 FROM received AS e
            WHERE e.actor_uri = r.actor_uri AND e.id < r.id AND e.state = 'waiting'
              AND (e.locked_until > :now OR (e.attempt > 0 AND r.type IN {waits})))
     ORDER BY r.due_at, r.id LIMIT :limit {lock})
RETURNING id, uri, type, actor_uri, host, key_id, body, attempt, received_at, synchronization
"""
CLAIM = either(
    _CLAIM.format(waits=WAITS, lock=""),
    postgres=_CLAIM.format(waits=WAITS, lock="FOR UPDATE OF r SKIP LOCKED"),
)


async def claim(
    tx: Transaction, *, now: datetime, until: datetime, limit: int, by: int = 0
) -> list[Received]:
    """Take what is due for this worker, oldest first; if the worker dies the rows come free at ``until``."""
    return sorted(
        await tx.all(Received, CLAIM, now=now, until=until, limit=limit, by=by),
        key=lambda received: received.id,
    )


SETTLE = """
UPDATE received SET state = :state, outcome = :outcome, locked_until = NULL,
       attempt = attempt + CASE WHEN :due_at IS NULL THEN 0 ELSE 1 END, due_at = COALESCE(:due_at, due_at)
 WHERE id = :id
"""


async def settle(tx: Transaction, settled: Sequence[Settled]) -> None:
    """Write what came of activities; one waiting without ``due_at`` was not begun."""
    await tx.many(SETTLE, [msgspec.structs.asdict(one) for one in settled])


async def turn(
    tx: Transaction, settled: Sequence[Settled], *, now: datetime, until: datetime, limit: int, by: int = 0
) -> list[Received]:
    """Write what came of activities, and take the next that are due: one transaction for both."""
    await settle(tx, settled)
    return await claim(tx, now=now, until=until, limit=limit, by=by)


COUNTS = "SELECT state, COUNT(*) FROM received GROUP BY state ORDER BY state"


async def counts(read: Reader) -> list[Count]:
    """Give how many activities are in each state."""
    return await read.all(Count, COUNTS)


WITH_OLD_BODY = """
SELECT id FROM received WHERE id < :before_id AND body IS NOT NULL AND state <> 'waiting' LIMIT :limit
"""


async def with_old_body(read: Reader, before: datetime, limit: int) -> list[RowId]:
    """Give activities of before a moment that were worked on and still have their bytes."""
    return await read.values(WITH_OLD_BODY, before_id=ids.at(before), limit=limit)


FORGET_BODIES = "UPDATE received SET body = NULL WHERE id IN (SELECT value FROM json_each(:ids))"


async def forget_bodies(tx: Transaction, received_ids: Sequence[RowId]) -> None:
    """Let go of bytes; the ids stay, so that what comes again is known."""
    await tx.execute(FORGET_BODIES, ids=json.dumps(received_ids))


FORGET = """
DELETE FROM received WHERE id IN (
    SELECT id FROM received WHERE id < :before_id AND state <> 'waiting' ORDER BY id LIMIT :limit)
"""


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of activities of before a moment that were worked on, the oldest first; give how many."""
    return await tx.execute(FORGET, before_id=ids.at(before), limit=limit)
