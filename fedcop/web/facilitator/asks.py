"""``/facilitate/SLUG/asks``: the asks that nobody has answered; each with its clock, and what can be done.

An ask has a page of its own: every step that was taken, who was asked, who may know, a form to refer it to
somebody and one to close it with a reason.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import community as communities
from fedcop.actions import experts, moderate, refer
from fedcop.actions.experts import Around
from fedcop.errors import Invalid, NotFound, NotPermitted, PeerTrouble
from fedcop.knowledge import route
from fedcop.knowledge.route import Reason
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import escalation, page, session, text
from fedcop.web.escalation import Explained
from fedcop.web.facilitator import guard
from storage import actors, asks, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId, PostId
from storage.referrals import Referral
from storage.views import PostView, post_view
from storage.visible import Viewer

HERE: Final = "/facilitate/{slug}/asks"
AT_ONCE: Final = 50
SUGGESTED: Final = 5


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An ask in the list, with where its clock stands."""

    view: PostView
    explained: Explained


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may know, with what speaks for them."""

    actor: Actor
    reasons: tuple[Reason, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was asked."""

    actor: Actor
    referral: Referral


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One ask as a facilitator sees it."""

    view: PostView
    explained: Explained
    asked: list[Asked]
    suggested: list[Suggested]
    labels: dict[str, str]


async def show(request: Request) -> Response:
    """List the open asks, the oldest first."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    community = await guard.community(request, signed_in)
    viewer = visible.person(signed_in.actor.id)
    waiting = await node.store.read(_waiting, viewer, community.id)
    return page.answer(
        request,
        "facilitator/asks.html",
        community=community,
        waiting=waiting,
        done=request.query_params.get("done", ""),
    )


async def _waiting(read: Reader, viewer: Viewer, community_id: ActorId) -> list[Waiting]:
    found = []
    for ask in await asks.in_state(read, viewer, community_id, "open", limit=AT_ONCE):
        view = await post_view(read, viewer, ask.post_id)
        if view is not None and not view.post.locked:
            found.append(Waiting(view=view, explained=await escalation.of(read, ask)))
    return found


async def show_one(request: Request) -> Response:
    """Show an ask with all that was done about it."""
    signed_in = await session.ensure(request)
    return await _page(request, await guard.community(request, signed_in), signed_in.actor)


async def _page(
    request: Request,
    community: Actor,
    me: Actor,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    node: Node = request.app.state.node
    language = page.language_of(request)
    now = node.clock.now()
    shown = await node.store.scan(
        _shown, visible.person(me.id), community.id, _ask_id(request), language, now
    )
    if shown is None:
        raise NotFound("no such ask")
    return page.answer(
        request,
        "facilitator/ask.html",
        status=422 if faults else 200,
        community=community,
        shown=shown,
        done=request.query_params.get("done", ""),
        typed=typed or {},
        faults=faults or {},
    )


def _ask_id(request: Request) -> PostId:
    return PostId(row_id_in(request.path_params["post_id"]) or 0)


async def _shown(
    read: Reader, viewer: Viewer, community_id: ActorId, ask_id: PostId, language: str, now: datetime
) -> Shown | None:
    view = await post_view(read, viewer, ask_id)
    around = await experts.around(read, ask_id, now)
    if view is None or around is None or around.community.id != community_id:
        return None
    asked = [
        Asked(actor=actor, referral=one)
        for one in around.asked
        if (actor := await actors.find(read, viewer, one.person_id)) is not None
    ]
    return Shown(
        view=view,
        explained=await escalation.of(read, around.ask),
        asked=asked,
        suggested=await _suggested(read, viewer, around, now),
        labels=escalation.labels_of(around.services, language),
    )


async def _suggested(read: Reader, viewer: Viewer, around: Around, now: datetime) -> list[Suggested]:
    """Give whom routing would ask, of those whose profile the facilitator may read."""
    chosen = [
        one
        for step in route.RINGS
        for one in route.choose(
            around.need, around.candidates, step, now, seed=str(around.ask.post_id), most=SUGGESTED
        ).chosen
    ]
    found: dict[int, Suggested] = {}
    for one in chosen:
        actor = await actors.find(read, viewer, ActorId(one.person))
        if actor is not None and actor.whole:
            found.setdefault(one.person, Suggested(actor=actor, reasons=one.reasons))
    return list(found.values())[:SUGGESTED]


async def act(request: Request) -> Response:
    """Refer an ask to somebody, or close it with a reason."""
    signed_in, form = await session.posted(request)
    community = await guard.community(request, signed_in)
    try:
        done = await _done(request, signed_in.actor, form)
    except (Invalid, NotFound, NotPermitted, PeerTrouble) as refusal:
        field = "reason" if form.get("do") == "close" else "person"
        faults = text.of(page.language_of(request)).faults(refusal, field)
        faults = {field if name == "facilitator" else name: said for name, said in faults.items()}
        return await _page(request, community, signed_in.actor, typed=form, faults=faults)
    here = HERE.format(slug=community.handle)
    there = here if done == "closed" else f"{here}/{_ask_id(request)}"
    return RedirectResponse(f"{there}?done={done}", 303)


async def _done(request: Request, me: Actor, form: dict[str, str]) -> str:
    node: Node = request.app.state.node
    if form.get("do") == "close":
        reason = form.get("reason", "").strip()
        if not reason:
            raise Invalid(reason="can't be blank")
        await moderate.lock(node, me, _ask_id(request), reason=reason)
        return "closed"
    if not form.get("person", "").strip():
        raise Invalid(person="can't be blank")
    person = await communities.find_person(node, form.get("person", ""))
    await refer.by_hand(node, me, _ask_id(request), person)
    return "asked"


ROUTES = [
    Route(HERE, show),
    Route(f"{HERE}/{{post_id}}", show_one),
    Route(f"{HERE}/{{post_id}}", act, methods=["POST"]),
]
