"""What has its time: scheduled posts, polls that ended or have new counts, answers, questions, know-how.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What is due is a row: a
restart loses nothing, and a late round makes up for those before.
"""

import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

from fedcop.actions import follow_up, question, schedule, vote
from fedcop.node import Node
from fedcop.workers import know_how
from fedcop.workers.loop import Given, guarded
from storage import answers, polls, questions, scheduled
from storage.ids import PostId

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
    distilled = await know_how.work(node)
    return len(rows) + len(asked) + distilled + await _answered(node, now) + await _questions(node)


async def _answered(node: Node, now: datetime) -> int:
    """Say what is resolved, and ask whether it helped."""
    to_say = await node.store.read(answers.to_say, now, STEP)
    for ask_id in to_say:
        await _follow(node, follow_up.say_resolved(node, ask_id), ask_id, now)
    to_ask = await node.store.read(answers.to_ask_again, now, STEP)
    for ask_id in to_ask:
        await _follow(node, follow_up.ask_again(node, ask_id), ask_id, now)
    return len(to_say) + len(to_ask)


async def _follow(node: Node, work: Awaitable[None], ask_id: PostId, now: datetime) -> None:
    ended = await guarded(work, f"what follows the answer to {ask_id}")
    if not isinstance(ended, Given):
        await node.store.write(answers.put_off, ask_id, now, now + AGAIN_AFTER)


async def _questions(node: Node) -> int:
    """Answer the notes to ``@ask``."""
    notes = await node.store.read(questions.due, STEP)
    for note in notes:
        ended = await guarded(question.answer(node, note), f"the note {note} to @ask")
        if not isinstance(ended, Given):
            log.warning("the note %d to @ask has no answer: %s", note, ended.text)
    return len(notes)


async def run(node: Node) -> None:
    """Do what is due until cancelled."""
    while True:
        ended = await guarded(work(node), "what is due")
        if not isinstance(ended, Given):
            log.warning("what is due has to wait: %s", ended.text)
        await node.hub.wait("due", seconds=LOOK_EVERY)
