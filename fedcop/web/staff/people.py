"""``/people``: colleagues and people of other councils, as far as each chose to be found, by what they do."""

from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.knowledge import introductions
from fedcop.knowledge.introductions import Introduced
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, session
from storage import councils, findable, peers, practices, service_list, visible
from storage.actors import Actor
from storage.councils import Council
from storage.engine import Reader
from storage.findable import Wanted
from storage.ids import ActorId
from storage.practices import Kind, Practice
from storage.service_list import Service

AT_ONCE: Final = 40
MOST_INTRODUCED: Final = 5
MOST_SKIPPED: Final = 10_000
KINDS: Final[tuple[Kind, ...]] = ("offers", "needs", "area")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked for, as the address says it; empty for anybody."""

    service: str = ""
    kind: Kind = "offers"
    council: str = ""
    skipped: int = 0

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """Read the address of a page."""
        query = request.query_params
        return cls(
            service=query.get("service", "")[:30],
            kind=next((one for one in KINDS if one == query.get("kind")), KINDS[0]),
            council=query.get("council", "")[:30],
            skipped=min(row_id_in(query.get("skip", "")) or 0, MOST_SKIPPED),
        )


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the list shows them."""

    person: Actor
    practice: Practice
    council: Council | None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The people, and what may be chosen."""

    cards: list[Card]
    introduced: list[Introduced]
    services: list[Service]
    councils: list[Council]


async def show(request: Request) -> Response:
    """List those who fit; who wrote last comes first."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    asked = Asked.of(request)
    shown = await node.store.scan(_shown, node.uris.host, signed_in.actor.id, asked, node.clock.now())
    older = msgspec.structs.replace(asked, skipped=asked.skipped + AT_ONCE)
    return page.answer(
        request,
        "staff/people.html",
        shown=shown,
        asked=asked,
        kinds=KINDS,
        label_of=service_list.label_of,
        name_of=councils.name_of,
        labels_of=practices.labels_of,
        said=introductions.said,
        older=_address(older) if len(shown.cards) == AT_ONCE else "",
    )


def _address(asked: Asked) -> str:
    return f"?service={asked.service}&kind={asked.kind}&council={asked.council}&skip={asked.skipped}"


async def _shown(read: Reader, own_host: str, me: ActorId, asked: Asked, now: datetime) -> Shown:
    hosts = [own_host, *(peer.host for peer in await peers.all_met(read))]
    bound = await councils.of_hosts(read, hosts)
    known = await service_list.with_below(read, asked.service) if asked.service else None
    wanted = Wanted(
        kind=asked.kind,
        services=known,
        council=asked.council,
        hosts=[host for host, listed in bound.items() if [one.code for one in listed] == [asked.council]],
        shared=[
            host
            for host, listed in bound.items()
            if len(listed) > 1 and asked.council in {one.code for one in listed}
        ],
    )
    found = await findable.people(read, visible.person(me), wanted, skipped=asked.skipped, limit=AT_ONCE)
    introduced = []
    if asked == Asked():
        introduced = await introductions.of(
            read, visible.person(me), me, home=own_host, now=now, limit=MOST_INTRODUCED
        )
    there = {one.code: one for listed in bound.values() for one in listed}
    return Shown(
        cards=[_card(person, bound) for person in found],
        introduced=introduced,
        services=await service_list.functions(read),
        councils=sorted(there.values(), key=lambda one: one.name),
    )


def _card(person: Actor, bound: dict[str, list[Council]]) -> Card:
    practice = practices.of(person)
    return Card(
        person=person,
        practice=practice,
        council=councils.chosen(bound.get(person.host, []), practice.council),
    )


ROUTES = [Route("/people", show)]
