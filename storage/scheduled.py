"""Posts that are to be published later, each kept as its author wrote it."""

from datetime import datetime

from storage import pages
from storage.engine import Reader, Transaction
from storage.ids import ActorId, RowId
from storage.pages import Page
from storage.row import Row


class Scheduled(Row, frozen=True):
    """One row of scheduled: ``draft`` is JSON, ``refused_for`` why it could not be published in its time."""

    id: RowId
    actor_id: ActorId
    due_at: datetime
    draft: str
    refused_for: str | None


_COLUMNS = ", ".join(f"s.{name}" for name in Scheduled.__struct_fields__)

ADD = """
INSERT INTO scheduled (id, actor_id, due_at, draft)
SELECT :scheduled_id, :actor_id, :due_at, :draft
 WHERE (SELECT COUNT(*) FROM scheduled WHERE actor_id = :actor_id) < :most
"""


async def add(
    tx: Transaction, scheduled_id: RowId, actor_id: ActorId, due_at: datetime, draft: str, *, most: int
) -> bool:
    """Keep a post for later; False if its author has ``most`` of them already."""
    added = await tx.execute(
        ADD, scheduled_id=scheduled_id, actor_id=actor_id, due_at=due_at, draft=draft, most=most
    )
    return added > 0


FIND = f"SELECT {_COLUMNS} FROM scheduled AS s WHERE s.id = :scheduled_id AND s.actor_id = :actor_id"


async def find(read: Reader, actor_id: ActorId, scheduled_id: RowId) -> Scheduled | None:
    """Give a post that somebody has scheduled; nobody sees another's."""
    return await read.one(Scheduled, FIND, scheduled_id=scheduled_id, actor_id=actor_id)


PAGE = f"SELECT {_COLUMNS} FROM scheduled AS s WHERE s.actor_id = :actor_id AND {pages.where('s.id')}"


async def page(read: Reader, actor_id: ActorId, page: Page) -> list[Scheduled]:
    """Give what somebody has scheduled, the latest made first."""
    rows = await read.all(Scheduled, pages.text(PAGE, page), actor_id=actor_id, **pages.parameters(page))
    return pages.ordered(rows, page)


MOVE = """
UPDATE scheduled SET due_at = :due_at, refused_for = NULL WHERE id = :scheduled_id AND actor_id = :actor_id
"""


async def move(tx: Transaction, actor_id: ActorId, scheduled_id: RowId, due_at: datetime) -> bool:
    """Let a post be published at another time; one that was refused is tried again then."""
    return await tx.execute(MOVE, scheduled_id=scheduled_id, actor_id=actor_id, due_at=due_at) > 0


REMOVE = "DELETE FROM scheduled WHERE id = :scheduled_id AND actor_id = :actor_id"


async def remove(tx: Transaction, actor_id: ActorId, scheduled_id: RowId) -> bool:
    """Forget a scheduled post, since it is published or not wanted; False if it was not there."""
    return await tx.execute(REMOVE, scheduled_id=scheduled_id, actor_id=actor_id) > 0


DUE = f"""
SELECT {_COLUMNS} FROM scheduled AS s
 WHERE s.due_at <= :now AND s.refused_for IS NULL ORDER BY s.due_at LIMIT :limit
"""


async def due(read: Reader, now: datetime, limit: int) -> list[Scheduled]:
    """Give the posts whose time has come, the longest first."""
    return await read.all(Scheduled, DUE, now=now, limit=limit)


REFUSE = "UPDATE scheduled SET refused_for = :reason WHERE id = :scheduled_id"


async def refuse(tx: Transaction, scheduled_id: RowId, reason: str) -> None:
    """Note why a post could not be published, so that it waits for its author."""
    await tx.execute(REFUSE, scheduled_id=scheduled_id, reason=reason)
