"""An ask with all that has to be known to ask somebody for it: who asked where, who may know and be asked.

found = await node.store.scan(experts.around, ask_id, now)      None for what is no open ask of ours
choice = route.choose(found.need, found.candidates, step, now, seed=...)
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import msgspec

from fedcop.knowledge import route
from fedcop.knowledge.route import Candidate, Need
from fedcop.knowledge.working_time import NATIONS, Nation
from storage import (
    actors,
    asks,
    availability,
    communities,
    councils,
    experts,
    posts,
    practices,
    referrals,
    routed,
    service_list,
    visible,
)
from storage.actors import Actor
from storage.asks import Ask
from storage.availability import Availability
from storage.councils import Council
from storage.engine import Reader
from storage.experts import Expert
from storage.ids import ActorId, PostId
from storage.posts import Post
from storage.referrals import Referral
from storage.service_list import FUNCTION, Service
from storage.visible import SYSTEM

OPEN = ("open", "answered")


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """An ask in a community of ours, and who may be asked for it."""

    ask: Ask
    post: Post
    asker: Actor
    community: Actor
    facilitators: list[Actor]
    nation: Nation
    need: Need
    asked: list[Referral]
    candidates: list[Candidate]
    services: dict[str, Service]


async def around(read: Reader, ask_id: PostId, now: datetime, also: Iterable[ActorId] = ()) -> Around | None:
    """Give an ask with its candidates, and ``also`` some people whoever proposes them.

    None for one that is closed (a facilitator locks the thread), gone, or of a community that is closed or
    of another node.
    """
    ask = await asks.find(read, SYSTEM, ask_id)
    post = await posts.find(read, SYSTEM, ask_id)
    if ask is None or post is None or ask.state not in OPEN or post.locked:
        return None
    asker = await actors.find(read, SYSTEM, ask.asker_id)
    community = await actors.find(read, SYSTEM, ask.community_id)
    settings = await communities.find(read, SYSTEM, ask.community_id)
    if asker is None or community is None or not community.local:
        return None
    if settings is None or settings.closed_at is not None:
        return None
    near = _functions(await service_list.by_ids(read, ask.services), ask.services)
    helped = await experts.helped(read, ask.services, community.id)
    ids = {*await experts.offering(read, ask.services, near), *helped, *also}
    # Not as the system: of a node that was taken off the list nobody is asked.
    viewer = visible.person(asker.id)
    found = await experts.of(read, viewer, ids, community_id=community.id, asker_id=asker.id)
    of = await councils.of_hosts(read, {asker.host, community.host, *(one.host for one in found)})
    asked = await referrals.of_ask(read, ask_id)
    claimed = practices.of(asker).council
    need = Need(
        ask=ask_id,
        asker=asker.id,
        council=_code_of(of, asker.host, claimed),
        services=frozenset(ask.services),
        functions=frozenset(near),
        members_only=community.approves,
    )
    return Around(
        ask=ask,
        post=post,
        asker=asker,
        community=community,
        facilitators=await communities.facilitators_of(read, SYSTEM, community.id),
        nation=nation_of(
            councils.chosen(of.get(asker.host, []), claimed) or next(iter(of.get(community.host, [])), None)
        ),
        need=need,
        asked=asked,
        candidates=await _candidates(read, found, of, helped, {one.person_id for one in asked}, now),
        services=await service_list.by_ids(read, [*ask.services, *near]),
    )


async def _candidates(
    read: Reader,
    found: list[Expert],
    of: dict[str, list[Council]],
    helped: dict[ActorId, int],
    had: set[ActorId],
    now: datetime,
) -> list[Candidate]:
    ids = [one.actor_id for one in found]
    times = await _times(read, ids, now - route.LOOKED_BACK)
    said = await availability.of(read, ids)
    practised = {one.actor_id: practices.of(one) for one in found}
    terms = {term for one in practised.values() for term in (*one.offers, *one.areas)}
    known = await service_list.by_ids(read, terms)
    candidates = []
    for one in found:
        practice, when = practised[one.actor_id], said.get(one.actor_id, Availability(one.actor_id))
        candidates.append(
            Candidate(
                person=one.actor_id,
                council=_code_of(of, one.host, practice.council),
                services=frozenset(practice.offers),
                functions=frozenset(_functions(known, (*practice.offers, *practice.areas))),
                helped=helped.get(one.actor_id, 0),
                member=one.member,
                asked_at=tuple(sorted(times[one.actor_id])),
                had=one.actor_id in had,
                stopped=when.stopped_at is not None,
                blocked=one.blocked,
                away_from=when.away_from,
                away_until=when.away_until,
            )
        )
    return candidates


async def _times(read: Reader, ids: list[ActorId], since: datetime) -> dict[ActorId, set[datetime]]:
    """Give when people were asked of late: by communities here, and, of people here, by any."""
    times: dict[ActorId, set[datetime]] = defaultdict(set)
    for actor_id, at in await referrals.asked_since(read, ids, since):
        times[actor_id].add(at)
    for actor_id, at in await routed.asked_since(read, ids, since):
        times[actor_id].add(at)
    return times


def _functions(known: dict[str, Service], ids: Iterable[str]) -> set[str]:
    """Give the functions that services belong to; a function stands for itself."""
    rows = [known[one] for one in ids if one in known]
    return {row.id if row.id.startswith(FUNCTION) else row.function or "" for row in rows} - {""}


def _code_of(of: dict[str, list[Council]], host: str, claimed: str) -> str:
    """Give the code of the council of somebody at a host; the host itself where it is not known."""
    council = councils.chosen(of.get(host, []), claimed)
    return council.code if council else host


def nation_of(council: Council | None) -> Nation:
    """Give the nation by whose working hours a council's people are asked; England's where none is known."""
    named = council.nation.lower().replace(" ", "_") if council else ""
    return named if named in NATIONS else "england"
