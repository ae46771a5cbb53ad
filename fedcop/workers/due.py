"""What has its time: scheduled posts to publish, polls whose counts are told or that ended.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What is due is a row: a
restart loses nothing, and a late round makes up for those before.
"""

import logging
from datetime import timedelta

from fedcop.actions import schedule, vote
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import polls, scheduled

LOOK_EVERY = 2.0
STEP = 50
AGAIN_AFTER = timedelta(minutes=5)

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Do what is due now, and give how much that was; what cannot be done now is tried again in 5 minutes."""
    now = node.clock.now()
    rows = await node.store.read(scheduled.due, now, STEP)
    for row in rows:
        ended = await guarded(schedule.publish(node, row), f"the scheduled post {row.id}")
        if not isinstance(ended, Given):
            await node.store.write(scheduled.move, row.actor_id, row.id, now + AGAIN_AFTER)
    asked = await node.store.read(polls.due, now, STEP)
    for post_id in asked:
        ended = await guarded(vote.settle(node, post_id), f"the poll {post_id}")
        if not isinstance(ended, Given):
            await node.store.write(polls.put_off, post_id, now + AGAIN_AFTER)
    return len(rows) + len(asked)


async def run(node: Node) -> None:
    """Do what is due until cancelled."""
    while True:
        ended = await guarded(work(node), "what is due")
        if not isinstance(ended, Given):
            log.warning("what is due has to wait: %s", ended.text)
        await node.hub.wait("due", seconds=LOOK_EVERY)
