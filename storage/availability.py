"""When somebody may be asked for help: whether they stopped it, and which days they are away.

Of people elsewhere only that they stopped it is known, since they wrote so.
"""

from collections.abc import Iterable
from datetime import date, datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row, array_of


class Availability(Row, frozen=True):
    """One row of availability; both days are included."""

    actor_id: ActorId
    stopped_at: datetime | None = None
    away_from: date | None = None
    away_until: date | None = None


COLUMNS = "v.actor_id, v.stopped_at, v.away_from, v.away_until"

OF = f"SELECT {COLUMNS} FROM availability AS v WHERE v.actor_id IN (SELECT value FROM json_each(:ids))"


async def of(read: Reader, people: Iterable[ActorId]) -> dict[ActorId, Availability]:
    """Give what people said of when they may be asked, by person; who said nothing is left out."""
    rows = await read.all(Availability, OF, ids=array_of(people))
    return {row.actor_id: row for row in rows}


FIND = f"SELECT {COLUMNS} FROM availability AS v WHERE v.actor_id = :actor_id"


async def find(read: Reader, actor_id: ActorId) -> Availability:
    """Give what somebody said of when they may be asked."""
    return await read.one(Availability, FIND, actor_id=actor_id) or Availability(actor_id)


STOP = """
INSERT INTO availability (actor_id, stopped_at) VALUES (:actor_id, :now)
ON CONFLICT (actor_id) DO UPDATE SET stopped_at = COALESCE(availability.stopped_at, excluded.stopped_at)
"""


async def stop(tx: Transaction, actor_id: ActorId, now: datetime) -> None:
    """Ask somebody nothing any more, until they say otherwise."""
    await tx.execute(STOP, actor_id=actor_id, now=now)


RESUME = "UPDATE availability SET stopped_at = NULL WHERE actor_id = :actor_id AND stopped_at IS NOT NULL"


async def resume(tx: Transaction, actor_id: ActorId) -> bool:
    """Let somebody be asked again; False if they may be already."""
    return await tx.execute(RESUME, actor_id=actor_id) > 0


PUT = """
INSERT INTO availability (actor_id, stopped_at, away_from, away_until)
VALUES (:actor_id, :stopped_at, :away_from, :away_until)
ON CONFLICT (actor_id) DO UPDATE
   SET stopped_at = excluded.stopped_at, away_from = excluded.away_from, away_until = excluded.away_until
"""


async def put(tx: Transaction, new: Availability) -> None:
    """Keep what somebody says of when they may be asked."""
    await tx.execute(
        PUT,
        actor_id=new.actor_id,
        stopped_at=new.stopped_at,
        away_from=new.away_from.isoformat() if new.away_from else None,
        away_until=new.away_until.isoformat() if new.away_until else None,
    )
