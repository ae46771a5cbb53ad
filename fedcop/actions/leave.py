"""A person goes: suspended, or deleted with all that they wrote."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from fedcop import caller
from fedcop.actions import account as account_actions
from fedcop.actions import discover, knowhow, record
from fedcop.actions.discover import Listing
from fedcop.as2 import activities
from fedcop.content import files
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import (
    accounts,
    actors,
    audit,
    belongings,
    changes,
    copies,
    erasures,
    follows,
    holds,
    keys,
    oauth,
    posts,
    sessions,
    unsent,
    visible,
    withheld,
)
from storage import activities as kept
from storage.accounts import Account
from storage.actors import Actor
from storage.audit import Note
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId

CUT_SHORT_AFTER = timedelta(minutes=10)  # a command that goes on is not disturbed
AT_ONCE = 100  # posts erased in one transaction, so that others get their turn


async def suspend(node: Node, handle: str, *, by: str) -> None:
    """Sign a person out everywhere and hide what they wrote."""
    person, account = await _person(node, handle)
    if account.state == "suspended":
        raise Invalid(f"{handle} is suspended already")
    await end_access(node, person, by=by, verb="person suspend")


async def delete_person(node: Node, handle: str, *, by: str, reason: str = "") -> bool:
    """Delete a person with all that they wrote, and tell every node that holds any of it.

    False while a hold keeps it: they are signed out and hidden, and ``go_on`` erases when it is lifted.

    Safe to repeat: suspended first and deleted last, one who was half deleted is found again; ``go_on`` does.
    ``actions.erasure`` tells what became of it.
    """
    person, _ = await _person(node, handle)
    noted = _ending(node, person, by, "person delete", reason)
    await node.store.write(_begin, node, person, discover.prepare(node, person.id, person), noted)
    return await _erase(node, person)


async def delete_oneself(node: Node, me: Actor, password: str) -> bool:
    """Delete a person who asks for it and gives the password; raise ``NotSignedIn`` for a wrong one.

    False while a hold keeps it.
    """
    await account_actions.check_password(
        node, me.handle, password, address=caller.address.get(), or_suspended=True
    )
    return await delete_person(node, me.handle, by=me.handle)


async def go_on(node: Node) -> int:
    """Bring erasures to their end that were cut short, by a kill, some time ago; give how many."""
    before = node.clock.now() - CUT_SHORT_AFTER
    rows = await node.store.read(erasures.cut_short, before, AT_ONCE)
    for row in rows:
        person = await node.store.read(actors.find, visible.SYSTEM, row.actor_id)
        if person is not None:
            await _erase(node, person)
    return len(rows)


async def _begin(tx: Transaction, node: Node, person: Actor, listing: Listing, noted: Note) -> None:
    await _end_access(tx, node, person, listing, noted)
    await oauth.revoke_all(tx, person.id)
    await erasures.begin(tx, person.id, person.handle, noted.at)


async def _erase(node: Node, person: Actor) -> bool:
    """Erase all of somebody who cannot sign in any more, and queue the Delete that says so.

    False, and it waits, while they are on hold. Posts of theirs in a thread or community on hold are sealed.
    """
    if await node.store.read(holds.is_person_held, person.id):
        return False
    await knowhow.hand_over(node, person)
    held = await node.store.read(_holders, person)
    await erase_posts(node, person.id)
    while await node.store.bulk(_erase_some, person.id):
        pass
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
    names = await node.store.write(_delete, node, person, told, held, now)
    if names is None:
        return False
    await asyncio.to_thread(files.remove, node.config.media, names)
    return True


async def _erase_some(tx: Transaction, me: ActorId) -> int:
    """Take some of what somebody marked and was told away; nothing once they are on hold."""
    if await holds.is_person_held(tx, me):
        return 0
    return await belongings.erase_some(tx, me, limit=AT_ONCE)


async def erase_posts(node: Node, author_id: ActorId) -> None:
    """Empty every post of an author, a few at a time."""
    while ids := await node.store.read(posts.ids_by_author, visible.SYSTEM, author_id, limit=AT_ONCE):
        await node.store.bulk(_erase_posts, ids, node.clock.now(), author_id)


async def _erase_posts(tx: Transaction, ids: Sequence[PostId], now: datetime, author_id: ActorId) -> None:
    await unsent.drop_posts(tx, ids)
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


async def end_access(node: Node, person: Actor, *, by: str, verb: str, reason: str = "") -> None:
    """Hide somebody and what they wrote; whoever signs in here is signed out.

    Their apps are told so until they are let in again; at the pages they may open their account only.
    """
    noted = _ending(node, person, by, verb, reason)
    listing = discover.prepare(node, person.id, person)
    await node.store.write(_end_access, node, person, listing, noted)


def _ending(node: Node, person: Actor, by: str, verb: str, reason: str) -> Note:
    before, after = {"state": person.state}, {"state": "suspended"}
    return record.note(node, by, verb, person.uri, reason=reason, before=before, after=after)


async def _end_access(tx: Transaction, node: Node, person: Actor, listing: Listing, noted: Note) -> None:
    await accounts.set_state(tx, person.id, "suspended", noted.at)
    await actors.set_state(tx, person.id, "suspended", noted.at)
    await accounts.end_invitations(tx, person.id)
    await sessions.end_all(tx, person.id)
    await discover.settle(tx, node, listing)
    await audit.record(tx, noted)
    await changes.bump(tx, "actors")


async def _delete(
    tx: Transaction, node: Node, person: Actor, told: Parcel, held: list[Target], now: datetime
) -> list[str] | None:
    """Erase what is left, queue the Delete and note whom it goes to; give the pictures of the profile.

    None if they were put on hold meanwhile.
    """
    if await holds.is_person_held(tx, person.id):
        return None
    current = await actors.find(tx, visible.SYSTEM, person.id)
    if current is None or current.state == "deleted":  # somebody else brought it to its end
        return []
    for follow in await follows.of_actor(tx, person.id):
        await follows.remove(tx, follow.follower_id, follow.target_id)
    await withheld.forget_author(tx, person.id)
    await belongings.erase_rest(tx, person.id)
    await accounts.forget(tx, person.id)
    await actors.mark_deleted(tx, person.id, now)
    await unsent.drop_sender(tx, person.id)
    await fanout.enqueue(tx, node, told, held, now)
    hosts = [_told(node, host, inbox) for host, inbox in dict.fromkeys(held)]
    await erasures.told(tx, person.id, told.id, hosts, now)
    await changes.bump(tx, "actors")
    await changes.bump(tx, "deliveries")
    return [name for name in (current.icon, current.image) if name]


def _told(node: Node, host: str, inbox: str) -> erasures.Host:
    """Say of a host that holds something whether it is told."""
    if not node.allows(host):
        return erasures.Host(host=host, inbox=inbox, state="failed", answer="not on the federation list")
    if not inbox:
        return erasures.Host(host=host, inbox=inbox, state="unreachable", answer="no inbox is known there")
    return erasures.Host(host=host, inbox=inbox, state="waiting")


async def _holders(read: Reader, person: Actor) -> list[Target]:
    """Give whoever holds the person's profile or a post of theirs, follows them, or is followed by them.

    A host of which no inbox is known has an empty one.
    """
    held = await copies.holders_of_author(read, person.id)
    others = [
        follow.target_id if follow.follower_id == person.id else follow.follower_id
        for follow in await follows.of_actor(read, person.id)
    ]
    tied = await actors.by_ids(read, visible.SYSTEM, others)
    return [
        *((holder.host, holder.inbox or "") for holder in held),
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
