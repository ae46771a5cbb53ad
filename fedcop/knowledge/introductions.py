"""People like somebody who have not met them, each with the reasons in words.

    introduced = await node.store.scan(introductions.of, viewer, me, home=node.uris.host, now=now, limit=5)
    introductions.said(introduced[0], "cy")           ["Yn gwybod am: Parcio", ...]

It reads and compares, and keeps nothing: what is alike follows from what both say of themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from fedcop.knowledge import similar
from fedcop.knowledge.similar import Match, Profile
from storage import actors, councils, findable, practices, service_list
from storage.actors import Actor
from storage.councils import Council
from storage.engine import Reader
from storage.ids import ActorId
from storage.service_list import Service
from storage.visible import Viewer

MOST_COMPARED: Final = 200

SAID: Final[dict[str, dict[str, str]]] = {
    "en": {
        "knows": "Knows about what you look for: {terms}",
        "asks": "Looks for what you know: {terms}",
        "work": "Works on the same: {terms}",
        "seeks": "Looks for the same: {terms}",
        "role": "Has such a role: {role}",
        "council": "Of a council like yours: {terms}",
    },
    "cy": {
        "knows": "Yn gwybod am yr hyn rydych yn chwilio amdano: {terms}",
        "asks": "Yn chwilio am yr hyn rydych yn ei wybod: {terms}",
        "work": "Yn gweithio ar yr un pethau: {terms}",
        "seeks": "Yn chwilio am yr un pethau: {terms}",
        "role": "Mewn rôl debyg: {role}",
        "council": "O gyngor tebyg i'ch un chi: {terms}",
    },
}


class Introduced(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody alike, their council if it is known, and why; ``services`` are those of the reasons, by id."""

    person: Actor
    council: Council | None
    match: Match
    services: dict[str, Service]


async def of(
    read: Reader, viewer: Viewer, me: ActorId, *, home: str, now: datetime, limit: int
) -> list[Introduced]:
    """Give who is like a person and not known to them; nobody for somebody who says nothing of themself."""
    own = await actors.find(read, viewer, me)
    if own is None:
        return []
    practice = practices.of(own)
    services = [*practice.areas, *practice.offers, *practice.needs]
    above = await service_list.above(read, services)
    near = await service_list.near(read, [*services, *above.values()])
    found = await findable.alike(read, viewer, now, services=near, limit=MOST_COMPARED)
    bound = await councils.of_hosts(read, {home, *(person.host for person in found)})
    terms = {term for person in found for term in _terms(person)}
    above |= await service_list.above(read, terms)
    profiles = [_profile(person, bound) for person in found]
    matches = similar.alike(_profile(own, bound), profiles, above, seed=f"{now.date()}:{me}")[:limit]
    return await _introduced(read, matches, found, bound)


async def _introduced(
    read: Reader, matches: Sequence[Match], found: Sequence[Actor], bound: Mapping[str, list[Council]]
) -> list[Introduced]:
    listed = await service_list.by_ids(
        read, {term for match in matches for reason in match.reasons for term in reason.terms}
    )
    people = {person.id: person for person in found}
    return [
        Introduced(
            person=people[ActorId(match.id)],
            council=_council(people[ActorId(match.id)], bound),
            match=match,
            services=listed,
        )
        for match in matches
    ]


def _terms(person: Actor) -> list[str]:
    practice = practices.of(person)
    return [*practice.areas, *practice.offers, *practice.needs]


def _council(person: Actor, bound: Mapping[str, list[Council]]) -> Council | None:
    return councils.chosen(bound.get(person.host, []), practices.of(person).council)


def _profile(person: Actor, bound: Mapping[str, list[Council]]) -> Profile:
    practice, council = practices.of(person), _council(person, bound)
    return Profile(
        id=person.id,
        council=council.code if council else person.host,
        labels=councils.labels_of(council) if council else frozenset(),
        role=practice.role,
        areas=practice.areas,
        offers=practice.offers,
        needs=practice.needs,
    )


def said(introduced: Introduced, language: str) -> list[str]:
    """Give the reasons as a few words each, the weightiest first."""
    names = practices.of(introduced.person).names

    def label(term: str) -> str:
        service = introduced.services.get(term)
        return service_list.label_of(service, language) if service else names.get(term, term)

    return [
        SAID[language][reason.key].format(
            terms=", ".join(map(label, reason.terms)), role=practices.of(introduced.person).role
        )
        for reason in introduced.match.reasons
    ]
