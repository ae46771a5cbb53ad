"""The outbox as a queue: one row for each inbox that an activity still has to reach.

    await deliveries.add_body(tx, body_id, NewBody(...))
    await deliveries.add(tx, body_id, [("kent.example", "https://kent.example/inbox")], now)
    ...
    claim = await store.write(deliveries.turn, settled, now=now, until=until, ...)

A host's rows go in the order of their ids; ``queues`` has one row for each host with deliveries waiting.
The first row blocks the host until it was taken, refused for good, or dropped; nothing overtakes it.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from storage import erasures, peers
from storage.dialect import either
from storage.engine import Reader, Transaction
from storage.erasures import Dropped
from storage.ids import ActorId, RowId
from storage.row import Row

HEADS = 16  # rows of a host taken at once
NOT_ALLOWED_FOR = timedelta(hours=1)

Target = tuple[str, str]  # host, inbox


class NewBody(msgspec.Struct, frozen=True, kw_only=True):
    """An activity to send; of an Announce that carries one whole, ``type`` is the type of that one.

    ``private``: it is for the sender's followers only.
    """

    uri: str
    type: str
    object_uri: str | None
    sender_id: ActorId
    body: bytes
    private: bool = False


class Body(Row):
    """An activity to send, and who signs the request."""

    id: RowId
    uri: str
    sender_id: ActorId
    sender_uri: str
    body: bytes
    private: bool = False


class Head(Row):
    """One delivery at the head of its host's queue."""

    id: RowId
    host: str
    inbox: str
    body_id: RowId
    refusals: int
    first_refused_at: datetime | None
    queued_at: datetime


class Queue(Row):
    """A host with deliveries that are due."""

    host: str
    failures: int
    scheme: str
    heard_at: datetime | None


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A host's queue in the hands of this worker: its first deliveries in order, and their bodies by id."""

    queue: Queue
    heads: list[Head]
    bodies: dict[RowId, Body]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why the head of a queue stays where it is, and for how long.

    ``refused``: the peer itself answered with 5xx or 401. ``rest_until``: nothing it sends wakes it before.
    """

    id: RowId
    answer: str
    refused: bool
    due_at: datetime
    rest_until: datetime


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a host's queue: rows that are over, and the failure that stopped it, if one did."""

    host: str
    over: list[Head]
    reached: bool = False
    failure: Failure | None = None
    scheme: str | None = None  # the signature scheme that the peer took instead of the one it was known for
    gone: dict[str, bool] = {}  # inboxes that are not there, and whether for good
    dropped: dict[RowId, Dropped] = {}  # those of ``over`` that the host did not take


class Backlog(Row):
    """How much waits for one host."""

    host: str
    waiting: int
    oldest_at: datetime
    due_at: datetime
    failures: int


ADD_BODY = """
INSERT INTO bodies (id, uri, type, object_uri, sender_id, body, private)
VALUES (:id, :uri, :type, :object_uri, :sender_id, :body, :private)
"""


async def add_body(tx: Transaction, body_id: RowId, new: NewBody) -> None:
    """Store the bytes of an activity once, for all who get it."""
    await tx.execute(ADD_BODY, id=body_id, **msgspec.structs.asdict(new))


UNSENT = """
-- What the same sender queued about the same object for these inboxes and never tried to send. A queue that
-- somebody works on is left alone: its rows may be on the wire, and then all goes out in order.
SELECT d.id, d.host, d.inbox, b.id, b.type FROM bodies AS gone
  JOIN bodies AS b ON b.object_uri = gone.object_uri AND b.sender_id = gone.sender_id
   AND b.type IN ('Create', 'Update', 'Announce')
  JOIN deliveries AS d ON d.body_id = b.id AND d.attempt = 0
  JOIN queues AS q ON q.host = d.host AND q.locked_until IS NULL
 WHERE gone.id = :body_id AND gone.type = 'Delete'
   AND d.inbox IN (SELECT value ->> 1 FROM json_each(:targets))
"""


class _Unsent(Row):
    id: RowId
    host: str
    inbox: str
    body_id: RowId
    type: str


# Ids count up from the body's own, or from the last one given: they rise in the order of commits. PostgreSQL
# counts them for all processes: what is queued after a commit has the higher id.
_ADD = """
INSERT INTO deliveries (id, host, inbox, body_id, queued_at)
SELECT {id}, value ->> 0, value ->> 1, :body_id, :now
  FROM json_each(:targets) WHERE true
ON CONFLICT (inbox, body_id) DO NOTHING
"""
ADD = either(
    _ADD.format(id="COALESCE((SELECT MAX(id) + 1 FROM deliveries WHERE id >= :body_id), :body_id) + key"),
    postgres=_ADD.format(id="nextval('delivery_ids')"),
)

