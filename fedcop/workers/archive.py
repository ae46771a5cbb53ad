"""Makes the archives that people asked for, one after the other.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What is wanted is a row:
one whose making was cut short is made anew.
"""

import logging
from datetime import timedelta

from fedcop.actions import archive
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import archives

LOOK_EVERY = 60.0
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Make what is due now; what could not be made is tried a few times more. Give how many were due."""
    now = node.clock.now()
    rows = await node.store.read(archives.due, now, 1)
    for row in rows:
        ended = await guarded(archive.make(node, row), f"the archive of {row.actor_id}")
        if not isinstance(ended, Given):
            log.warning("an archive could not be made: %s", ended.text)
            due_at = now + AGAIN_AFTER[row.attempt] if row.attempt < len(AGAIN_AFTER) else None
            await node.store.write(archives.put_off, row.actor_id, due_at)
    return len(rows)


async def run(node: Node) -> None:
    """Make what is wanted until cancelled."""
    await guarded(archive.clear(node), "archives cut short")
    while True:
        ended = await guarded(work(node), "archives")
        if not (isinstance(ended, Given) and ended.value):
            await node.hub.wait("archives", seconds=LOOK_EVERY)
