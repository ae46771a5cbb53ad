"""``/admin/people``: who signs in here: invited, suspended, made an admin, signed out everywhere."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import access
from fedcop.actions import account as accounts_actions
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from fedcop.web import page, text
from fedcop.web.admin import guard, part
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn
from storage import accounts, actors, audit, holds, visible
from storage.accounts import Account
from storage.actors import Actor
from storage.audit import Entry
from storage.engine import Reader
from storage.holds import Hold

HERE: Final = "/admin/people"
DECISIONS: Final = 50

Decision = Callable[[Node, Actor, Actor], Awaitable[None]]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A person, how they sign in, the hold on them, and what was decided about them."""

    person: Actor
    account: Account
    held: Hold | None
    decisions: list[Entry]


async def show(request: Request) -> Response:
    """List who signs in here, with a form to invite somebody."""
    await guard.admin(request)
    return await _list(request)


async def _list(
    request: Request, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    node: Node = request.app.state.node
    rows = await node.store.scan(accounts.all_of, visible.SYSTEM)
    people = [one for one in rows if one.state != "deleted"]
    return page.answer(
        request,
        "admin/people.html",
        status=422 if faults else 200,
        shown=part.of(request, people, lambda one: f"{one.handle} {one.name} {one.email}"),
        typed=typed or {},
        faults=faults or {},
    )


async def invite(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Add a person, and show the one-time link by which they set a password."""
    node: Node = request.app.state.node
    try:
        person, secret = await accounts_actions.add_person(
            node,
            form.get("handle", "").strip().lower(),
            email=form.get("email", ""),
            display_name=form.get("display_name", ""),
            password=None,
            by=signed_in.actor.handle,
        )
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "handle")
        return await _list(request, typed=form, faults=faults)
    return _link(request, person, secret or "")


def _link(request: Request, person: Actor, secret: str) -> Response:
    node: Node = request.app.state.node
    return page.answer(request, "admin/link.html", person=person, link=node.uris.invitation(secret))


async def show_one(request: Request) -> Response:
    """Show a person and what may be decided about them."""
    signed_in = await guard.admin(request)
    return await _one(request, signed_in)


async def _one(
    request: Request,
    signed_in: SignedIn,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    shown = await _shown(request)
    return page.answer(
        request,
        "admin/person.html",
        status=422 if faults else 200,
        shown=shown,
        myself=shown.person.id == signed_in.actor.id,
        done=request.query_params.get("done", "") in DECISIONS_MADE,
        typed=typed or {},
        faults=faults or {},
    )


async def _shown(request: Request) -> Shown:
    node: Node = request.app.state.node
    handle = request.path_params["handle"]
    shown = await node.store.read(_person, handle, node.uris.domain)
    if shown is None:
        raise NotFound("no such person")
    return shown


async def _person(read: Reader, handle: str, domain: str) -> Shown | None:
    person = await actors.find_by_handle(read, visible.SYSTEM, handle, domain)
    account = await accounts.find(read, person.id) if person else None
    if person is None or account is None or account.state == "deleted":
        return None
    decisions = await audit.about(read, person.uri, limit=DECISIONS)
    held = await holds.find(read, "person", person.id)
    return Shown(person=person, account=account, held=held, decisions=decisions)


async def decide(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Do what was decided about a person."""
    node: Node = request.app.state.node
    shown, me = await _shown(request), signed_in.actor
    do = form.get("do", "")
    try:
        if do == "invite":
            secret = await accounts_actions.invite(node, shown.person.id, by=me.handle)
            return _link(request, shown.person, secret)
        if do == "suspend":
            await access.suspend(node, me, shown.person, reason=form.get("reason", "").strip())
        elif do in DECISIONS_MADE:
            await DECISIONS_MADE[do](node, me, shown.person)
        else:
            raise NotFound("there is no such decision")
    except (Invalid, NotPermitted) as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "")
        return await _one(request, signed_in, typed=form, faults=faults)
    return RedirectResponse(f"{HERE}/{shown.person.handle}?done={do}", 303)


async def _admin(node: Node, me: Actor, person: Actor) -> None:
    await access.set_role(node, me, person, to_admin=True)


async def _no_admin(node: Node, me: Actor, person: Actor) -> None:
    await access.set_role(node, me, person, to_admin=False)


DECISIONS_MADE: Final[Mapping[str, Decision]] = {
    "suspend": access.suspend,
    "unsuspend": access.unsuspend,
    "disable": access.disable,
    "enable": access.enable,
    "sign_out": access.sign_out,
    "admin": _admin,
    "no_admin": _no_admin,
}

ROUTES = [
    Route(HERE, show),
    Route(HERE, guard.grave(invite), methods=["POST"]),
    Route(f"{HERE}/{{handle}}", show_one),
    Route(f"{HERE}/{{handle}}", guard.grave(decide), methods=["POST"]),
]
