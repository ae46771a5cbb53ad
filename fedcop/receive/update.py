"""A post or an actor changes: only its owner says so, and only something newer counts."""

from datetime import datetime

import msgspec

from activitypub import vocab
from fedcop import fetch
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive import forward
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.create import receive_create
from fedcop.receive.describe import change_community
from fedcop.receive.forward import Forward
from fedcop.receive.subject import Subject, ensure_not_banned, is_astray, passed_on, subject_of
from storage import activities as kept
from storage import asks, events, knowhow, polls, posts, quotes
from storage.actors import Actor
from storage.engine import Change, Reader, Transaction
from storage.ids import PostId, RowId
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
    if arrival.community is not None and changed.id == arrival.community.uri:
        # A facilitator changed the community; what it is now, its own node says.
        await fetch.actor(node, changed.id, fresh=True)
        return DONE
    if changed.id == arrival.by.uri:
        await fetch.store_actor(node, changed, held=arrival.by)
        return DONE
    if changed.type == "Group" and node.uris.is_ours(changed.id) and arrival.community is None:
        return await change_community(node, arrival, changed)
    return refused(f"{arrival.by.uri} may not change {changed.id}")


async def _post(node: Node, arrival: Arrival, changed: vocab.Post) -> Outcome:
    now = node.clock.now()
    subject = await node.store.read(_changed, changed.id, arrival.by, now)
    if subject is None:
        # An edit of what a community announces, and that did not come before, is as good as its Create.
        return await receive_create(node, arrival) if arrival.community else ignored("it is not held here")
    if subject.author.id != arrival.by.id:
        return refused(f"{arrival.by.uri} did not write {changed.id}")
    if subject.post.audience == "members" and is_astray(subject.community, arrival):
        return refused("what is for a community's members comes from its author to it, and from it to us")
    around = await node.store.read(fetch.around_of, changed, subject.community)
    quote = await fetch.quoted(node, changed, arrival.by)
    drafted = fetch.draft(node, changed, arrival.by, around, quote)
    edited_at = drafted.new.edited_at
    # Counts, and the right to quote, change without an edit; a text does not, whatever its Update says of it.
    if edited_at is None and (changed.updated or (drafted.new.poll is None and quote is None)):
        edited_at = min(arrival.activity.published or now, now)
    new = msgspec.structs.replace(drafted.new, edited_at=edited_at)
    passed = passed_on(node, subject, arrival)
    sent_on = await forward.of_held(node, arrival, subject.post, subject.community)
    revision_id = RowId(node.ids.next(now))
    changed_here = await node.store.write(_write, node, subject, new, passed, sent_on, revision_id)
    return DONE if changed_here else ignored("what is held is as new")


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
    sent_on: Forward | None,
    revision_id: RowId,
) -> bool:
    edited = await posts.edit(
        tx,
        post_id := subject.post.id,
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
    changed = await (_replace(tx, post_id, new) if edited else _recount(tx, post_id, new))
    changed = await quotes.set_policy(tx, post_id, new.quote_policy) or changed
    if changed and passed is not None:
        await announce.add(tx, node, passed)
    if changed and sent_on is not None:
        await forward.add(tx, node, sent_on)
    return changed


async def _replace(tx: Transaction, post_id: PostId, new: NewPost) -> bool:
    """Store what an edit made of a poll, an event, an ask, know-how and a quote."""
    if new.poll is not None:
        await polls.change(tx, post_id, new.poll)
    if new.event is not None:
        await events.put(tx, post_id, new.event)
    if new.ask is not None:
        await asks.put(tx, post_id, new.ask)
    if new.know_how is not None and await knowhow.put(
        tx, post_id, new.know_how, new.edited_at or new.published_at
    ):
        await kept.erase_post(tx, post_id)  # somebody's words left it: nobody is given them any more
    await quotes.put(tx, post_id, new.quote)
    return True


async def _recount(tx: Transaction, post_id: PostId, new: NewPost) -> bool:
    """Store what changes without an edit: counts, and whether a quote is authorized (federation.md 5.2)."""
    counted = new.poll is not None and await polls.tally(tx, post_id, new.poll)
    if new.quote is not None:
        await quotes.put(tx, post_id, new.quote)
        tx.changed(Change("edit", post_id))
    return counted or new.quote is not None
