"""A routed ask arrives: a community's direct note that asks somebody here to answer one of its asks.

It counts as one only if the ask that it names can be had and is in that very community (decision 15); without
the mark, or from anybody but a community, a note is a note. Nobody here is asked more than twice a week, by
however many communities, nor who stopped it, is away, or has blocked the asker: such a note is not shown, and
the community is told that no answer comes, but not why.
"""

import contextlib
from datetime import datetime
from typing import Final

from activitypub.errors import RemoteFault
from activitypub.vocab.objects import Post as Found
from fedcop import fetch
from fedcop.actions import decision, tell
from fedcop.as2 import activities
from fedcop.as2 import referrals as as2_referrals
from fedcop.errors import NotPermitted, Refusal
from fedcop.fetch.posts import Drafted
from fedcop.knowledge import route, working_time
from fedcop.node import Node
from fedcop.receive.arrival import Arrival
from storage import actors, availability, blocks, posts, routed, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.posts import Post
from storage.routed import Routed
from storage.visible import SYSTEM

NONE: Final = PostId(0)


async def routed_by(node: Node, arrival: Arrival, found: Found, drafted: Drafted) -> Routed | None:
    """Give the routed ask that a note is; None for any other. Refused, if its ask is another community's."""
    uri = as2_referrals.ask_of(found)
    person = _addressee(drafted)
    if uri is None or person is None or arrival.by.type != "Group" or arrival.community is not None:
        return None
    now = node.clock.now()
    if len(await node.store.read(routed.asked_since, [person.id], now - route.WEEK)) >= route.MOST_A_WEEK:
        return Routed(
            drafted.new.id, person.id, arrival.by.id, NONE, now
        )  # refused; nothing is fetched for it
    ask_id = None
    with contextlib.suppress(RemoteFault, Refusal):
        ask_id = await fetch.post(node, uri)
    ask = await node.store.read(posts.find, visible.person(person.id), ask_id) if ask_id is not None else None
    if ask is None:
        return None
    return Routed(drafted.new.id, person.id, arrival.by.id, ask.id, now)


def _addressee(drafted: Drafted) -> Actor | None:
    """Give the one person here whom a direct note is for."""
    if drafted.new.audience != "direct":
        return None
    named = {actor_id for actor_id, _ in drafted.new.mentions}
    here = [one for one in drafted.around.people if one.id in named and one.local and one.type == "Person"]
    return here[0] if len(here) == 1 and len(named) == 1 else None


async def take(tx: Transaction, new: Routed, now: datetime) -> None:
    """Keep a routed ask with its note; refused for an ask of elsewhere, or who is not to be asked."""
    ask = await posts.find(tx, SYSTEM, new.ask_id)
    if ask is None or ask.community_id != new.community_id:
        raise NotPermitted("it asks for an answer to an ask that is not in the community that asks")
    if not await _may_be_asked(tx, new, ask, now):
        raise NotPermitted("it asks somebody who is not to be asked now")
    if not await routed.add(tx, new, most=route.MOST_A_WEEK, since=now - route.WEEK):
        raise NotPermitted(f"it asks somebody who was asked {route.MOST_A_WEEK} times within a week")


async def _may_be_asked(read: Reader, new: Routed, ask: Post, now: datetime) -> bool:
    said = await availability.find(read, new.person_id)
    today = now.astimezone(working_time.LONDON).date()
    if said.stopped_at is not None or route.is_away(said.away_from, said.away_until, today):
        return False
    for other in (ask.author_id, new.community_id):
        if await blocks.is_blocked(read, new.person_id, other):
            return False
    return True


async def decline(node: Node, arrival: Arrival, new: Routed) -> None:
    """Tell a community that somebody whom it asked does not answer, without a reason."""
    person = await node.store.read(actors.find, SYSTEM, ActorId(new.person_id))
    if person is not None:
        document = activities.reject_of(decision.new_uri(node), person.uri, arrival.by.uri, arrival.raw)
        told = await tell.prepare(node, person, document, audience="direct", people=[arrival.by])
        await node.store.write(tell.add, node, told)
