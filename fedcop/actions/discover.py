"""Who is findable beyond this node: the directory changes with the person or community it lists.

    listing = discover.prepare(node, person.id, person)       on the loop: what councils may be told
    await discover.settle(tx, node, listing)                  in the transaction that changes the actor's row

A person is listed who chose "allowed nodes" or "public", a community that everybody may read (decision 12).
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedcop import uris
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.node import Node
from storage import changes, directory
from storage.actors import Actor, NewActor
from storage.engine import Transaction
from storage.ids import ActorId


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of an actor, should it enter our directory or leave it."""

    actor_id: ActorId
    add: Parcel
    remove: Parcel
    at: datetime


def prepare(node: Node, actor_id: ActorId, actor: Actor | NewActor) -> Listing:
    """Make both words ready, in the node's name; which of them goes out is decided in the transaction."""
    return Listing(
        actor_id=actor_id,
        add=_parcel(node, actor, "Add"),
        remove=_parcel(node, actor, "Remove"),
        at=node.clock.now(),
    )


def _parcel(node: Node, actor: Actor | NewActor, kind: Literal["Add", "Remove"]) -> Parcel:
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    target = node.uris.communities_directory if actor.type == "Group" else node.uris.people_directory
    document = activities.listed_of(
        uri, kind, node.uris.actor, actor.uri, target=target, to=[uris.followers_of(node.uris.actor)]
    )
    return fanout.parcel(
        node,
        document,
        uri=uri,
        kind=kind,
        sender_id=node.actor_id,
        object_uri=actor.uri,
        copy_of=actor.uri if kind == "Add" else None,
    )


async def settle(tx: Transaction, node: Node, listing: Listing) -> None:
    """List an actor, or no longer, as its row has it now, and tell the nodes that follow ours what is new."""
    came = await directory.settle(tx, listing.actor_id, listing.at)
    if came is not None:
        sent = listing.add if came == "listed" else listing.remove
        await fanout.enqueue(tx, node, sent, await fanout.followers(tx, node.actor_id), listing.at)
        await changes.bump(tx, "deliveries")
