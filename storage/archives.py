"""Archives that people asked for: which wait to be made, which are ready, which have had their time."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class Archive(Row, frozen=True):
    """One row of archives: it waits while ``due_at`` is set; ready with a ``name``, given up without one."""

    actor_id: ActorId
    asked_at: datetime
    due_at: datetime | None
    attempt: int
    name: str | None
    bytes: int | None
    ready_at: datetime | None


_COLUMNS = ", ".join(Archive.__struct_fields__)

FIND = f"SELECT {_COLUMNS} FROM archives WHERE actor_id = :actor_id"


async def find(read: Reader, actor_id: ActorId) -> Archive | None:
    """Give the archive that a person asked for last."""
    return await read.one(Archive, FIND, actor_id=actor_id)


ASK = """
-- What waits is not asked for twice; what was made after :fresh is given again.
INSERT INTO archives (actor_id, asked_at, due_at) VALUES (:actor_id, :now, :now)
ON CONFLICT (actor_id) DO UPDATE
   SET asked_at = excluded.asked_at, due_at = excluded.due_at, attempt = 0, name = NULL, bytes = NULL,
       ready_at = NULL
 WHERE archives.due_at IS NULL AND (archives.name IS NULL OR archives.ready_at <= :fresh)
"""


async def ask(tx: Transaction, actor_id: ActorId, now: datetime, *, fresh: datetime) -> None:
    """Have a person's archive made, unless it waits or was made after ``fresh``."""
    await tx.execute(ASK, actor_id=actor_id, now=now, fresh=fresh)


DUE = f"SELECT {_COLUMNS} FROM archives WHERE due_at <= :now ORDER BY due_at, actor_id LIMIT :limit"


async def due(read: Reader, now: datetime, limit: int) -> list[Archive]:
    """Give those to be made, who waits longest first."""
    return await read.all(Archive, DUE, now=now, limit=limit)


READY = """
UPDATE archives SET due_at = NULL, name = :name, bytes = :bytes, ready_at = :now
 WHERE actor_id = :actor_id AND due_at IS NOT NULL
"""


async def ready(tx: Transaction, actor_id: ActorId, *, name: str, bytes: int, now: datetime) -> bool:
    """Note that an archive was made; False if nobody wants it any more."""
    return await tx.execute(READY, actor_id=actor_id, name=name, bytes=bytes, now=now) > 0


PUT_OFF = "UPDATE archives SET due_at = :due_at, attempt = attempt + 1 WHERE actor_id = :actor_id"


async def put_off(tx: Transaction, actor_id: ActorId, due_at: datetime | None) -> None:
    """Try again later; with None, not any more."""
    await tx.execute(PUT_OFF, actor_id=actor_id, due_at=due_at)


REMOVE = "DELETE FROM archives WHERE actor_id = :actor_id"


async def remove(tx: Transaction, actor_id: ActorId) -> None:
    """Let go of a person's archive."""
    await tx.execute(REMOVE, actor_id=actor_id)


FORGET = "DELETE FROM archives WHERE due_at IS NULL AND COALESCE(ready_at, asked_at) <= :before"


async def forget(tx: Transaction, before: datetime) -> int:
    """Let go of those that were made before a moment; give how many."""
    return await tx.execute(FORGET, before=before)


NAMES = "SELECT name FROM archives WHERE name IS NOT NULL"


async def names(read: Reader) -> set[str]:
    """Give the files that are wanted still."""
    return set(await read.values(NAMES))
