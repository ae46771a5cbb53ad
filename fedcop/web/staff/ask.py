"""``/ask``: ask a community, in two steps: what is asked, then what there is already and who will see it.

Nothing is posted before the second step is confirmed, and nothing at all when something there answers it.
What was typed stays, whatever is wrong with it. ``?community=``, ``?title=`` and ``?need=`` fill the form.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import ask
from fedcop.actions.ask import Draft
from fedcop.errors import Invalid, NotPermitted, Refusal
from fedcop.knowledge import one_box, reasons
from fedcop.knowledge.one_box import Page
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import communities, memberships, peers, service_list, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.service_list import Service
from storage.visible import Viewer

FIELDS: Final = ("community", "title", "need", "tried", "by_when", "service", "language")
LONGEST: Final = 20_000  # bytes of a field
LONGEST_LOOKED_FOR: Final = 500
SIMILAR: Final = Page(limit=5, kinds=("posts",))


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the form offers: communities that the asker belongs to, and entries of the service list."""

    joined: list[Actor]
    services: list[Service]

    def community(self, name: str) -> Actor | None:
        """Give the community of a handle such as ``@floods@kent.example``; None for one not offered."""
        return next((one for one in self.joined if name == f"@{one.handle}@{one.domain}"), None)


async def show(request: Request) -> Response:
    """Show the form."""
    await session.ensure(request)
    query = request.query_params
    typed = {name: query.get(name, "")[: ask.LONGEST] for name in ("community", "title", "need")}
    return await _form(request, typed, {})


async def send(request: Request) -> Response:
    """Show what there is already, go back to the form, or ask."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request, longest=LONGEST)
    typed = {name: form.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    if form.get("do") == "change":
        return await _form(request, typed, {})
    choices = await _choices(node, signed_in)
    speech = text.of(page.language_of(request))
    try:
        community = choices.community(typed["community"])
        draft = _draft_of(typed, community)
        ask.ensure_sound(draft, node.clock.now())
        if form.get("do") != "ask" and community is not None:
            return await _look(request, typed, community, signed_in.actor)
        post_id = await ask.publish(node, signed_in.actor, draft)
    except (Invalid, NotPermitted) as refusal:
        return await _form(request, typed, _faults(speech, refusal))
    return RedirectResponse(f"/posts/{post_id}", 303)


def _faults(speech: text.Speech, refusal: Refusal) -> dict[str, str]:
    """Give what is wrong by field of the form."""
    names = {"services": "service", "text": "need"}
    return {names.get(name, name): fault for name, fault in speech.faults(refusal, "community").items()}


def _draft_of(typed: Mapping[str, str], community: Actor | None) -> Draft:
    return Draft(
        title=typed["title"],
        need=typed["need"],
        community=f"@{community.handle}@{community.domain}" if community else "",
        tried=typed["tried"],
        by_when=_day(typed["by_when"]),
        services=(typed["service"],) if typed["service"] else (),
        language=typed["language"] if typed["language"] in text.LANGUAGES else "en",
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise Invalid(by_when=f"found {typed[:20]!r}, wanted a day such as 2027-03-31") from None


async def _choices(node: Node, signed_in: SignedIn) -> Choices:
    return await node.store.read(_offered, signed_in.actor)


async def _offered(read: Reader, me: Actor) -> Choices:
    return Choices(
        joined=await memberships.joined(read, visible.person(me.id), me.id),
        services=await service_list.functions(read),
    )


async def _form(request: Request, typed: Mapping[str, str], faults: Mapping[str, str]) -> Response:
    node: Node = request.app.state.node
    choices = await _choices(node, await session.ensure(request))
    language = page.language_of(request)
    return page.answer(
        request,
        "staff/ask.html",
        status=422 if faults else 200,
        here="/ask",
        communities=[_pair(one) for one in choices.joined],
        services=_listed(choices.services, language),
        typed=typed,
        faults=faults,
    )


def _pair(community: Actor) -> tuple[str, str]:
    return f"@{community.handle}@{community.domain}", community.display_name or community.handle


def _listed(services: Sequence[Service], language: str) -> list[tuple[str, str]]:
    """Give value and text of each entry, those below a group after it and named with it."""
    labels = {one.id: service_list.label_of(one, language) for one in services}
    return sorted(
        (
            (
                one.id,
                f"{labels[one.function]}: {labels[one.id]}" if one.function in labels else labels[one.id],
            )
            for one in services
        ),
        key=lambda pair: pair[1].casefold(),
    )


async def _look(request: Request, typed: Mapping[str, str], community: Actor, me: Actor) -> Response:
    """Show what there is already, and who will see it."""
    node: Node = request.app.state.node
    viewer = visible.person(me.id)
    wanted = f"{typed['title']} {typed['need']}"[:LONGEST_LOOKED_FOR]
    found = await node.store.scan(
        one_box.look, viewer, wanted, node.clock.now(), SIMILAR, home=node.uris.domain, need=True
    )
    around = await node.store.read(_around, viewer, community)
    return page.answer(
        request,
        "staff/ask_look.html",
        here="/ask",
        typed=typed,
        community=community,
        facilitators=around.facilitators,
        routed=around.routed,
        similar=found.posts,
        searched=found.words,
        said=reasons.said,
    )


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """Who facilitates a community, and whether its node asks on while nobody answers."""

    facilitators: list[Actor]
    routed: bool


async def _around(read: Reader, viewer: Viewer, community: Actor) -> Around:
    peer = None if community.local else await peers.find(read, community.host)
    return Around(
        facilitators=await communities.facilitators_of(read, viewer, community.id),
        routed=community.local or (peer is not None and peer.software == "fedcop"),
    )


ROUTES = [Route("/ask", show), Route("/ask", send, methods=["POST"])]
