"""How far a person has read each timeline."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class Marker(Row, frozen=True):
    """The last row that was read of a timeline; ``version`` grows with each change."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: datetime


PUT = """
INSERT INTO markers (actor_id, timeline, last_read_id, version, updated_at)
VALUES (:actor_id, :timeline, :last_read_id, 1, :now)
ON CONFLICT (actor_id, timeline) DO UPDATE
   SET last_read_id = excluded.last_read_id, version = markers.version + 1, updated_at = excluded.updated_at
"""


async def put(tx: Transaction, actor_id: ActorId, timeline: str, last_read_id: int, now: datetime) -> None:
    """Remember how far a person has read a timeline."""
    await tx.execute(PUT, actor_id=actor_id, timeline=timeline, last_read_id=last_read_id, now=now)


ALL_OF = """
SELECT timeline, last_read_id, version, updated_at FROM markers WHERE actor_id = :actor_id ORDER BY timeline
"""


async def all_of(read: Reader, actor_id: ActorId) -> list[Marker]:
    """Give every marker of a person."""
    return await read.all(Marker, ALL_OF, actor_id=actor_id)
