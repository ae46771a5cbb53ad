"""A post arrives. A community of ours passes it on to its members, or says why not."""

import contextlib
from datetime import datetime

import msgspec

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from fedcop import fetch
from fedcop.actions import announce, answer, notify
from fedcop.actions.announce import Passed
from fedcop.actions.answer import Choice
from fedcop.as2 import activities, polls
from fedcop.as2 import quotes as as2_quotes
from fedcop.content import sanitise
from fedcop.delivery import fanout
from fedcop.errors import NotPermitted, Refusal
from fedcop.fetch.posts import Around, Drafted
from fedcop.node import Node
from fedcop.policy.pictures import EVERYBODY
from fedcop.receive import forward, routing
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.entry import NewEntry, enter, entry_of
from fedcop.receive.forward import Forward
from fedcop.receive.subject import is_astray
from fedcop.receive.vote import receive_vote
from storage import memberships, posts, quotes, referrals
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.notifications import NewNotification
from storage.posts import NewPost
from storage.routed import Routed
from storage.visible import SYSTEM


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """All that a new post writes, made before its transaction.

    ``hosted`` is its community if that is ours; ``entry`` lists it for the followers of another node's.
    """

    new: NewPost
    drafted: Drafted
    hosted: Actor | None
    passed: Passed | None
    forward: Forward | None
    entry: NewEntry | None
    notices: list[NewNotification]
    choice: Choice | None
    routed: Routed | None
    at: datetime


async def receive_create(node: Node, arrival: Arrival) -> Outcome:
    """Store a post that concerns somebody here, with what it answers."""
    found = arrival.activity.object
    if isinstance(found, str):
        return await _by_id(node, arrival, found)
    if not isinstance(found, vocab.Post):
        return ignored(f"the Create of a {getattr(found, 'type', 'nothing')} is not understood")
    if polls.is_vote(found):
        return await receive_vote(node, arrival)
    around, concerns = await node.store.read(_look, node, found, arrival)
    if not concerns:
        return ignored("it concerns nobody here")
    closed = around.community is not None and around.community.approves
    if found.in_reply_to is not None and around.parent is None and not closed:
        # A reply is stored even if what it answers cannot be had: it finds its place when that comes.
        with contextlib.suppress(RemoteFault, Refusal):
            await fetch.post(node, found.in_reply_to)
        around = await node.store.read(fetch.around_of, found, arrival.community)
    try:
        quote = await fetch.quoted(node, found, arrival.by)
        drafted = fetch.draft(node, found, arrival.by, around, quote)
    except NotPermitted as refusal:
        return await _turned_down(node, arrival, around.community, refusal)
    if _is_astray(arrival, drafted):
        return refused("what is for a community's members comes from its author to it, and from it to us")
    return await _store(node, arrival, drafted, await routing.routed_by(node, arrival, found, drafted))


def _is_astray(arrival: Arrival, drafted: Drafted) -> bool:
    """Tell whether what is not for everybody is passed on by a community that it is not in."""
    community = drafted.around.community
    if drafted.new.audience in EVERYBODY:
        return False
    if arrival.community is not None and (community is None or community.id != arrival.community.id):
        return True
    return is_astray(community, arrival)


async def _by_id(node: Node, arrival: Arrival, uri: str) -> Outcome:
    if not same_origin(uri, arrival.by.uri):
        return refused(f"{uri} is not of the origin of {arrival.by.uri}")
    held = await fetch.post(node, uri, community=arrival.community)
    return DONE if held is not None else ignored(f"{uri} is not there")


async def _look(read: Reader, node: Node, found: vocab.Post, arrival: Arrival) -> tuple[Around, bool]:
    """Give what is held of that which a post names, and whether it concerns somebody here."""
    around = await fetch.around_of(read, found, arrival.community)
    quote = as2_quotes.quote_from(found)
    ours = quote is not None and node.uris.is_ours(quote.uri)
    return around, ours or await _concerns(read, node, arrival, around)


async def _concerns(read: Reader, node: Node, arrival: Arrival, around: Around) -> bool:
    """Tell whether a post answers one held here, names somebody here, or is by whom somebody here follows."""
    if arrival.community is not None or around.parent is not None:
        return True
    if any(one.local and one.state == "active" for one in around.people):
        return True
    return await memberships.has_member_at(read, arrival.by.id, node.uris.host)


async def _store(node: Node, arrival: Arrival, drafted: Drafted, routed: Routed | None) -> Outcome:
    community = drafted.around.community
    hosted = community if community is not None and community.local else None
    try:
        prepared = await _prepared(node, arrival, drafted, hosted, routed)
        added = await node.store.write(_write, node, prepared)
    except Refusal as refusal:
        if routed is not None:
            await routing.decline(node, arrival, routed)
        return await _turned_down(node, arrival, hosted, refusal)
    if added and drafted.new.quote is not None:
        await _tell_quoted(node, drafted.new)
    return DONE if added else ignored("it is held here already, or was deleted")


