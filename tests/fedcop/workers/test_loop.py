"""The loop of every worker."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from activitypub.errors import Malformed
from fedcop.errors import NotFound, PeerTrouble
from fedcop.node import Node
from fedcop.workers.loop import Again, Given, Loop, Refused, guarded
from storage.errors import Unavailable


async def give(value: object) -> object:
    if isinstance(value, Exception):
        raise value
    return value


@pytest.mark.parametrize(
    ("ending", "wanted"),
    [
        ("value", Given("value")),
        (Unavailable("too busy"), Again("too busy")),
        (PeerTrouble("kent.example", "cannot be reached"), Again("kent.example: cannot be reached")),
        (TimeoutError(), Again("TimeoutError")),
        (Malformed("no id"), Refused("no id")),
        (NotFound("no such post"), Refused("no such post")),
    ],
)
async def test_each_ending_is_said_in_the_words_of_workers(ending: object, wanted: object) -> None:
    assert await guarded(give(ending), "this") == wanted


async def test_a_fault_of_ours_is_logged_whole_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    assert await guarded(give(LookupError("a bug")), "a test") == Again("LookupError: a bug")
    assert "a test met a fault of ours" in caplog.text
    assert "Traceback" in caplog.text


async def test_who_cancels_is_not_held_up() -> None:
    with pytest.raises(asyncio.CancelledError):
        await guarded(give_up(), "this")


async def give_up() -> None:
    raise asyncio.CancelledError


class Numbers:
    """A lane of numbers that are due; what is written comes to ``written``."""

    bell = "numbers"

    def __init__(self, due: list[int], *, work: Callable[[int], Awaitable[int]] = give) -> None:  # type: ignore[assignment]
        self.due = due
        self.written: list[int] = []
        self.in_hand: list[list[int]] = []
        self.fails = 0
        self._work = work
        self.turned = asyncio.Event()
        self.failed = asyncio.Event()

    async def turn(self, results: list[int], in_hand: list[int], *, more: bool) -> list[int]:
        if self.fails:
            self.fails -= 1
            self.failed.set()
            raise Unavailable("too busy")
        self.in_hand.append(in_hand)
        self.written += results
        self.turned.set()
        taken, self.due = (self.due, []) if more else ([], self.due)
        return taken

    async def run(self, unit: int) -> int:
        return await self._work(unit)

    def rows(self, unit: int) -> int:
        return 10


async def test_a_step_takes_works_and_writes_once(node: Node) -> None:
    lane = Numbers([1, 2, 3])
    loop = Loop(node, lane)
    assert await loop.step() == 30
    assert sorted(lane.written) == [1, 2, 3]
    assert await loop.step() == 0


async def written(lane: Numbers, count: int) -> None:
    """Wait until so many results are written."""
    async with asyncio.timeout(10):
        while len(lane.written) < count:
            lane.turned.clear()
            await lane.turned.wait()


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_ends_within_a_moment_of_each_other_is_written_together(node: Node) -> None:
    gates = [asyncio.Event() for _ in range(20)]

    async def work(unit: int) -> int:
        await gates[unit].wait()
        return unit

    lane = Numbers(list(range(20)), work=work)
    task = asyncio.create_task(Loop(node, lane).forever())
    for gate in gates:
        gate.set()
        for _ in range(5):  # long enough for the loop to come round to a turn
            await asyncio.sleep(0)
    await written(lane, 20)
    assert len(lane.in_hand) < 10
    await ended(task)


async def test_what_is_slow_holds_up_nobody_and_is_written_when_it_comes(node: Node) -> None:
    slow = asyncio.Event()

    async def work(unit: int) -> int:
        if unit == 1:
            await slow.wait()
        return unit

    lane = Numbers([1, 2], work=work)
    task = asyncio.create_task(Loop(node, lane).forever())
    await written(lane, 1)
    lane.due = [3]
    node.hub.wake("numbers")
    await written(lane, 2)
    assert lane.written == [2, 3]
    assert [1] in lane.in_hand
    slow.set()
    await written(lane, 3)
    await ended(task)


async def test_results_that_could_not_be_written_are_written_at_the_next_turn(node: Node) -> None:
    go = asyncio.Event()

    async def work(unit: int) -> int:
        await go.wait()
        return unit

    lane = Numbers([1], work=work)
    task = asyncio.create_task(Loop(node, lane).forever())
    await lane.turned.wait()
    lane.fails = 1
    go.set()
    await lane.failed.wait()
    await asyncio.sleep(0)
    node.hub.wake("numbers")
    await written(lane, 1)
    assert lane.written == [1]
    await ended(task)


async def test_a_loop_that_is_cancelled_finishes_what_is_in_hand(node: Node) -> None:
    begun = asyncio.Event()
    go = asyncio.Event()

    async def work(unit: int) -> int:
        begun.set()
        await go.wait()
        return unit

    lane = Numbers([1], work=work)
    task = asyncio.create_task(Loop(node, lane).forever())
    await begun.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(go.set)
    await ended(task)
    assert lane.written == [1]


async def test_what_does_not_end_in_time_is_cancelled(node: Node) -> None:
    begun = asyncio.Event()

    async def work(unit: int) -> int:
        begun.set()
        await asyncio.Event().wait()
        return unit

    lane = Numbers([1], work=work)
    task = asyncio.create_task(Loop(node, lane, finish_within=0.01).forever())
    await begun.wait()
    await ended(task)
    assert lane.written == []
