"""Add and Remove: a community's pinned posts and facilitators, and who is in another node's directory.

A community elsewhere says so in its Announce. In one of ours a listed facilitator of any node may pin;
who facilitates is decided by somebody signed in here, never by a peer (decision 10).
"""

from datetime import datetime

from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive import directory
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
from storage import communities, posts
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Transaction


async def receive_add(node: Node, arrival: Arrival) -> Outcome:
    """Pin a post, or list a facilitator."""
    return await _change(node, arrival, added=True)


async def receive_remove(node: Node, arrival: Arrival) -> Outcome:
    """Unpin a post, or list a facilitator no longer."""
    return await _change(node, arrival, added=False)


async def _change(node: Node, arrival: Arrival, *, added: bool) -> Outcome:
    uri, target = id_of(arrival.activity.object), arrival.activity.target
    if uri is None or target is None:
        return ignored("it names nothing, or no collection")
    if arrival.community is None and (kind := directory.kind_of(arrival)) is not None:
        return await directory.receive_listed(node, arrival, kind, added=added)
    if arrival.community is not None and target == arrival.community.facilitators_uri:
        return await _listed(node, arrival, arrival.community, uri, added=added)
    subject = await node.store.read(subject_of, uri, arrival.by)
    if subject is None or subject.community is None or target != subject.community.featured_uri:
        return ignored(f"{target} is no collection that a peer changes here")
    if not is_in(subject, arrival) or not await may_moderate(node, subject, arrival):
        return refused(f"{arrival.by.uri} does not facilitate where {uri} is")
    pinned_at = node.clock.now() if added else None
    note = noted(node, arrival, subject.community, "pin" if added else "unpin", uri)
    await node.store.write(_pin, node, subject, passed_on(node, subject, arrival), pinned_at, note)
    return DONE


async def _listed(node: Node, arrival: Arrival, community: Actor, uri: str, *, added: bool) -> Outcome:
    """Keep who facilitates a community elsewhere; where nobody was known, all of them are asked for first."""
    if community.local:
        return refused("who facilitates is decided by somebody signed in here")
    if await node.store.read(communities.listed_at, community.id) is None:
        await fetch.facilitators(node, community)
    elif not await fetch.facilitates(node, community, arrival.by):
        return refused(f"{arrival.by.uri} does not facilitate {community.uri}")
    person = await fetch.actor(node, uri)
    await node.store.write(_list, community, person, node.clock.now(), added=added)
    return DONE


async def _list(tx: Transaction, community: Actor, person: Actor, now: datetime, *, added: bool) -> None:
    if added:
        await communities.add_facilitator(tx, community.id, person.id, lead=False, now=now)
    else:
        await communities.remove_facilitator(tx, community.id, person.id)


async def _pin(
    tx: Transaction,
    node: Node,
    subject: Subject,
    passed: Passed | None,
    pinned_at: datetime | None,
    note: Note | None,
) -> None:
    await posts.set_pinned(tx, subject.post.id, pinned_at)
    await write_noted(tx, note)
    if passed is not None:
        await announce.add(tx, node, passed)
