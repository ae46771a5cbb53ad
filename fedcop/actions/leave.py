"""A person goes: suspended, or deleted with all that they wrote."""

from collections.abc import Sequence
from datetime import datetime

from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import (
    accounts,
    actors,
    audit,
    changes,
    copies,
    follows,
    keys,
    oauth,
    posts,
    sessions,
    visible,
    withheld,
)
from storage import activities as kept
from storage.accounts import Account
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId

AT_ONCE = 100  # posts erased in one transaction, so that others get their turn


async def suspend(node: Node, handle: str, *, by: str) -> None:
    """Sign a person out everywhere and hide what they wrote."""
    person, account = await _person(node, handle)
    if account.state == "suspended":
        raise Invalid(f"{handle} is suspended already")
    await end_access(node, person, by=by, verb="person suspend")


async def delete_person(node: Node, handle: str, *, by: str) -> None:
    """Delete a person with all that they wrote, and tell every node that holds any of it.

    Safe to repeat: suspended first and deleted last, one who was half deleted is found again.
    """
    person, _ = await _person(node, handle)
    await end_access(node, person, by=by, verb="person delete")
    targets = await node.store.read(_holders, person)
    await erase_posts(node, person.id)
    now = node.clock.now()
    uri = node.uris.activity(node.ids.next(now))
    told = fanout.parcel(
        node,
        activities.delete_actor_of(uri, person.uri),
        uri=uri,
        kind="Delete",
        sender_id=person.id,
        object_uri=person.uri,
    )
    await node.store.write(_delete, node, person, told, targets, now)


async def erase_posts(node: Node, author_id: ActorId) -> None:
    """Empty every post of an author, a few at a time."""
    while ids := await node.store.read(posts.ids_by_author, visible.SYSTEM, author_id, limit=AT_ONCE):
        await node.store.bulk(_erase, ids, node.clock.now(), author_id)


async def _erase(tx: Transaction, ids: Sequence[PostId], now: datetime, author_id: ActorId) -> None:
    for post_id in ids:
        await posts.remove(tx, post_id, now=now, by=author_id, reason="")
        await kept.erase_post(tx, post_id)


async def forget_actor(tx: Transaction, actor: Actor, now: datetime) -> None:
    """Forget somebody elsewhere who is no more: profile, keys, and follows both ways."""
    await actors.mark_deleted(tx, actor.id, now)
    for follow in await follows.of_actor(tx, actor.id):
        await follows.remove(tx, follow.follower_id, follow.target_id)
    await withheld.forget_author(tx, actor.id)
    await keys.forget_owner(tx, actor.uri)


async def end_access(node: Node, person: Actor, *, by: str, verb: str) -> None:
    """Hide somebody and what they wrote; whoever signs in here is signed out everywhere."""
    now = node.clock.now()
    await node.store.write(_end_access, person, node.ids.next(now), now, by, verb)


async def _end_access(
    tx: Transaction, person: Actor, audit_id: int, now: datetime, by: str, verb: str
) -> None:
    await accounts.set_state(tx, person.id, "suspended")
    await actors.set_state(tx, person.id, "suspended", now)
    await accounts.end_invitations(tx, person.id)
    await sessions.end_all(tx, person.id)
    await oauth.revoke_all(tx, person.id)
    await audit.record(tx, audit_id, at=now, by_name=by, verb=verb, object=person.uri)
    await changes.bump(tx, "actors")


async def _delete(
    tx: Transaction, node: Node, person: Actor, told: Parcel, targets: list[Target], now: datetime
) -> None:
    for follow in await follows.of_actor(tx, person.id):
        await follows.remove(tx, follow.follower_id, follow.target_id)
    await withheld.forget_author(tx, person.id)
    await accounts.forget(tx, person.id)
    await actors.mark_deleted(tx, person.id, now)
    await fanout.enqueue(tx, node, told, targets, now)
    await changes.bump(tx, "actors")
    await changes.bump(tx, "deliveries")


async def _holders(read: Reader, person: Actor) -> list[Target]:
    """Give whoever holds the person's profile or a post of theirs, follows them, or is followed by them."""
    held = await copies.holders_of_author(read, person.id)
    others = [
        follow.target_id if follow.follower_id == person.id else follow.follower_id
        for follow in await follows.of_actor(read, person.id)
    ]
    tied = await actors.by_ids(read, visible.SYSTEM, others)
    return [
        *((holder.host, holder.inbox) for holder in held if holder.inbox),
        *(fanout.target_of(actor) for actor in tied if not actor.local),
    ]


async def _person(node: Node, handle: str) -> tuple[Actor, Account]:
    found = await node.store.read(_find, handle, node.uris.domain)
    if found is None:
        raise NotFound(f"found no person {handle!r} here; `fedcop person list` names them")
    return found


async def _find(read: Reader, handle: str, domain: str) -> tuple[Actor, Account] | None:
    person = await actors.find_by_handle(read, visible.SYSTEM, handle, domain)
    account = await accounts.find(read, person.id) if person else None
    return None if person is None or account is None else (person, account)