QUEUE = """
-- The row is looked for, not only met: who ends the queue at this moment is in the way of that (END_EMPTY).
INSERT INTO queues (host, due_at)
SELECT DISTINCT value ->> 0, :now FROM json_each(:targets)
 WHERE NOT EXISTS (SELECT 1 FROM queues AS q WHERE q.host = value ->> 0)
ON CONFLICT (host) DO NOTHING
"""


async def add(tx: Transaction, body_id: RowId, targets: Sequence[Target], now: datetime) -> None:
    """Queue a stored body for each inbox once.

    A Delete takes back what its sender queued about the object and never sent; where the Create was among
    that, the Delete is not needed either. A body that nobody has to get goes again.
    """
    unsent = await tx.all(_Unsent, UNSENT, body_id=body_id, targets=json.dumps(targets))
    if unsent:
        await _remove(tx, [row.id for row in unsent], [row.body_id for row in unsent])
        await _end_empty(tx, [row.host for row in unsent])
        spared = {row.inbox for row in unsent if row.type == "Create"}
        targets = [target for target in targets if target[1] not in spared]
    if targets:
        await tx.execute(ADD, body_id=body_id, targets=json.dumps(targets), now=now)
        await tx.execute(QUEUE, targets=json.dumps(targets), now=now)
    else:
        await _remove(tx, [], [body_id])


REMOVE = "DELETE FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids))"

REMOVE_BODIES = """
DELETE FROM bodies WHERE id IN (SELECT value FROM json_each(:ids))
   AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.body_id = bodies.id)
"""


async def _remove(tx: Transaction, delivery_ids: Sequence[RowId], body_ids: Sequence[RowId]) -> None:
    """Remove deliveries, and each body with the last of its own."""
    await tx.execute(REMOVE, ids=json.dumps(delivery_ids))
    await tx.execute(REMOVE_BODIES, ids=json.dumps(sorted(set(body_ids))))


END_EMPTY = """
DELETE FROM queues WHERE host IN (SELECT value FROM json_each(:hosts))
   AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.host = queues.host)
"""


async def _end_empty(tx: Transaction, hosts: Sequence[str]) -> None:
    await tx.execute(END_EMPTY, hosts=json.dumps(hosts))


async def turn(
    tx: Transaction,
    settled: Sequence[Settled],
    *,
    now: datetime,
    until: datetime,
    hosts: int,
    failing: int,
    allows: Callable[[str], bool],
    by: int = 0,
) -> list[Claimed]:
    """Write what came of queues, and take the next that are due: one transaction for both."""
    if settled:
        await settle(tx, settled, now)
    return await claim(tx, now=now, until=until, hosts=hosts, failing=failing, allows=allows, by=by)


_DUE = """
SELECT q.host, q.failures, COALESCE(p.scheme, 'cavage'), p.heard_at
  FROM queues AS q LEFT JOIN peers AS p ON p.host = q.host
 WHERE q.due_at <= :now AND (q.locked_until IS NULL OR q.locked_until <= :now)
"""

_IN_TURN = "ORDER BY q.due_at, q.host LIMIT :limit"
_NOT_ANOTHERS = "FOR UPDATE OF q SKIP LOCKED"

DUE = either(
    f"{_DUE} AND q.failures = 0 {_IN_TURN}", postgres=f"{_DUE} AND q.failures = 0 {_IN_TURN} {_NOT_ANOTHERS}"
)
DUE_FAILING = either(
    f"{_DUE} AND q.failures > 0 {_IN_TURN}", postgres=f"{_DUE} AND q.failures > 0 {_IN_TURN} {_NOT_ANOTHERS}"
)

LOCK = """
UPDATE queues SET locked_until = :until, locked_by = :by WHERE host IN (SELECT value FROM json_each(:hosts))
"""

LATER = "UPDATE queues SET due_at = :later WHERE host IN (SELECT value FROM json_each(:hosts))"

_HEAD = "d.id, d.host, d.inbox, d.body_id, d.refusals, d.first_refused_at, d.queued_at"
# CROSS JOIN keeps the order of the loops: the first rows of each host, not each row of the table.
HEADS_OF = either(
    f"""
SELECT {_HEAD} FROM json_each(:hosts) AS h CROSS JOIN deliveries AS d
 WHERE d.id IN (SELECT n.id FROM deliveries AS n WHERE n.host = h.value ORDER BY n.id LIMIT :heads)
""",
    postgres=f"""
SELECT {_HEAD} FROM json_each(:hosts) AS h CROSS JOIN LATERAL (
    SELECT * FROM deliveries AS n WHERE n.host = h.value ORDER BY n.id LIMIT :heads) AS d
""",
)

BODIES = """
SELECT b.id, b.uri, b.sender_id, a.uri, b.body, b.private
  FROM bodies AS b JOIN actors AS a ON a.id = b.sender_id
 WHERE b.id IN (SELECT value FROM json_each(:ids))
"""


