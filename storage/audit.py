"""Who decided what: written once, never changed."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.row import Row


class Entry(Row, frozen=True):
    """One decision."""

    id: int
    at: datetime
    by_name: str
    verb: str
    object: str
    detail: str


RECORD = """
INSERT INTO audit (id, at, by_name, verb, object, detail) VALUES (:id, :at, :by_name, :verb, :object, :detail)
"""


async def record(
    tx: Transaction, audit_id: int, *, at: datetime, by_name: str, verb: str, object: str, detail: str = ""
) -> None:
    """Note who did what to what."""
    await tx.execute(RECORD, id=audit_id, at=at, by_name=by_name, verb=verb, object=object, detail=detail)


LATEST = "SELECT id, at, by_name, verb, object, detail FROM audit ORDER BY id DESC LIMIT :limit"


async def latest(read: Reader, limit: int) -> list[Entry]:
    """Give the latest decisions, newest first."""
    return await read.all(Entry, LATEST, limit=limit)
