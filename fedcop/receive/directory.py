"""Nodes of councils follow each other's node actor, and tell each other who is findable (decision 13).

A node that we follow says whom its directory lists, and whom no longer. It speaks of its own people and
communities only, and it is their own document that says whether they want to be found.
"""

from datetime import timedelta

from activitypub.errors import RemoteFault
from activitypub.origin import host_of, same_origin
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import join, tell
from fedcop.actions.tell import Told
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import actors, directory, follows, peers
from storage.actors import Actor
from storage.directory import Kind
from storage.engine import Reader, Transaction
from storage.follows import NewFollow
from storage.visible import SYSTEM

JUST_NOW = timedelta(minutes=10)  # two nodes that meet ask each other, and must not go on doing so


async def receive_node_follow(node: Node, arrival: Arrival, target: Actor) -> Outcome:
    """Let the actor of a council's node follow ours; nobody else has a use for what it says."""
    by, now = arrival.by, node.clock.now()
    if not await _speaks_for_council(node, by):
        return ignored(f"{by.uri} is not the actor of a council's node")
    new = join.accepted(
        NewFollow(
            id=node.ids.next(now),
            follower_id=by.id,
            target_id=target.id,
            uri=arrival.activity.id,
            body=arrival.raw,
            requested_at=now,
        )
    )
    accept = await join.answer(node, target, by, arrival.raw, accept=True)
    await node.store.write(_accept, node, new, accept)
    return DONE


async def _speaks_for_council(node: Node, by: Actor) -> bool:
    if by.type != "Application" or by.uri != fetch.node_actor_uri(node, by.host):
        return False
    peer = await node.store.read(peers.find, by.host)
    if peer is None or peer.software != "fedcop":
        # It may have been asked before it ran.
        await fetch.peer_kind(node, by.host, again=True)
        peer = await node.store.read(peers.find, by.host)
    return peer is not None and peer.software == "fedcop"


async def _accept(tx: Transaction, node: Node, new: NewFollow, accept: Told) -> None:
    """Let a node follow ours, and have it followed in return.

    One that follows by another id than before knows of no follow of ours: it is new, or had us off its list.
    """
    met, ours = new.follower_id, new.target_id
    before, held = await follows.find(tx, met, ours), await follows.find(tx, ours, met)
    asked_just_now = held is not None and held.requested_at > new.requested_at - JUST_NOW
    if (before is None or before.uri != new.uri) and not asked_just_now:
        await follows.remove(tx, ours, met)
        await directory.tried(tx, host_of(new.uri), None)
        tx.wake("directory")
    await follows.add(tx, new)
    await tell.add(tx, node, accept)


def kind_of(arrival: Arrival) -> Kind | None:
    """Tell which directory of the sender's own node an Add or Remove is about; None if about none."""
    base = arrival.by.uri.removesuffix("/actor")
    for kind in fetch.DIRECTORIES:
        if arrival.activity.target == f"{base}/directory/{kind}":
            return kind
    return None


async def receive_listed(node: Node, arrival: Arrival, kind: Kind, *, added: bool) -> Outcome:
    """Hold somebody as listed by their node, or no longer."""
    uri, by = id_of(arrival.activity.object), arrival.by
    if uri is None or not same_origin(uri, by.uri):
        return refused(f"{by.uri} lists its own people and communities only")
    if not await node.store.read(_is_followed, node, by):
        return ignored(f"the directory of {by.host} is not followed here")
    if added:
        try:
            kept = await fetch.entry(node, uri, kind)
        except (NotFound, RemoteFault) as error:
            return refused(str(error))
        return DONE if kept else refused(f"{uri} does not want to be found, or is none of the {kind}")
    held = await node.store.read(actors.find_by_uri, SYSTEM, uri)
    if held is None:
        return ignored(f"{uri} is not known here")
    await node.store.write(directory.forget, by.host, [uri])
    return DONE


async def _is_followed(read: Reader, node: Node, by: Actor) -> bool:
    held = await follows.find(read, node.actor_id, by.id)
    return held is not None and held.state == "accepted"
