"""People who left for good: whom the Delete goes to, and what became of it at each host.

    await erasures.begin(tx, actor_id, "ada", now)
    await erasures.told(tx, actor_id, body_id, hosts, now)    in the transaction that queues the Delete
    await erasures.settle(tx, over, now)                      in the one that writes what came of deliveries

The keys that sign the Delete are kept until nobody is left to be told.
"""

import json
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage.engine import Reader, Transaction, Value
from storage.ids import ActorId, RowId
from storage.row import Row


class Erasure(Row, frozen=True):
    """One row of erasures."""

    actor_id: ActorId
    handle: str
    begun_at: datetime
    told_at: datetime | None
    ended_at: datetime | None


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host that holds something; ``state`` is waiting, or says why it is not told."""

    host: str
    inbox: str
    state: str
    answer: str = ""


class HostView(Row, frozen=True):
    """What became of the Delete at a host; ``tries`` and ``answer`` of one that waits are those so far."""

    host: str
    state: str
    answer: str
    at: datetime
    tries: int


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """Why a delivery is over that was not taken; ``refused``: the host answered so."""

    answer: str
    refused: bool


Over = tuple[RowId, str, Dropped | None]  # body and inbox of a delivery that is over, and why if not taken


_COLUMNS = ", ".join(Erasure.__struct_fields__)

FIND = f"SELECT {_COLUMNS} FROM erasures WHERE handle = :handle ORDER BY begun_at DESC LIMIT 1"


async def find(read: Reader, handle: str) -> Erasure | None:
    """Give the erasure of whoever had a handle here."""
    return await read.one(Erasure, FIND, handle=handle)


CUT_SHORT = f"""
SELECT {_COLUMNS} FROM erasures AS e
 WHERE told_at IS NULL AND begun_at < :before
   AND NOT EXISTS (SELECT 1 FROM holds AS o WHERE o.kind = 'person' AND o.target_id = e.actor_id)
 ORDER BY begun_at LIMIT :limit
"""


async def cut_short(read: Reader, before: datetime, limit: int) -> list[Erasure]:
    """Give those that were begun before a moment and not brought to their end, of people not on hold."""
    return await read.all(Erasure, CUT_SHORT, before=before, limit=limit)


IS_BEGUN = "SELECT 1 FROM erasures WHERE actor_id = :actor_id AND told_at IS NULL"


async def is_begun(read: Reader, actor_id: ActorId) -> bool:
    """Tell whether somebody's erasure was begun and is not brought to its end."""
    return await read.value(IS_BEGUN, actor_id=actor_id) is not None


BEGIN = """
INSERT INTO erasures (actor_id, handle, begun_at) VALUES (:actor_id, :handle, :now)
ON CONFLICT (actor_id) DO UPDATE SET begun_at = excluded.begun_at WHERE erasures.told_at IS NULL
"""


async def begin(tx: Transaction, actor_id: ActorId, handle: str, now: datetime) -> None:
    """Note that somebody leaves for good."""
    await tx.execute(BEGIN, actor_id=actor_id, handle=handle, now=now)


TOLD = "UPDATE erasures SET told_at = :now WHERE actor_id = :actor_id"

ADD_HOST = """
INSERT INTO erasure_hosts (actor_id, host, inbox, body_id, state, answer, at)
VALUES (:actor_id, :host, :inbox, :body_id, :state, :answer, :now)
ON CONFLICT DO NOTHING
"""


async def told(
    tx: Transaction, actor_id: ActorId, body_id: RowId, hosts: Sequence[Host], now: datetime
) -> None:
    """Note whom the Delete goes to, and who is not told."""
    await tx.execute(TOLD, actor_id=actor_id, now=now)
    more = {"actor_id": actor_id, "body_id": body_id, "now": now}
    await tx.many(ADD_HOST, [msgspec.structs.asdict(host) | more for host in hosts])
    await _end(tx, now)


TRACKED = """
SELECT DISTINCT body_id FROM erasure_hosts
 WHERE state = 'waiting' AND body_id IN (SELECT value FROM json_each(:ids))
"""

SETTLE = """
UPDATE erasure_hosts SET state = :state, answer = :answer, at = :now
 WHERE body_id = :body_id AND inbox = :inbox AND state = 'waiting'
"""


async def settle(tx: Transaction, over: Sequence[Over], now: datetime) -> None:
    """Write what came of those deliveries that were somebody's last word."""
    tracked = set(await tx.values(TRACKED, ids=json.dumps(sorted({body_id for body_id, _, _ in over}))))
    rows = [_outcome(one) | {"now": now} for one in over if one[0] in tracked]
    if rows:
        await tx.many(SETTLE, rows)
        await _end(tx, now)


def _outcome(over: Over) -> dict[str, Value]:
    body_id, inbox, why = over
    state = "acknowledged" if why is None else "failed" if why.refused else "unreachable"
    return {"body_id": body_id, "inbox": inbox, "state": state, "answer": why.answer if why else ""}


CUT_OFF = """
UPDATE erasure_hosts SET state = 'failed', answer = :answer WHERE host = :host AND state = 'waiting'
"""


async def cut_off(tx: Transaction, host: str) -> None:
    """Note that a host left the federation list before it took the Delete."""
    await tx.execute(CUT_OFF, host=host, answer="taken off the federation list before it was told")


END = """
UPDATE erasures SET ended_at = :now
 WHERE ended_at IS NULL AND told_at IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM erasure_hosts AS h
                    WHERE h.actor_id = erasures.actor_id AND h.state = 'waiting')
"""

DESTROY_KEYS = """
DELETE FROM private_keys WHERE actor_id IN (SELECT actor_id FROM erasures WHERE ended_at IS NOT NULL)
"""


async def _end(tx: Transaction, now: datetime) -> None:
    """Note which are over, and destroy the keys that nothing is signed with any more."""
    if await tx.execute(END, now=now):
        await tx.execute(DESTROY_KEYS)


async def end_those_cut_off(tx: Transaction, now: datetime) -> None:
    """Note which are over since the last host that waited left the list."""
    await _end(tx, now)


HOSTS = """
SELECT h.host,
       CASE WHEN h.state = 'waiting' AND d.attempt > 0 THEN 'unreachable' ELSE h.state END,
       CASE WHEN h.state = 'waiting' THEN COALESCE(d.last_answer, '') ELSE h.answer END,
       h.at, COALESCE(d.attempt, 0)
  FROM erasure_hosts AS h LEFT JOIN deliveries AS d ON d.inbox = h.inbox AND d.body_id = h.body_id
 WHERE h.actor_id = :actor_id ORDER BY h.host, h.inbox
"""


async def hosts(read: Reader, actor_id: ActorId) -> list[HostView]:
    """Give every host that holds something of somebody, and what became of the Delete there."""
    return await read.all(HostView, HOSTS, actor_id=actor_id)
