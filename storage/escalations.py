"""The clock of each ask in a community of this node: its last step, the next one's moment, what was done.

    begun = await escalations.begin(tx, Escalation(...))
    for one in await read(escalations.due, now, limit): ...

A row stands as long as its post; ``due_at`` is empty once the ask was answered or nothing follows.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row

Nation = Literal["england", "wales", "scotland", "northern_ireland"]
ClockStep = Literal["facilitator", "community", "councils", "act"]


class Escalation(Row, frozen=True):
    """One row of escalations."""

    post_id: PostId
    community_id: ActorId
    nation: Nation
    asked_at: datetime
    step: ClockStep | None
    step_at: datetime | None
    due_at: datetime | None


class Step(Row, frozen=True):
    """A step that was taken: ``asked`` people, ``passed_over`` others, as JSON by what spoke against it."""

    step: str
    asked: int
    passed_over: str
    at: datetime

    @property
    def obstacles(self) -> dict[str, int]:
        """Give how many were passed over for which reason."""
        return {str(name): int(number) for name, number in json.loads(self.passed_over).items()}


COLUMNS = ", ".join(f"e.{name}" for name in Escalation.__struct_fields__)

UNBEGUN = """
SELECT k.post_id FROM asks AS k JOIN actors AS c ON c.id = k.community_id AND c.local = 1
 WHERE k.state = 'open' AND k.asked_at > :since
   AND NOT EXISTS (SELECT 1 FROM escalations AS e WHERE e.post_id = k.post_id)
 ORDER BY k.post_id LIMIT :limit
"""


async def unbegun(read: Reader, since: datetime, limit: int) -> list[PostId]:
    """Give open asks in communities of this node, asked since a moment, whose clock was not started."""
    return await read.values(UNBEGUN, since=since, limit=limit)


BEGIN = """
INSERT INTO escalations (post_id, community_id, nation, asked_at, step, step_at, due_at)
VALUES (:post_id, :community_id, :nation, :asked_at, :step, :step_at, :due_at)
ON CONFLICT (post_id) DO NOTHING
"""


async def begin(tx: Transaction, new: Escalation) -> bool:
    """Start the clock of an ask; False if it runs already."""
    return await tx.execute(BEGIN, **{name: getattr(new, name) for name in Escalation.__struct_fields__}) > 0


FIND = f"SELECT {COLUMNS} FROM escalations AS e WHERE e.post_id = :post_id"


async def find(read: Reader, post_id: PostId) -> Escalation | None:
    """Give where the clock of an ask stands; None for a post without one."""
    return await read.one(Escalation, FIND, post_id=post_id)


DUE = f"""
SELECT {COLUMNS} FROM escalations AS e WHERE e.due_at <= :now ORDER BY e.due_at, e.post_id LIMIT :limit
"""


async def due(read: Reader, now: datetime, limit: int) -> list[Escalation]:
    """Give the asks whose next step is due, the longest due first."""
    return await read.all(Escalation, DUE, now=now, limit=limit)


MOVE = """
UPDATE escalations SET step = :step, step_at = :at, due_at = :due_at
 WHERE post_id = :post_id AND due_at IS NOT NULL AND (step IS NULL OR step <> :step)
"""


async def move(tx: Transaction, post_id: PostId, step: str, at: datetime, due_at: datetime | None) -> bool:
    """Note that a step was taken and when the next is due; False if it was, or the clock stands still."""
    return await tx.execute(MOVE, post_id=post_id, step=step, at=at, due_at=due_at) > 0


STOP = "UPDATE escalations SET due_at = NULL WHERE post_id = :post_id"


async def stop(tx: Transaction, post_id: PostId) -> None:
    """Let the clock of an ask stand still: it was answered, or a facilitator acted."""
    await tx.execute(STOP, post_id=post_id)


ADD_STEP = """
INSERT INTO escalation_steps (id, post_id, step, asked, passed_over, at)
VALUES (:id, :post_id, :step, :asked, :passed_over, :at)
"""


async def add_step(
    tx: Transaction,
    step_id: RowId,
    post_id: PostId,
    *,
    step: str,
    asked: int,
    passed_over: Mapping[str, int],
    at: datetime,
) -> None:
    """Keep what was done about an ask."""
    told = json.dumps(passed_over, sort_keys=True)
    await tx.execute(ADD_STEP, id=step_id, post_id=post_id, step=step, asked=asked, passed_over=told, at=at)


STEPS = """
SELECT s.step, s.asked, s.passed_over, s.at FROM escalation_steps AS s
 WHERE s.post_id = :post_id ORDER BY s.id LIMIT 100
"""


async def steps(read: Reader, post_id: PostId) -> list[Step]:
    """Give what was done about an ask, in order; it names nobody."""
    return await read.all(Step, STEPS, post_id=post_id)
