"""Bells in one process."""

import asyncio

from fedcop.hub import Hub


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