async def claim(
    tx: Transaction,
    *,
    now: datetime,
    until: datetime,
    hosts: int,
    failing: int,
    allows: Callable[[str], bool],
    by: int = 0,
) -> list[Claimed]:
    """Take the queues of up to ``hosts`` hosts that are due, at most ``failing`` of them such as failed last.

    A host that ``allows`` says no to is left for an hour. If the worker dies, they come free at ``until``.
    """
    due = await tx.all(Queue, DUE_FAILING, now=now, limit=min(hosts, failing))
    due += await tx.all(Queue, DUE, now=now, limit=hosts - len(due))
    denied = [queue.host for queue in due if not allows(queue.host)]
    if denied:
        await tx.execute(LATER, hosts=json.dumps(denied), later=now + NOT_ALLOWED_FOR)
    taken = {queue.host: queue for queue in due if queue.host not in denied}
    if not taken:
        return []
    names = json.dumps(list(taken))
    await tx.execute(LOCK, hosts=names, until=until, by=by)
    heads: dict[str, list[Head]] = {host: [] for host in taken}
    for head in await tx.all(Head, HEADS_OF, hosts=names, heads=HEADS):
        heads[head.host].append(head)
    wanted = {head.body_id for of_host in heads.values() for head in of_host}
    bodies = {body.id: body for body in await tx.all(Body, BODIES, ids=json.dumps(sorted(wanted)))}
    return [
        Claimed(queue=queue, heads=sorted(heads[host], key=lambda head: head.id), bodies=bodies)
        for host, queue in taken.items()
    ]


FREE = """
UPDATE queues SET locked_until = NULL, rest_until = NULL, due_at = :now,
       failures = CASE WHEN :reached = 1 THEN 0 ELSE failures END
 WHERE host = :host
"""

PUT_OFF = """
UPDATE queues SET locked_until = NULL, rest_until = :rest_until, due_at = :due_at,
       failures = CASE WHEN :reached = 1 THEN 1 ELSE failures + 1 END
 WHERE host = :host
"""

NOTE_FAILURE = """
UPDATE deliveries SET attempt = attempt + 1, last_answer = :answer,
       refusals = refusals + CASE WHEN :refused = 1 THEN 1 ELSE 0 END,
       first_refused_at = CASE WHEN :refused = 1 THEN COALESCE(first_refused_at, :now)
                               ELSE first_refused_at END
 WHERE id = :id
"""


async def settle(tx: Transaction, settled: Sequence[Settled], now: datetime) -> None:
    """Write what came of queues and give them back; one without rows is no more."""
    over = [head for one in settled for head in one.over]
    if over:
        dropped = {row_id: why for one in settled for row_id, why in one.dropped.items()}
        await erasures.settle(tx, [(head.body_id, head.inbox, dropped.get(head.id)) for head in over], now)
    await _remove(tx, [head.id for head in over], [head.body_id for head in over])
    going_on = [one for one in settled if one.failure is None]
    await tx.many(FREE, [{"host": one.host, "reached": one.reached, "now": now} for one in going_on])
    for one in settled:
        if one.failure is not None:
            await _put_off(tx, one.host, one.failure, now, reached=one.reached)
        if one.scheme is not None:
            await peers.set_scheme(tx, one.host, one.scheme, now)
    await _end_empty(tx, [one.host for one in settled])
    await peers.reached(tx, [one.host for one in settled if one.reached], now)


async def _put_off(tx: Transaction, host: str, failure: Failure, now: datetime, *, reached: bool) -> None:
    await tx.execute(
        PUT_OFF, host=host, due_at=failure.due_at, rest_until=failure.rest_until, reached=reached
    )
    await tx.execute(NOTE_FAILURE, id=failure.id, answer=failure.answer, refused=failure.refused, now=now)
    await peers.failed(tx, host, failure.answer, now)


WAKE = """
UPDATE queues SET due_at = CASE WHEN rest_until > :now THEN rest_until ELSE :now END
 WHERE host = :host AND due_at > CASE WHEN rest_until > :now THEN rest_until ELSE :now END
"""


async def wake(tx: Transaction, host: str, now: datetime) -> None:
    """Try a host's queue again soon: it lives, since it sent something."""
    await tx.execute(WAKE, host=host, now=now)


OF_HOST = "SELECT id, body_id FROM deliveries WHERE host = :host"


class _Ids(Row):
    id: RowId
    body_id: RowId


async def end_host(tx: Transaction, host: str) -> int:
    """Remove everything that waits for a host and give how many deliveries that were."""
    rows = await tx.all(_Ids, OF_HOST, host=host)
    await erasures.cut_off(tx, host)
    await _remove(tx, [row.id for row in rows], [row.body_id for row in rows])
    await _end_empty(tx, [host])
    return len(rows)


BACKLOG = """
SELECT q.host, COUNT(*), MIN(d.queued_at), q.due_at, q.failures
  FROM queues AS q JOIN deliveries AS d ON d.host = q.host GROUP BY q.host ORDER BY q.host
"""


async def backlog(read: Reader) -> list[Backlog]:
    """Give what waits, by host."""
    return await read.all(Backlog, BACKLOG)
