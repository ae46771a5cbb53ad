"""What waits for other hosts to ``delivery.send``: a task for each host, within a window.

A host that hangs holds one place; hosts that failed last hold at most half of the places, so those that
are well always find one.
"""

from datetime import timedelta

from fedcop.actions import gone
from fedcop.delivery.send import put_off, send
from fedcop.node import Node
from fedcop.workers.loop import Again, Given, Loop, Refused, guarded
from storage import deliveries
from storage.deliveries import Claimed, Settled

WINDOW = 128  # hosts at once (measured.md B6: 64 to 128 in flight fill two cores)
FAILING = WINDOW // 2
LOCKED_FOR = timedelta(minutes=15)  # longer than 16 deliveries to a host that takes 20 s for each


class Lane:
    """Deliveries that wait, by host."""

    bell = "deliveries"

    def __init__(self, node: Node) -> None:
        self._node = node

    async def turn(self, results: list[Settled], in_hand: list[Claimed], *, more: bool) -> list[Claimed]:
        """Write what came of queues and take the next."""
        now = self._node.clock.now()
        failing = sum(1 for claimed in in_hand if claimed.queue.failures)
        return await self._node.store.write(
            deliveries.turn,
            results,
            now=now,
            until=now + LOCKED_FOR,
            hosts=WINDOW - len(in_hand) if more else 0,
            failing=FAILING - failing,
            allows=self._node.allows,
            by=self._node.store.process or 0,
        )

    async def run(self, unit: Claimed) -> Settled:
        """Send what waits for one host."""
        match await guarded(send(self._node, unit), f"sending to {unit.queue.host}"):
            case Given(settled):
                for inbox, for_good in settled.gone.items():
                    await guarded(gone.look(self._node, inbox, for_good=for_good), f"looking for {inbox}")
                return settled
            case Refused(text) | Again(text):
                return put_off(self._node, unit, text)

    def rows(self, unit: Claimed) -> int:
        """Give how many deliveries a unit holds."""
        return len(unit.heads)


async def work(node: Node) -> int:
    """Send what is due now, once, and give how many deliveries were in hand."""
    return await Loop(node, Lane(node)).step()


async def run(node: Node) -> None:
    """Send what waits until cancelled."""
    await Loop(node, Lane(node)).forever()
