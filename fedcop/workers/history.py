"""Reads elsewhere what did not come here: threads that were opened, communities that were joined.

``work(node)`` is one step, for tests; ``run(node)`` goes on until it is cancelled. Few are read beside each
other: nobody waits for them, and a peer that hangs holds one place for a minute.
"""

from datetime import timedelta

from fedcop import fetch
from fedcop.node import Node
from fedcop.receive import history
from fedcop.workers.loop import Again, Given, Loop, Refused, guarded
from storage import actors, histories
from storage.histories import History, Settled
from storage.visible import SYSTEM

BESIDE = 4
LOCKED_FOR = timedelta(minutes=15)
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10))


class Lane:
    """Threads and communities to be read."""

    bell = "histories"

    def __init__(self, node: Node) -> None:
        self._node = node

    async def turn(self, results: list[Settled], in_hand: list[History], *, more: bool) -> list[History]:
        """Write what came of readings and take the next."""
        now = self._node.clock.now()
        room = BESIDE - len(in_hand) if more else 0
        return await self._node.store.write(
            histories.turn, results, now=now, until=now + LOCKED_FOR, limit=room
        )

    async def run(self, unit: History) -> Settled:
        """Read one thread, or one community."""
        match await guarded(_read(self._node, unit), f"reading {unit.post_id or unit.community_id}"):
            case Again() if unit.attempt < len(AGAIN_AFTER):
                return Settled(id=unit.id, due_at=self._node.clock.now() + AGAIN_AFTER[unit.attempt])
            case Given() | Refused() | Again():
                return Settled(id=unit.id)

    def rows(self, unit: History) -> int:
        """Give how many rows a unit holds."""
        return 1


async def _read(node: Node, unit: History) -> None:
    if unit.post_id is not None:
        await fetch.thread(node, unit.post_id)
    elif unit.community_id is not None:
        community = await node.store.read(actors.find, SYSTEM, unit.community_id)
        if community is not None:
            await history.read(node, community)


async def work(node: Node) -> int:
    """Read what is due now, once, and give how many threads and communities that were."""
    return await Loop(node, Lane(node)).step()


async def run(node: Node) -> None:
    """Read what is wanted until cancelled."""
    await Loop(node, Lane(node)).forever()
