"""What ended when the list was narrowed: for the page, and for whoever widens it again."""

from collections.abc import Sequence
from datetime import datetime

from storage.engine import Reader, Transaction
from storage.row import Row


class Ended(Row, frozen=True):
    """One follow, membership or delivery that is no more."""

    id: int
    host: str
    what: str
    detail: str
    at: datetime


ADD = "INSERT INTO ended (id, host, what, detail, at) VALUES (:id, :host, :what, :detail, :at)"


async def add(tx: Transaction, rows: Sequence[Ended]) -> None:
    """Keep what ended."""
    await tx.many(
        ADD,
        [
            {"id": row.id, "host": row.host, "what": row.what, "detail": row.detail, "at": row.at}
            for row in rows
        ],
    )


OF_HOST = "SELECT id, host, what, detail, at FROM ended WHERE host = :host ORDER BY id"


async def of_host(read: Reader, host: str) -> list[Ended]:
    """Give what ended with a host, oldest first."""
    return await read.all(Ended, OF_HOST, host=host)


LATEST = """
SELECT id, host, what, detail, at FROM ended WHERE :host IS NULL OR host = :host
 ORDER BY id DESC LIMIT :limit
"""


async def latest(read: Reader, limit: int, host: str | None = None) -> list[Ended]:
    """Give what ended last, the latest first; with one host, if given."""
    return await read.all(Ended, LATEST, limit=limit, host=host)
