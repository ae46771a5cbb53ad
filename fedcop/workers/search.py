"""Makes full-text rows anew that are due: after an upgrade, or when somebody's choice changed who finds them.

``work(node)`` makes all that are due, for tests; ``run(node)`` goes on until it is cancelled.
"""

import logging

from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import search_rows

STEP = 100  # rows: well under the 20 ms that a step of a long work may take
LOOK_EVERY = 60.0

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Make every row anew that is due, step by step, and give how many."""
    done = 0
    while await node.store.read(search_rows.is_due):
        done += await node.store.bulk(search_rows.walk, STEP)
    return done


async def run(node: Node) -> None:
    """Make rows anew until cancelled."""
    while True:
        ended = await guarded(work(node), "the rows of search")
        if not isinstance(ended, Given):
            log.warning("the rows of search have to wait: %s", ended.text)
        await node.hub.wait("search", seconds=LOOK_EVERY)
