"""A person shuts out a person, or a facilitator bans somebody from a community; and the undoing of both."""

from datetime import datetime

import msgspec

from activitypub import vocab
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import announce, removal
from fedcop.actions.announce import Passed
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import REASON, noted, write_noted
from storage import actors, blocks, communities, follows
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.visible import SYSTEM


class Banned(msgspec.Struct, frozen=True, kw_only=True):
    """Who is, or was, shut out of which community."""

    person: Actor
    community: Actor


async def receive_block(node: Node, arrival: Arrival) -> Outcome:
    """Shut somebody out: of a community when the Block names one as its target, else of an actor's posts."""
    if arrival.activity.target is None:
        return await _block(node, arrival)
    banned = await _banned(node, arrival, arrival.activity)
    if banned is None:
        return refused(f"{arrival.by.uri} may not ban anybody there, or there is no such person")
    if banned.community.local and await _facilitates(node, banned):
        return refused("who facilitates is decided by somebody signed in here, and so is their ban")
    passed = _passed(node, arrival, banned)
    note = noted(node, arrival, banned.community, "ban", banned.person.uri)
    await node.store.write(_ban, node, banned, arrival, passed, node.clock.now(), note)
    if arrival.activity.remove_data:
        reason = (arrival.activity.summary or "")[:REASON]
        await removal.remove_all(node, banned.person, banned.community, arrival.by.id, reason)
    return DONE


async def lift_block(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    """End a block or a ban."""
    if undone.target is None:
        if arrival.community is not None:
            return refused("a block is between two people: no community passes it on, nor its end")
        gone = await node.store.write(_unblock, arrival.by, id_of(undone.object) or "")
        return DONE if gone else ignored("there is no such block")
    banned = await _banned(node, arrival, undone)
    if banned is None:
        return refused(f"{arrival.by.uri} may not lift a ban there, or there is no such person")
    note = noted(node, arrival, banned.community, "unban", banned.person.uri)
    await node.store.write(_unban, node, banned, _passed(node, arrival, banned), note)
    return DONE


async def _block(node: Node, arrival: Arrival) -> Outcome:
    if arrival.community is not None:
        return refused("a block is between two people: no community passes it on")
    block_id = node.ids.next(node.clock.now())
    uri = id_of(arrival.activity.object) or ""
    met = await node.store.write(_write_block, block_id, arrival.by, uri, arrival.activity.id)
    return DONE if met else ignored(f"{uri} is nobody here")


async def _write_block(tx: Transaction, block_id: int, by: Actor, uri: str, activity_uri: str) -> bool:
    """Follows end both ways, as whoever blocks expects (federation.md 5.3)."""
    target = await actors.find_by_uri(tx, SYSTEM, uri)
    if target is None or not target.local:
        return False
    await blocks.block(tx, block_id, by.id, target.id, activity_uri)
    await follows.remove(tx, by.id, target.id)
    await follows.remove(tx, target.id, by.id)
    return True


async def _unblock(tx: Transaction, by: Actor, uri: str) -> bool:
    target = await actors.find_by_uri(tx, SYSTEM, uri)
    return target is not None and await blocks.unblock(tx, by.id, target.id) is not None


async def _banned(node: Node, arrival: Arrival, block: vocab.Activity) -> Banned | None:
    """Give whom a Block bans from where; None if who acts has no say there.

    In a community of ours a listed facilitator has, by an activity of their own; elsewhere whoever is listed
    there, in its Announce, or straight from them to the node of whom they banned, which may have nobody else
    in the community. What another community asserts never counts.
    """
    named = await node.store.read(_named, block)
    if named is None:
        return None
    community, by = named.community, arrival.by
    if arrival.community is not None:
        may = not community.local and arrival.community.id == community.id
        may = may and await fetch.facilitates(node, community, by)
    else:
        may = await node.store.read(communities.is_facilitator, community.id, by.id)
    return named if may else None


async def _facilitates(node: Node, banned: Banned) -> bool:
    return await node.store.read(communities.is_facilitator, banned.community.id, banned.person.id)


async def _named(read: Reader, block: vocab.Activity) -> Banned | None:
    community = await actors.find_by_uri(read, SYSTEM, block.target or "")
    person = await actors.find_by_uri(read, SYSTEM, id_of(block.object) or "")
    if community is None or person is None or community.type != "Group":
        return None
    return Banned(person=person, community=community)


def _passed(node: Node, arrival: Arrival, banned: Banned) -> Passed | None:
    if not banned.community.local or arrival.community is not None:
        return None
    return announce.prepare(
        node,
        banned.community,
        uri=arrival.activity.id,
        kind=arrival.activity.type,
        actor_id=arrival.by.id,
        body=arrival.raw,
        object_uri=banned.person.uri,
    )


async def _ban(
    tx: Transaction,
    node: Node,
    banned: Banned,
    arrival: Arrival,
    passed: Passed | None,
    now: datetime,
    note: Note | None,
) -> None:
    await write_noted(tx, note)
    await communities.ban(
        tx,
        banned.community.id,
        banned.person.id,
        by_actor=arrival.by.id,
        reason=(arrival.activity.summary or "")[:REASON],
        until=arrival.activity.end_time,
        now=now,
    )
    await follows.remove(tx, banned.person.id, banned.community.id)
    if passed is not None:
        await announce.add(tx, node, passed)


async def _unban(
    tx: Transaction, node: Node, banned: Banned, passed: Passed | None, note: Note | None
) -> None:
    if await communities.unban(tx, banned.community.id, banned.person.id):
        await write_noted(tx, note)
        if passed is not None:
            await announce.add(tx, node, passed)
