"""Requests to join communities of other nodes that somebody here decides, since they facilitate there.

The community offers each request to its facilitators elsewhere (decision 10); the row stands until one of
them answers, or the community takes the Offer back.
"""

from datetime import datetime

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer


class Offer(Row, frozen=True):
    """One row of offers; ``body`` is the Offer as it came, echoed in its answer."""

    id: int
    community_id: ActorId
    facilitator_id: ActorId
    requester_id: ActorId
    uri: str
    body: bytes
    offered_at: datetime


COLUMNS = ", ".join(f"o.{name}" for name in Offer.__struct_fields__)

ADD = """
INSERT INTO offers (id, community_id, facilitator_id, requester_id, uri, body, offered_at)
VALUES (:id, :community_id, :facilitator_id, :requester_id, :uri, :body, :offered_at)
ON CONFLICT (facilitator_id, requester_id, community_id)
DO UPDATE SET uri = excluded.uri, body = excluded.body
"""


async def add(tx: Transaction, new: Offer) -> None:
    """Keep a request for a facilitator to decide; one made again replaces the earlier."""
    await tx.execute(ADD, **{name: getattr(new, name) for name in Offer.__struct_fields__})


OLDEST = f"""
SELECT {COLUMNS} FROM offers AS o JOIN actors AS a ON a.id = o.requester_id
 WHERE o.facilitator_id = :facilitator_id AND o.requester_id = :requester_id
   AND (:community_id IS NULL OR o.community_id = :community_id) AND {visible.ACTOR}
 ORDER BY o.id LIMIT 1
"""


async def oldest(
    read: Reader,
    viewer: Viewer,
    facilitator_id: ActorId,
    requester_id: ActorId,
    community_id: ActorId | None = None,
) -> Offer | None:
    """Give the oldest request of somebody that is offered to a facilitator; of one community if named."""
    return await read.one(
        Offer,
        OLDEST,
        facilitator_id=facilitator_id,
        requester_id=requester_id,
        community_id=community_id,
        **visible.parameters(viewer),
    )


SETTLE = "DELETE FROM offers WHERE community_id = :community_id AND requester_id = :requester_id"


async def settle(tx: Transaction, community_id: ActorId, requester_id: ActorId) -> bool:
    """Let go of a request that was decided or taken back; tell whether there was one."""
    return await tx.execute(SETTLE, community_id=community_id, requester_id=requester_id) > 0


FORGET_OLD = """
DELETE FROM offers
 WHERE id IN (SELECT id FROM offers WHERE offered_at < :before ORDER BY offered_at LIMIT :limit)
"""


async def forget_old(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of requests that nobody answered since a moment, and give how many."""
    return await tx.execute(FORGET_OLD, before=before, limit=limit)
