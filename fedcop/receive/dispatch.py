"""Each received activity to the function for its type; an unknown type is ignored, never an error."""

from collections.abc import Awaitable, Callable, Mapping

from activitypub import document
from activitypub.document import Document
from activitypub.errors import RemoteFault
from activitypub.group import Inner
from activitypub.vocab import Activity, registry
from fedcop import fetch
from fedcop.errors import NotFound, NotPermitted
from fedcop.fetch import spending
from fedcop.node import Node
from fedcop.receive import forward
from fedcop.receive.announce import arrival_of, receive_boost, wrapped
from fedcop.receive.answer import receive_accept, receive_reject
from fedcop.receive.arrival import Arrival, Outcome, ignored, refused
from fedcop.receive.block import receive_block
from fedcop.receive.chosen import receive_choice
from fedcop.receive.collection import receive_add, receive_remove
from fedcop.receive.create import receive_create
from fedcop.receive.delete import receive_delete
from fedcop.receive.flag import receive_flag
from fedcop.receive.follow import receive_follow
from fedcop.receive.followers import synchronise
from fedcop.receive.invite import receive_invite
from fedcop.receive.like import receive_like
from fedcop.receive.lock import receive_lock
from fedcop.receive.move import receive_move
from fedcop.receive.offer import receive_offer
from fedcop.receive.quote import receive_quote_request
from fedcop.receive.undo import receive_undo
from fedcop.receive.update import receive_update
from storage import actors, memberships
from storage.actors import Actor
from storage.received import Received
from storage.visible import SYSTEM

Receiver = Callable[[Node, Arrival], Awaitable[Outcome]]

RECEIVERS: Mapping[str, Receiver] = {
    "Accept": receive_accept,
    "Add": receive_add,
    "Block": receive_block,
    "ChooseAnswer": receive_choice,
    "Create": receive_create,
    "Delete": receive_delete,
    "Dislike": receive_like,
    # Misskey and Pleroma react with a sign; it counts as a like (federation.md 4.8).
    "EmojiReact": receive_like,
    "Flag": receive_flag,
    "Follow": receive_follow,
    "Invite": receive_invite,
    "Like": receive_like,
    "Lock": receive_lock,
    "Move": receive_move,
    "Offer": receive_offer,
    "QuoteRequest": receive_quote_request,
    "Reject": receive_reject,
    "Remove": receive_remove,
    "Undo": receive_undo,
    "Update": receive_update,
}


async def receive(node: Node, row: Received) -> Outcome:
    """Work on one received activity: its signature held, so its actor said it.

    Raises ``RemoteFault`` for what cannot be read or believed, ``PeerTrouble`` when a peer that is needed
    for it gives no answer; the worker tries those again.
    """
    if not node.allows(row.host):
        return refused(f"{row.host} is no longer on the federation list")
    if row.body is None:
        return ignored("its bytes are gone")
    received = document.read(row.body)
    activity = registry.read(received)
    if not isinstance(activity, Activity):
        return ignored(f"{row.type} is not understood")
    with spending.at_most(spending.MOST_REQUESTS):
        if forward.is_forwarded(row.uri):
            return await _forwarded(node, received, activity)
        by = await _actor(node, activity)
        if by is None or by.state != "active":
            return ignored(f"{activity.actor} is {by.state if by else 'not there'}")
        if activity.type == "Announce":
            outcome = await _announce(node, received, activity, by)
        else:
            outcome = await apply(node, Arrival(activity=activity, raw=received.raw, by=by))
    if row.synchronization is not None:
        await synchronise(node, by, row.synchronization)
    return outcome


async def _forwarded(node: Node, received: Document, activity: Activity) -> Outcome:
    """Whoever is answered sent on what another did."""
    arrival = await forward.arrival_of(node, received, activity)
    if isinstance(arrival, Outcome):
        return arrival
    if arrival.by.state != "active":
        return ignored(f"{activity.actor} is {arrival.by.state}")
    return await apply(node, arrival)


async def _announce(node: Node, received: Document, announce: Activity, by: Actor) -> Outcome:
    """A community passes on activities whole, or somebody names a post."""
    passed_on = await wrapped(node, received, by)
    if not passed_on:
        return await receive_boost(node, announce, by)
    if not await node.store.read(memberships.has_member_at, by.id, node.uris.host):
        return ignored(f"nobody here is a member of {by.uri}")
    return _sum([await _pass(node, inner, announce, by) for inner in passed_on])


async def apply(node: Node, arrival: Arrival) -> Outcome:
    """Give an activity that is believed to the receiver for its type."""
    receiver = RECEIVERS.get(arrival.activity.type)
    if receiver is None:
        return ignored(f"{arrival.activity.type} is not understood")
    return await receiver(node, arrival)


async def _pass(node: Node, inner: Inner, announce: Activity, by: Actor) -> Outcome:
    """Apply one activity that a community passed on; one that cannot be had does not hold up the others."""
    try:
        arrival = await arrival_of(node, inner, announce, by)
        return arrival if isinstance(arrival, Outcome) else await apply(node, arrival)
    except (RemoteFault, NotFound, NotPermitted) as error:
        return refused(str(error))


async def _actor(node: Node, activity: Activity) -> Actor | None:
    """Give who acts; for a Delete only who is held, since a deleted actor cannot be fetched any more."""
    if activity.type == "Delete":
        return await node.store.read(actors.find_by_uri, SYSTEM, activity.actor)
    try:
        return await fetch.actor(node, activity.actor)
    except NotFound:
        return None


def _sum(outcomes: list[Outcome]) -> Outcome:
    """Give one outcome for an Announce of several: done if one was, else the first."""
    return next((one for one in outcomes if one.state == "done"), outcomes[0])
