"""A community elsewhere lets its facilitators here decide who joins, and ours hear what others decided."""

from activitypub import vocab
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import join, notify, offer
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import actors, communities, follows, offers
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import NewFollow
from storage.notifications import NewNotification
from storage.offers import Offer
from storage.visible import SYSTEM


async def receive_offer(node: Node, arrival: Arrival) -> Outcome:
    """Show a wish to join to the people here who facilitate the community that passes it to them."""
    by, follow = arrival.by, arrival.activity.object
    if not isinstance(follow, vocab.Activity) or follow.type != "Follow":
        return ignored("only a Follow is offered for a decision")
    if by.type != "Group" or id_of(follow.object) != by.uri or arrival.community is not None:
        return refused(f"{by.uri} offers what is not its own to decide")
    people = await _facilitators_here(node, by)
    if not people:
        return ignored(f"nobody here facilitates {by.uri}")
    requester = await fetch.actor(node, follow.actor)
    now = node.clock.now()
    wish = NewFollow(
        id=node.ids.next(now),
        follower_id=requester.id,
        target_id=by.id,
        uri=follow.id or arrival.activity.id,
        requested_at=now,
    )
    new = [
        Offer(node.ids.next(now), by.id, one.id, requester.id, arrival.activity.id, arrival.raw, now)
        for one in people
    ]
    notices = notify.prepare(node, "follow_request", notify.here(people), by=requester.id, target_id=by.id)
    await node.store.write(_write, requester, wish, new, notices)
    return DONE


async def _facilitators_here(node: Node, community: Actor) -> list[Actor]:
    """Give who of this node facilitates there; somebody new is found by asking that node."""
    people = await node.store.read(_listed_here, community)
    if not people:
        await fetch.facilitators(node, community)
        people = await node.store.read(_listed_here, community)
    return people


async def _listed_here(read: Reader, community: Actor) -> list[Actor]:
    listed = await communities.facilitators_of(read, SYSTEM, community.id)
    return [one for one in listed if one.local and one.state == "active"]


async def _write(
    tx: Transaction, requester: Actor, wish: NewFollow, new: list[Offer], notices: list[NewNotification]
) -> None:
    if not requester.local:
        await follows.add(tx, wish)
    for one in new:
        await offers.add(tx, one)
    await notify.add(tx, notices)


async def withdraw_offer(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    """Let go of a request that a community takes back, since somebody decided it."""
    follow = undone.object
    if not isinstance(follow, vocab.Activity) or arrival.community is not None:
        return ignored("it takes back no Offer of a Follow")
    requester = await node.store.read(actors.find_by_uri, SYSTEM, follow.actor)
    gone = requester is not None and await node.store.write(offer.settle, arrival.by.id, requester.id)
    return DONE if gone else ignored("there is no such Offer")


async def decide(node: Node, arrival: Arrival, offered: vocab.Activity, *, accept: bool) -> Outcome:
    """Take the answer of a facilitator elsewhere to an Offer of a community of ours; the first one counts."""
    follow = offered.object
    if not isinstance(follow, vocab.Activity) or arrival.community is not None:
        return ignored("it answers no Offer of a Follow")
    found = await node.store.read(_asked, offered, follow)
    if found is None:
        return ignored("it answers no Offer of ours")
    community, requester = found
    try:
        # Whether who answers facilitates there is asked with the request itself.
        await join.decide(node, arrival.by, requester.id, accept=accept, community_id=community.id)
    except NotFound as error:
        return ignored(error.text)
    return DONE


async def _asked(read: Reader, offered: vocab.Activity, follow: vocab.Activity) -> tuple[Actor, Actor] | None:
    """Give community and requester of an Offer, if it is ours."""
    community = await actors.find_by_uri(read, SYSTEM, offered.actor)
    requester = await actors.find_by_uri(read, SYSTEM, follow.actor)
    if community is None or requester is None or not community.local:
        return None
    return (community, requester) if id_of(follow.object) == community.uri else None
