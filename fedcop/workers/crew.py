"""Starts every worker of a process and lets them end together.

Where several processes work (PostgreSQL), each sends and receives; the rest is done by one of them, until
another takes over. What a process that ended had in hand is given back within seconds.
"""

import asyncio
import logging

from fedcop.node import Node
from fedcop.workers import (
    archive,
    broker,
    delivery,
    directory,
    due,
    films,
    history,
    inbox,
    pull,
    push,
    search,
    upkeep,
)
from fedcop.workers.loop import Given, guarded
from storage import released

LOOK_EVERY = 5.0
EACH = (inbox.run, delivery.run)
ONE = (
    upkeep.run,
    pull.run,
    due.run,
    push.run,
    history.run,
    directory.run,
    archive.run,
    films.run,
    search.run,
    broker.run,
)

log = logging.getLogger("fedcop.workers")


async def run(node: Node) -> None:
    """Work until cancelled, beginning with what a process that ended had in hand."""
    # This one has nothing in hand yet: what was taken under its number was taken by one that is gone.
    await _give_back(node, own=True)
    async with asyncio.TaskGroup() as crew:
        for worker in EACH:
            crew.create_task(worker(node), name=worker.__module__)
        if node.store.process is not None:
            crew.create_task(_watch_others(node), name="others")
        crew.create_task(_lead(node), name="leads")


async def _watch_others(node: Node) -> None:
    """Look who else works; what one that is there no more had in hand is taken by the others."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        ended = await guarded(_give_back(node), "looking who works")
        if not isinstance(ended, Given):
            log.warning("who works could not be seen: %s", ended.text)


async def _give_back(node: Node, *, own: bool = False) -> None:
    # In this order: who takes something after the first look is seen to work in the second.
    taken = await node.store.scan(released.taken)
    working = await node.store.workers() - ({node.store.process or 0} if own else set())
    for one in taken:
        if one.by not in working:
            rows = await node.store.write(released.release, one)
            log.warning("process %d ended; %d of what it had in hand is taken by others", one.by, rows)
            node.hub.wake("received")
            node.hub.wake("deliveries")


async def _lead(node: Node) -> None:
    """Do what one process alone does, while this is the one."""
    while True:
        over = await node.store.lead()
        tasks = [asyncio.create_task(worker(node), name=worker.__module__) for worker in ONE]
        ends = asyncio.create_task(over.wait())
        try:
            done, _ = await asyncio.wait([*tasks, ends], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # what a worker raised ends the node
        finally:
            for task in (*tasks, ends):
                task.cancel()
            await asyncio.gather(*tasks, ends, return_exceptions=True)
