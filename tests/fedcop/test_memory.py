import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activitypub.document import read
from activitypub.sig import keys
from fedcop.memory import NEW_FOR, HeldKey, Memory, Recent, Tally

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_was_not_used_for_longest_is_let_go() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
    assert recent.pop("a") == 1
    assert recent.pop("a") is None


def test_something_may_be_tried_again_after_a_while() -> None:
    memory = Memory()
    assert memory.may_try("x", now=NOON, every=MINUTE)
    assert not memory.may_try("x", now=NOON + MINUTE / 2, every=MINUTE)
    assert memory.may_try("y", now=NOON, every=MINUTE)
    assert memory.may_try("x", now=NOON + MINUTE, every=MINUTE)


def test_a_failure_is_remembered_until_its_time() -> None:
    memory = Memory()
    fault = ValueError("no")
    memory.keep_failure("x", fault, until=NOON + MINUTE)
    assert memory.failure("x", now=NOON) is fault
    assert memory.failure("x", now=NOON + MINUTE) is None
    assert memory.failure("y", now=NOON) is None


def test_a_fetched_document_is_given_once_and_soon() -> None:
    memory = Memory()
    document = read(b'{"id": "https://kent.example/1", "type": "Person"}')
    memory.keep_document(document, now=NOON)
    assert memory.take_document("https://kent.example/1", now=NOON) is document
    assert memory.take_document("https://kent.example/1", now=NOON) is None
    memory.keep_document(document, now=NOON)
    assert memory.take_document("https://kent.example/1", now=NOON + 2 * MINUTE) is None
    memory.keep_document(read(b'{"type": "Person"}'), now=NOON)


def test_a_key_is_new_for_a_moment() -> None:
    held = HeldKey(
        key=keys.public_from_multikey(keys.generate_ed25519().public_text),
        owner="https://kent.example/people/ada",
        fetched_at=NOON,
    )
    assert held.is_new(NOON)
    assert not held.is_new(NOON + NEW_FOR)


async def test_equal_fetches_at_the_same_time_are_one() -> None:
    memory = Memory()
    made = 0

    async def make() -> int:
        nonlocal made
        made += 1
        await asyncio.sleep(0)
        return made

    assert await asyncio.gather(*(memory.once("x", make) for _ in range(5))) == [1] * 5
    assert await memory.once("x", make) == 2


async def test_one_who_stops_waiting_takes_nothing_from_the_others() -> None:
    memory = Memory()
    go_on = asyncio.Event()

    async def make() -> str:
        await go_on.wait()
        return "there"

    impatient = asyncio.create_task(memory.once("x", make))
    patient = asyncio.create_task(memory.once("x", make))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    go_on.set()
    assert await patient == "there"


def test_too_many_within_a_stretch_of_time_wait_until_it_ends() -> None:
    tally = Tally()

    def wait(seconds: int, name: str = "a") -> int:
        return tally.wait(name, most=2, within=MINUTE, now=NOON + timedelta(seconds=seconds))

    assert wait(0) == 0
    tally.add("a", within=MINUTE, now=NOON)
    assert wait(0) == 0
    tally.add("a", within=MINUTE, now=NOON + timedelta(seconds=20))
    assert (wait(20), wait(20, "b")) == (40, 0)
    assert (wait(59), wait(60)) == (1, 0)
    # The next one begins a stretch of its own.
    tally.add("a", within=MINUTE, now=NOON + MINUTE)
    assert wait(60) == 0


async def test_a_host_has_two_turns_at_a_time_and_takes_none_of_anothers() -> None:
    memory = Memory()
    async with memory.turn("kent.example"), memory.turn("kent.example"):
        assert memory.turn("kent.example").locked()
        assert not memory.turn("devon.example").locked()
    assert not memory.turn("kent.example").locked()


async def test_what_is_under_way_ends_when_nobody_waits_for_it_any_more() -> None:
    memory, begun, ended = Memory(), asyncio.Event(), asyncio.Event()

    async def make() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(memory.once("x", make))
    await begun.wait()
    await memory.close()
    assert ended.is_set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
