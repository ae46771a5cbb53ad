"""One activity to rows in the queue, in the caller's transaction.

    create = fanout.parcel(node, document, sender_id=author.id, object_uri=post.uri, copy_of=post.uri)
    ...
    targets = await fanout.followers(tx, author.id)
    await fanout.enqueue(tx, node, create, [*targets, fanout.target_of(someone)], now)

A parcel is made on the loop: its bytes are written once and stored once, however many inboxes get it.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from activitypub.document import Json
from fedcop.as2 import activities
from fedcop.node import Node
from storage import copies, deliveries, follows
from storage.actors import Actor
from storage.deliveries import NewBody, Target
from storage.engine import Reader, Transaction
from storage.ids import ActorId, RowId


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """An activity ready to be queued; ``copy_of`` is the object of ours that whoever gets it then holds."""

    id: RowId
    body: NewBody
    copy_of: str | None = None


def parcel(
    node: Node,
    document: Json | bytes,
    *,
    uri: str,
    kind: str,
    sender_id: ActorId,
    object_uri: str | None,
    copy_of: str | None = None,
    private: bool = False,
) -> Parcel:
    """Make a parcel of a document, or of bytes that must go out as they are.

    ``private``: it is for the sender's followers only, so who they are is compared on the way (FEP-8fcf).
    """
    return Parcel(
        id=RowId(node.ids.next(node.clock.now())),
        body=NewBody(
            uri=uri,
            type=kind,
            object_uri=object_uri,
            sender_id=sender_id,
            body=document if isinstance(document, bytes) else activities.bytes_of(document),
            private=private,
        ),
        copy_of=copy_of,
    )


def target_of(actor: Actor, *, personal: bool = False) -> Target:
    """Give where an actor elsewhere gets its post: its node's inbox, or its own for what is private."""
    return actor.host, actor.inbox if personal else actor.shared_inbox or actor.inbox


async def followers(read: Reader, actor_id: ActorId, kinds: tuple[str, ...] | None = None) -> list[Target]:
    """Give the inboxes of an actor's followers elsewhere, each once; of peers of some kinds, if given."""
    return await follows.inboxes_of_followers(read, actor_id, kinds)


async def holders(read: Reader, object_uri: str, *, but_members_of: ActorId | None = None) -> list[Target]:
    """Give the inboxes of every host that holds a copy of an object of ours.

    ``but_members_of``: without those that understand communities and hear of it from this one.
    """
    held = await copies.holders(read, object_uri)
    told = set(await copies.told_by(read, object_uri, but_members_of)) if but_members_of else set()
    return [(copy.host, copy.inbox) for copy in held if copy.inbox and copy.host not in told]


async def enqueue(
    tx: Transaction, node: Node, sent: Parcel, targets: Iterable[Target], now: datetime
) -> None:
    """Queue a parcel for each inbox once, but for hosts that are not allowed, and wake the worker."""
    wanted = [target for target in dict.fromkeys(targets) if target[1] and node.allows(target[0])]
    if not wanted:
        return
    await deliveries.add_body(tx, sent.id, sent.body)
    await deliveries.add(tx, sent.id, wanted, now)
    if sent.copy_of:
        await copies.add(tx, sent.copy_of, wanted)
    tx.wake("deliveries")
