"""The entry by which a post that a community elsewhere announced stands in its followers' timelines."""

import msgspec

from fedcop.node import Node
from fedcop.receive.arrival import Arrival
from storage import entries, posts
from storage.engine import Transaction
from storage.entries import Kind
from storage.ids import ActorId, EntryId
from storage.visible import SYSTEM


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An announce or boost to be listed, before its post's row is known."""

    id: EntryId
    by_actor: ActorId
    kind: Kind
    uri: str
    audience: str


def entry_of(node: Node, arrival: Arrival) -> NewEntry | None:
    """Make the entry of the community in whose Announce an activity stood; None outside one."""
    if arrival.community is None or arrival.wrapper is None:
        return None
    return NewEntry(
        id=EntryId(node.ids.next(node.clock.now())),
        by_actor=arrival.community.id,
        kind="announce",
        uri=arrival.wrapper,
        audience="members" if arrival.community.approves else "public",
    )


async def enter(tx: Transaction, new: NewEntry, post_uri: str) -> bool:
    """List a post that is held, once for each actor; tell whether that is new."""
    post = await posts.find_by_uri(tx, SYSTEM, post_uri)
    if post is None or post.removed_at is not None:
        return False
    return await entries.add(
        tx,
        new.id,
        by_actor=new.by_actor,
        post_id=post.id,
        kind=new.kind,
        uri=new.uri,
        audience=new.audience,
    )
