"""What is due of know-how: people to be told, drafts to publish, notes to write anew or to look at again.

``work(node)`` is one round, which ``workers.due`` begins. What cannot be done now is tried again later, and
holds nothing else up.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from fedcop.actions import knowhow, objections
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import know_how_drafts
from storage import knowhow as rows

STEP = 20
AGAIN_AFTER = timedelta(minutes=10)


async def work(node: Node) -> int:
    """Do what is due now, and give how much that was."""
    now = node.clock.now()
    untold = await node.store.read(know_how_drafts.untold, STEP)
    for one in untold:
        await guarded(objections.tell_one(node, one), f"telling of the draft {one.draft_id}")
    drafts = await node.store.read(know_how_drafts.due, now, STEP)
    for held in drafts:
        await _tried(node, knowhow.publish(node, held), know_how_drafts.put_off, held.id)
    notes = await node.store.read(rows.due, now, STEP)
    for post_id in notes:
        await _tried(node, knowhow.rewrite(node, post_id), rows.put_off, post_id)
    old = await node.store.read(rows.to_review, now, STEP)
    for post_id in old:
        await guarded(objections.remind(node, post_id), f"reminding of the note {post_id}")
    return len(untold) + len(drafts) + len(notes) + len(old)


async def _tried(
    node: Node, done: Awaitable[object], put_off: Callable[..., Awaitable[Any]], row_id: int
) -> None:
    ended = await guarded(done, f"know-how {row_id}")
    if not isinstance(ended, Given):
        await node.store.write(put_off, row_id, node.clock.now() + AGAIN_AFTER)
