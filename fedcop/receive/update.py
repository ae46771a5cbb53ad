"""A post or an actor changes: only its owner says so, and only something newer counts."""

from datetime import datetime

import msgspec

from activitypub import vocab
from fedcop import fetch
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.create import receive_create
from fedcop.receive.subject import Subject, ensure_not_banned, passed_on, subject_of
from storage import posts
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import RowId
from storage.posts import NewPost


async def receive_update(node: Node, arrival: Arrival) -> Outcome:
    """Take the new state of a post or an actor."""
    changed = arrival.activity.object
    if isinstance(changed, vocab.Actor):
        return await _actor(node, arrival, changed)
    if isinstance(changed, vocab.Post):
        return await _post(node, arrival, changed)
    return ignored(f"the Update of a {getattr(changed, 'type', 'nothing')} is not understood")


async def _actor(node: Node, arrival: Arrival, changed: vocab.Actor) -> Outcome:
    if changed.id == arrival.by.uri:
        await fetch.store_actor(node, changed, held=arrival.by)
        return DONE
    if arrival.community is not None and changed.id == arrival.community.uri:
        # A facilitator changed the community; what it is now, its own node says.
        await fetch.actor(node, changed.id, fresh=True)
        return DONE
    return refused(f"{arrival.by.uri} may not change {changed.id}")


async def _post(node: Node, arrival: Arrival, changed: vocab.Post) -> Outcome:
    now = node.clock.now()
    subject = await node.store.read(_changed, changed.id, arrival.by, now)
    if subject is None:
        # An edit of what a community announces, and that did not come before, is as good as its Create.
        return await receive_create(node, arrival) if arrival.community else ignored("it is not held here")
    if subject.author.id != arrival.by.id:
        return refused(f"{arrival.by.uri} did not write {changed.id}")
    around = await node.store.read(fetch.around_of, changed, subject.community)
    drafted = fetch.draft(node, changed, arrival.by, around)
    edited_at = drafted.new.edited_at or arrival.activity.published or now
    new = msgspec.structs.replace(drafted.new, edited_at=min(edited_at, now))
    passed = passed_on(node, subject, arrival)
    edited = await node.store.write(_write, node, subject, new, passed, RowId(node.ids.next(now)))
    return DONE if edited else ignored("what is held is as new")


async def _changed(read: Reader, uri: str, by: Actor, now: datetime) -> Subject | None:
    subject = await subject_of(read, uri, by)
    if subject is not None:
        await ensure_not_banned(read, subject, by, now)
    return subject


async def _write(
    tx: Transaction,
    node: Node,
    subject: Subject,
    new: NewPost,
    passed: Passed | None,
    revision_id: RowId,
) -> bool:
    edited = await posts.edit(
        tx,
        subject.post.id,
        title=new.title,
        content=new.content,
        source=new.source,
        summary=new.summary,
        sensitive=new.sensitive,
        language=new.language,
        link=new.link,
        mentions=new.mentions,
        tags=new.tags,
        files=new.media,
        edited_at=new.edited_at or new.published_at,
        revision_id=revision_id,
    )
    if edited and passed is not None:
        await announce.add(tx, node, passed)
    return edited
