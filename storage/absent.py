"""Inboxes and actors elsewhere that answer that they are not there: since when, and when last asked."""

from collections.abc import Sequence
from datetime import datetime

from storage import actors, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.row import Row
from storage.visible import Viewer


class Absence(Row, frozen=True):
    """One row of absent."""

    uri: str
    since: datetime
    looked_at: datetime


FIND = "SELECT uri, since, looked_at FROM absent WHERE uri = :uri"


async def find(read: Reader, uri: str) -> Absence | None:
    """Give since when something is not there, None if it is not known to be absent."""
    return await read.one(Absence, FIND, uri=uri)


NOTE = """
INSERT INTO absent (uri, since, looked_at) VALUES (:uri, :now, :now)
ON CONFLICT (uri) DO UPDATE SET looked_at = excluded.looked_at
"""


async def note(tx: Transaction, uri: str, now: datetime) -> None:
    """Note that something was asked for and is not there."""
    await tx.execute(NOTE, uri=uri, now=now)


CLEAR = "DELETE FROM absent WHERE uri = :uri"


async def clear(tx: Transaction, uri: str) -> None:
    """Forget that something was not there: it is again, or nobody will ask."""
    await tx.execute(CLEAR, uri=uri)


AT_INBOX = f"""
-- Those asked for longest ago first, so that each is asked for in turn.
SELECT {actors.COLUMNS} FROM actors AS a
 WHERE a.host = :host AND a.local = 0 AND a.state = 'active' AND (a.inbox = :inbox OR a.shared_inbox = :inbox)
   AND (EXISTS (SELECT 1 FROM follows AS f WHERE f.follower_id = a.id)
        OR EXISTS (SELECT 1 FROM follows AS f WHERE f.target_id = a.id)) AND {visible.ACTOR}
 ORDER BY a.fetched_at, a.id LIMIT :limit
"""


async def at_inbox(read: Reader, viewer: Viewer, host: str, inbox: str, *, limit: int) -> Sequence[Actor]:
    """Give those who get their post at an inbox and follow somebody here or are followed from here."""
    return await read.all(Actor, AT_INBOX, host=host, inbox=inbox, limit=limit, **visible.parameters(viewer))
