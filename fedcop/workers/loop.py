"""One loop for every worker: take what is due, work on it beside each other, write what came of it.

A lane says how: ``turn`` writes results and takes new units in one transaction, ``run`` works on one unit.
What is slow holds its own unit only: results are written as they come, and the room is filled again.

No other worker catches every exception: whatever goes wrong with one unit is that unit's.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from activitypub.errors import RemoteFault
from fedcop.errors import PeerTrouble, Refusal
from fedcop.node import Node
from storage.errors import Unavailable

LOOK_EVERY = 1.0
FINISH_WITHIN = 4.0
TOGETHER = 0.02  # what ends within this time is written in one transaction: half as many commits under load

log = logging.getLogger("fedcop.workers")

T = TypeVar("T")
Unit = TypeVar("Unit")
Result = TypeVar("Result")


class Given(msgspec.Struct, Generic[T], frozen=True):
    """It went well."""

    value: T


class Refused(msgspec.Struct, frozen=True):
    """What was asked for cannot be done, now or later."""

    text: str


class Again(msgspec.Struct, frozen=True):
    """It could not be done now."""

    text: str


async def guarded(work: Awaitable[T], what: str) -> Given[T] | Refused | Again:
    """Await something and say how it ended: refused for good, to be tried again, or well."""
    try:
        return Given(await work)
    except (Unavailable, PeerTrouble, TimeoutError) as error:
        return Again(str(error) or type(error).__name__)
    except (RemoteFault, Refusal) as error:
        return Refused(str(error))
    except Exception as error:  # a bug that one unit meets must not stop the others
        log.exception("%s met a fault of ours", what)
        return Again(f"{type(error).__name__}: {error}")


class Lane(Protocol[Unit, Result]):
    """One kind of work."""

    bell: str  # the name by which the hub tells that there is work

    async def turn(self, results: list[Result], in_hand: list[Unit], *, more: bool) -> list[Unit]:
        """Write results and, if ``more``, take units for which there is room beside those in hand."""
        ...

    async def run(self, unit: Unit) -> Result:
        """Work on one unit; what goes wrong is part of the result."""
        ...

    def rows(self, unit: Unit) -> int:
        """Give how many rows a unit holds."""
        ...


class Loop(Generic[Unit, Result]):
    """Runs a lane."""

    def __init__(self, node: Node, lane: Lane[Unit, Result], *, finish_within: float = FINISH_WITHIN) -> None:
        self._node = node
        self._finish_within = finish_within
        self._lane = lane
        self._results: list[Result] = []
        self._tasks: dict[asyncio.Task[Result], Unit] = {}

    async def step(self) -> int:
        """Take what is due now, work on all of it, write the results; give how many rows that were."""
        units = await self._lane.turn([], [], more=True)
        results = await asyncio.gather(*(self._lane.run(unit) for unit in units))
        if results:
            await self._lane.turn(list(results), [], more=False)
        return sum(self._lane.rows(unit) for unit in units)

    async def forever(self) -> None:
        """Work until cancelled; then finish what can be within 4 s, and write what came of it."""
        try:
            while True:
                await self._turn(more=True)
                await self._node.hub.wait(self._lane.bell, seconds=LOOK_EVERY)
                if self._tasks:
                    await asyncio.wait(self._tasks, timeout=TOGETHER)
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=self._finish_within)
            for task in self._tasks:
                task.cancel()
            await self._turn(more=False)

    async def _turn(self, *, more: bool) -> None:
        self._node.meters.turns[self._lane.bell] = time.monotonic()
        results, self._results = self._results, []
        match await guarded(
            self._lane.turn(results, list(self._tasks.values()), more=more), f"a turn of {self._lane.bell}"
        ):
            case Given(units):
                for unit in units:
                    self._begin(unit, self._lane.run(unit))
            case Refused(text) | Again(text):
                self._results = results + self._results
                log.warning("%s could not be taken or written: %s", self._lane.bell, text)

    def _begin(self, unit: Unit, work: Coroutine[Any, Any, Result]) -> None:
        task = asyncio.create_task(work)
        self._tasks[task] = unit
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Result]) -> None:
        del self._tasks[task]
        if not task.cancelled():
            self._results.append(task.result())
        self._node.hub.wake(self._lane.bell)
