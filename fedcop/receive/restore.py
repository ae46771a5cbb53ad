"""A facilitator puts back a post that was removed: the Undo of a Delete.

What its author deleted never comes back, whoever says so. The text is what the community's node or the
author's put away; elsewhere the author's node is asked for it, again later if it has not heard yet.
"""

import msgspec

from activitypub import vocab
from activitypub.vocab.registry import id_of
from fedcop.actions import announce, removal
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.entry import NewEntry, enter, entry_of
from fedcop.receive.subject import is_in, may_moderate, noted, passed_on, subject_of, write_noted
from storage import withheld
from storage.audit import Note
from storage.engine import Transaction
from storage.posts import NewPost


class _Restored(msgspec.Struct, frozen=True, kw_only=True):
    new: NewPost
    passed: Passed | None
    plain_by: str | None
    entry: NewEntry | None
    note: Note | None


async def restore(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    """Put a post back into its thread."""
    uri = id_of(undone.object) or ""
    subject = await node.store.read(subject_of, uri, arrival.by, removed=True)
    if subject is None or subject.community is None:
        return ignored(f"{uri} was not removed here")
    if not is_in(subject, arrival) or not await may_moderate(node, subject, arrival):
        return refused(f"{arrival.by.uri} does not facilitate where {uri} was")
    new = await removal.text_of(node, subject.post, subject.author, subject.community)
    if new is None:
        return refused(f"{uri} cannot come back: its author deleted it, or nobody has its text")
    passed = passed_on(node, subject, arrival, begins_thread=subject.post.in_reply_to is None)
    plain_by = passed.kept.plain_by if passed is not None else None
    if passed is not None:
        passed = removal.with_create(passed)
    entry = entry_of(node, arrival) if subject.post.in_reply_to is None else None
    note = noted(node, arrival, subject.community, "restore", uri)
    restored = _Restored(new=new, passed=passed, plain_by=plain_by, entry=entry, note=note)
    put_back = await node.store.write(_write, node, restored)
    return DONE if put_back else ignored("it stands already")


async def _write(tx: Transaction, node: Node, restored: _Restored) -> bool:
    if not await withheld.restore(tx, restored.new, restored.plain_by):
        return False
    await write_noted(tx, restored.note)
    if restored.passed is not None:
        await announce.add(tx, node, restored.passed)
    if restored.entry is not None:
        await enter(tx, restored.entry, restored.new.uri)
    return True