async def _tell_quoted(node: Node, new: NewPost) -> None:
    """Tell somebody here that their post is quoted, if they consented to that."""
    told = await node.store.read(quotes.author_here, SYSTEM, new.id)
    if told is not None:
        await node.store.write(
            notify.add, notify.prepare(node, "quote", [told], by=new.author_id, post_id=new.id)
        )


async def _prepared(
    node: Node, arrival: Arrival, drafted: Drafted, hosted: Actor | None, routed: Routed | None
) -> Prepared:
    return Prepared(
        new=drafted.new,
        drafted=drafted,
        hosted=hosted,
        passed=_passed(node, arrival, hosted, drafted.new) if hosted else None,
        forward=_forward(node, arrival, drafted),
        entry=entry_of(node, arrival) if drafted.new.in_reply_to is None else None,
        notices=_notices(node, arrival, drafted),
        choice=await _choice(node, arrival, drafted) if hosted else None,
        routed=routed,
        at=node.clock.now(),
    )


async def _choice(node: Node, arrival: Arrival, drafted: Drafted) -> Choice | None:
    """Give the answer that a reply to it accepts, for who asks from software without such a way."""
    text = sanitise.text_of(drafted.new.content)
    return await answer.of_reply(node, arrival.by, text, drafted.around.parent)


def _forward(node: Node, arrival: Arrival, drafted: Drafted) -> Forward | None:
    if drafted.new.audience not in EVERYBODY:
        return None
    around = drafted.around
    return forward.prepare(
        node,
        arrival,
        uri=drafted.new.uri,
        parent=around.parent,
        answered=around.answered,
        community=around.community,
    )


def _passed(node: Node, arrival: Arrival, community: Actor, new: NewPost) -> Passed:
    return announce.prepare(
        node,
        community,
        uri=arrival.activity.id,
        kind="Create",
        actor_id=arrival.by.id,
        body=arrival.raw,
        object_uri=new.uri,
        post_id=new.id,
        begins_thread=new.in_reply_to is None,
    )


def _notices(node: Node, arrival: Arrival, drafted: Drafted) -> list[NewNotification]:
    """Tell whom the post names, and whom it answers."""
    told = {actor_id for actor_id, named in drafted.new.mentions if named}
    if drafted.new.audience == "direct":
        told = {actor_id for actor_id, _ in drafted.new.mentions}
    people = [one for one in drafted.around.people if one.id in told]
    if drafted.around.answered is not None:
        people.append(drafted.around.answered)
    return notify.prepare(node, "mention", notify.here(people), by=arrival.by.id, post_id=drafted.new.id)


async def _write(tx: Transaction, node: Node, prepared: Prepared) -> bool:
    """Store the post; what a community of ours allows is read here, where it cannot change any more."""
    new = prepared.new
    await fetch.ensure_admitted(tx, prepared.drafted, prepared.at)
    added = await posts.add(tx, new)
    if added:
        await referrals.take_answer(tx, new)
    if added and prepared.routed is not None:
        await routing.take(tx, prepared.routed, prepared.at)
    if added and prepared.passed is not None:
        await announce.add(tx, node, prepared.passed)
    if added and prepared.forward is not None:
        await forward.add(tx, node, prepared.forward)
    if added:
        await notify.add(tx, prepared.notices)
    if added and prepared.choice is not None:
        await answer.write(tx, node, prepared.choice)
    if prepared.entry is not None:
        await enter(tx, prepared.entry, new.uri)
    return added


async def _turned_down(node: Node, arrival: Arrival, community: Actor | None, refusal: Refusal) -> Outcome:
    """Say why a post is not taken; a community of ours tells its author."""
    if community is not None and community.local and arrival.community is None and not arrival.forwarded:
        await _reject(node, arrival, community, refusal.text)
    return refused(refusal.text)


async def _reject(node: Node, arrival: Arrival, community: Actor, reason: str) -> None:
    """Tell an author that a community does not take the post; the Create is echoed as it came."""
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    document = activities.reject_of(uri, community.uri, arrival.by.uri, arrival.raw) | {"summary": reason}
    parcel = fanout.parcel(
        node, document, uri=uri, kind="Reject", sender_id=community.id, object_uri=arrival.activity.id
    )
    target = fanout.target_of(arrival.by, personal=True)
    await node.store.write(fanout.enqueue, node, parcel, [target], node.clock.now())
