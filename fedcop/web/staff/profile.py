"""``/settings/profile``: what a person says of themself, and who may find them.

What they do is chosen on pages of its own (``profile_services.py``), how it looks to others is shown on
``/settings/profile/seen``. Every half year a person is asked whether it is all still right.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import profile
from fedcop.actions.profile import Changes
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.policy import levels
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import accounts, actors, councils, practices
from storage.actors import Actor
from storage.councils import Council
from storage.engine import Reader
from storage.practices import Practice

HERE: Final = "/settings/profile"
SEEN: Final = "/settings/profile/seen"
# After which time a person is asked whether all is still right (needs.md 4.1: every six months).
CONFIRMED_FOR: Final = timedelta(days=183)


def is_due(account: accounts.Account, now: datetime) -> bool:
    """Tell whether a person is to be asked whether their profile is still right."""
    return now - (account.confirmed_at or account.created_at) >= CONFIRMED_FOR


async def show(request: Request) -> Response:
    """Show what is said now, to be changed."""
    signed_in = await session.ensure(request)
    return await _page(request, signed_in.actor, "?saved" in f"?{request.url.query}")


async def _page(
    request: Request,
    me: Actor,
    saved: bool,  # noqa: FBT001 - said by the address
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    node: Node = request.app.state.node
    bound, account = await node.store.read(_about, node, me)
    practice = practices.of(me)
    said = {
        "display_name": me.display_name,
        "role": practice.role,
        "council": practice.council,
        "note": me.summary_source,
        "findable": me.findable,
    }
    return page.answer(
        request,
        "staff/profile.html",
        status=422 if faults else 200,
        practice=practice,
        labels_of=practices.labels_of,
        councils=bound,
        levels=levels.LEVELS,
        indexable=me.indexable,
        due=is_due(account, node.clock.now()),
        saved=saved,
        typed=said | dict(typed or {}),
        faults=faults or {},
        here=HERE,
    )


async def _about(read: Reader, node: Node, me: Actor) -> tuple[list[Council], accounts.Account]:
    account = await accounts.find(read, me.id)
    if account is None:
        raise NotFound("no such account")
    return (await councils.of_hosts(read, [node.uris.host]))[node.uris.host], account


async def save(request: Request) -> Response:
    """Change what is said, and note that it is right."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    try:
        await profile.update(node, signed_in.actor, _changes(signed_in, form))
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "display_name")
        return await _page(request, signed_in.actor, False, form, faults)  # noqa: FBT003 - as above
    await node.store.write(accounts.confirm, signed_in.actor.id, node.clock.now())
    return RedirectResponse(f"{HERE}?saved", 303)


def _changes(signed_in: SignedIn, form: Mapping[str, str]) -> Changes:
    level = form.get("findable", signed_in.actor.findable)
    if level not in get_args(levels.Level):
        raise Invalid(findable="choose who may find you")
    held = practices.of(signed_in.actor)
    role = " ".join(form.get("role", held.role).split())
    if len(role) > profile.LONGEST_ROLE:
        raise Invalid(role=f"is longer than {profile.LONGEST_ROLE} characters")
    return Changes(
        display_name=form.get("display_name"),
        note=form.get("note"),
        findable=next(one for one in levels.LEVELS if one == level),
        indexable=form.get("indexable") == "on",
        practice=msgspec.structs.replace(held, role=role, council=form.get("council", held.council)),
    )


async def confirm(request: Request) -> Response:
    """Note that all is still right."""
    node: Node = request.app.state.node
    signed_in, _ = await session.posted(request)
    await node.store.write(accounts.confirm, signed_in.actor.id, node.clock.now())
    return RedirectResponse("/", 303)


async def seen(request: Request) -> Response:
    """Show how one looks to others: by name only, or with the whole profile."""
    signed_in = await session.ensure(request)
    me = signed_in.actor
    wanted = request.query_params.get("as", "")
    by = next((one for one in levels.BY if one == wanted), levels.BY[0])
    level = next(one for one in levels.LEVELS if one == me.findable)
    return page.answer(
        request,
        "staff/profile_seen.html",
        person=me,
        by=by,
        everybody=levels.BY,
        level=level,
        whole=levels.reads(level, by),
        fields=actors.fields_of(me),
        nothing=practices.of(me) == Practice() and not me.summary,
    )


ROUTES = [
    Route(HERE, show),
    Route(HERE, save, methods=["POST"]),
    Route(f"{HERE}/confirm", confirm, methods=["POST"]),
    Route(SEEN, seen),
]
