"""Received activities to ``receive.dispatch``: one actor's in order, several actors beside each other.

``work(node)`` is one step, for tests; ``run(node)`` goes on until it is cancelled.
"""

import asyncio
import itertools
from datetime import timedelta

from fedcop import log
from fedcop.node import Node
from fedcop.receive.dispatch import receive
from fedcop.workers.loop import Again, Given, Loop, Refused, guarded
from storage import received
from storage.received import WAITS, Received, Settled

ROWS = 64  # taken at once
BESIDE = 16  # actors worked on at once: their transactions share commits
LOCKED_FOR = timedelta(minutes=15)
AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 600, 3_600, 14_400, 43_200))

Unit = list[Received]  # of one actor, in order


class Lane:
    """Activities that wait, by actor."""

    bell = "received"

    def __init__(self, node: Node) -> None:
        self._node = node
        self._places = asyncio.Semaphore(BESIDE)

    async def turn(self, results: list[list[Settled]], in_hand: list[Unit], *, more: bool) -> list[Unit]:
        """Write what came of activities and take the next."""
        settled = list(itertools.chain.from_iterable(results))
        room = ROWS - sum(map(len, in_hand)) if more else 0
        now = self._node.clock.now()
        rows = await self._node.store.write(
            received.turn,
            settled,
            now=now,
            until=now + LOCKED_FOR,
            limit=room,
            by=self._node.store.process or 0,
        )
        units: dict[str, Unit] = {}
        for row in rows:
            units.setdefault(row.actor_uri, []).append(row)
        return list(units.values())

    async def run(self, unit: Unit) -> list[Settled]:
        """Work on one actor's activities in order."""
        settled: list[Settled] = []
        put_off = False
        async with self._places:
            for row in unit:
                if put_off and row.type in WAITS:
                    settled.append(Settled(id=row.id, state="waiting"))
                    continue
                one = await self._one(row)
                self._node.meters.received["put off" if one.due_at else one.state] += 1
                put_off = put_off or one.due_at is not None
                settled.append(one)
        return settled

    async def _one(self, row: Received) -> Settled:
        with log.concerning(activity=row.uri):
            ended = await guarded(receive(self._node, row), row.uri)
        match ended:
            case Given(outcome):
                return Settled(id=row.id, state=outcome.state, outcome=outcome.text)
            case Refused(text):
                return Settled(id=row.id, state="refused", outcome=text)
            case Again(text):
                if row.attempt >= len(AGAIN_AFTER):
                    return Settled(id=row.id, state="dead", outcome=text)
                due_at = self._node.clock.now() + AGAIN_AFTER[row.attempt]
                return Settled(id=row.id, state="waiting", outcome=text, due_at=due_at)

    def rows(self, unit: Unit) -> int:
        """Give how many activities a unit holds."""
        return len(unit)


async def work(node: Node) -> int:
    """Work on what is due now, once, and give how many activities that were."""
    return await Loop(node, Lane(node)).step()


async def run(node: Node) -> None:
    """Work on received activities until cancelled."""
    await Loop(node, Lane(node)).forever()
