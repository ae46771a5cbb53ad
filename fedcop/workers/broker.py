"""Lets no ask of a community of this node die: starts its clock, takes each step that is due, reads answers.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What is due is a row: a
restart loses nothing; what fails is tried again in the next round, what is refused is not.
"""

import logging

from fedcop.actions import hear, refer
from fedcop.node import Node
from fedcop.workers.loop import Given, Refused, guarded
from storage import escalations, referrals
from storage.escalations import Escalation
from storage.ids import PostId
from storage.referrals import Waiting

LOOK_EVERY = 60.0
STEP = 50

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Do what is due now, and give how much that was."""
    now = node.clock.now()
    new = await node.store.read(escalations.unbegun, now - refer.BEGINS_WITHIN, STEP)
    done = 0
    for ask_id in new:
        done += await _begun(node, ask_id)
    for answer in await node.store.read(referrals.waiting, STEP):
        done += await _heard(node, answer)
    for due in await node.store.read(escalations.due, now, STEP):
        done += await _taken(node, due)
    return done


async def _begun(node: Node, ask_id: PostId) -> bool:
    ended = await guarded(refer.begin(node, ask_id), f"the clock of the ask {ask_id}")
    return isinstance(ended, Given) and ended.value


async def _heard(node: Node, answer: Waiting) -> bool:
    ended = await guarded(hear.hear(node, answer), f"the answer {answer.post_id} to a routed ask")
    if isinstance(ended, Refused):
        await node.store.write(referrals.heard, answer.post_id)
    return isinstance(ended, Given)


async def _taken(node: Node, due: Escalation) -> bool:
    ended = await guarded(refer.take_step(node, due), f"a step of the ask {due.post_id}")
    if isinstance(ended, Refused):
        await node.store.write(escalations.stop, due.post_id)
    return isinstance(ended, Given)


async def run(node: Node) -> None:
    """Do what is due until cancelled."""
    while True:
        ended = await guarded(work(node), "asks without an answer")
        if not isinstance(ended, Given):
            log.warning("asks without an answer have to wait: %s", ended.text)
        await node.hub.wait("broker", seconds=LOOK_EVERY)
