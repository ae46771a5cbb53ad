"""Bells in one process."""

import asyncio

from fedcop.hub import MOST_UNHEARD, Hub
from storage.engine import Change


async def test_a_bell_wakes_who_waits() -> None:
    hub = Hub()
    waiting = asyncio.create_task(hub.wait("received", seconds=60))
    await asyncio.sleep(0)

    hub.wake("received")

    assert await waiting


async def test_a_bell_that_rang_before_is_heard_once() -> None:
    hub = Hub()
    hub.wake("received")

    assert await hub.wait("received", seconds=60)
    assert not await hub.wait("received", seconds=0.001)


async def test_another_bell_is_not_heard() -> None:
    hub = Hub()
    hub.wake("deliveries")

    assert not await hub.wait("received", seconds=0.001)


async def test_each_listener_hears_every_change_while_it_listens() -> None:
    hub = Hub()
    hub.publish(Change("entry", 1))
    with hub.listening() as first, hub.listening() as second:
        hub.publish(Change("entry", 2))
        assert [(await changes.get()).id for changes in (first, second)] == [2, 2]
    hub.publish(Change("entry", 3))
    assert first.empty()


async def test_a_listener_that_is_far_behind_misses_what_comes() -> None:
    hub = Hub()
    with hub.listening() as changes:
        for number in range(MOST_UNHEARD + 1):
            hub.publish(Change("entry", number))
    assert changes.qsize() == MOST_UNHEARD
