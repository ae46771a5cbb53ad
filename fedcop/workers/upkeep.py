"""Lets go of what has had its time, once an hour, in steps that hold nobody up.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled.
"""

import logging
from datetime import datetime, timedelta

from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import oauth, received, sessions

ROUND = timedelta(hours=1)
STEP = 200  # rows: well under the 20 ms that a step of a long work may take
BODIES_FOR = timedelta(days=7)  # the bytes of what was received, once worked on (decision 20)
IDS_FOR = timedelta(days=90)  # its id: nobody sends again later than 30 days
CODES_FOR = timedelta(days=1)  # after their end, so that a second use is noticed
FAILURES_FOR = timedelta(days=1)  # wrong passwords; the lock-out looks five minutes back

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Let go of what is too old now, and give how many received activities that concerned."""
    now = node.clock.now()
    done = await _bodies(node, now - BODIES_FOR)
    while forgotten := await node.store.bulk(received.forget, now - IDS_FOR, STEP):
        done += forgotten
    await node.store.bulk(sessions.clean, now, now - FAILURES_FOR)
    await node.store.bulk(oauth.clean, now - CODES_FOR)
    return done


async def _bodies(node: Node, before: datetime) -> int:
    done = 0
    while rows := await node.store.read(received.with_old_body, before, STEP):
        await node.store.bulk(received.forget_bodies, rows)
        done += len(rows)
    return done


async def run(node: Node) -> None:
    """Keep house until cancelled."""
    while True:
        ended = await guarded(work(node), "upkeep")
        if not isinstance(ended, Given):
            log.warning("upkeep has to wait: %s", ended.text)
        await node.hub.wait("upkeep", seconds=ROUND.total_seconds())
