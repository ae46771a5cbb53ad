"""A facilitator closes a thread, or what hangs on a reply, for replies; or opens it again."""

from activitypub import vocab
from activitypub.vocab.registry import id_of
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import (
    Subject,
    is_in,
    may_moderate,
    noted,
    passed_on,
    subject_of,
    write_noted,
)
from storage import posts
from storage.audit import Note
from storage.engine import Transaction


async def receive_lock(node: Node, arrival: Arrival) -> Outcome:
    """Close a thread for replies."""
    return await _set(node, arrival, id_of(arrival.activity.object), locked=True)


async def unlock(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    """Open a thread again."""
    return await _set(node, arrival, id_of(undone.object), locked=False)


async def _set(node: Node, arrival: Arrival, uri: str | None, *, locked: bool) -> Outcome:
    subject = await node.store.read(subject_of, uri, arrival.by) if uri else None
    if subject is None:
        return ignored(f"{uri} is not held here")
    if not (is_in(subject, arrival) and await may_moderate(node, subject, arrival)):
        return refused(f"{arrival.by.uri} does not facilitate where {uri} is")
    note = noted(node, arrival, subject.community, "lock" if locked else "unlock", uri or "")
    await node.store.write(_write, node, subject, passed_on(node, subject, arrival), note, locked=locked)
    return DONE


async def _write(
    tx: Transaction, node: Node, subject: Subject, passed: Passed | None, note: Note | None, *, locked: bool
) -> None:
    await posts.set_locked(tx, subject.post.id, locked=locked)
    await write_noted(tx, note)
    if passed is not None:
        await announce.add(tx, node, passed)
