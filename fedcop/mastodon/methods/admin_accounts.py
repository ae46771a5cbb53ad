"""/api/v1/admin/accounts and v2: everybody met, for admins, and what they decide about somebody."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import access, report
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller, Person
from fedcop.mastodon.entities import report as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import everybody
from storage.actors import Actor
from storage.engine import Reader
from storage.everybody import Known, Wanted
from storage.ids import ActorId, RowId
from storage.pages import Page
from storage.visible import SYSTEM

LONGEST_REASON = 1000
READ, WRITE = "admin:read:accounts", "admin:write:accounts"

Act = Callable[[Node, Actor, Actor], Awaitable[None]]


class Named(Paging, frozen=True, kw_only=True):
    """What both versions ask alike."""

    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""

    def wanted(self, *, local: bool | None, state: str, admin: bool) -> Wanted:
        """Give what is asked for, with what each version says in its own words."""
        return Wanted(
            local=local,
            state=state,
            admin=admin,
            handle=self.username,
            display_name=self.display_name,
            domain=self.by_domain,
            email=self.email,
        )


class Flags(Named, frozen=True, kw_only=True):
    """The first version: a flag for each state."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False


class Words(Named, frozen=True, kw_only=True):
    """The second version: a word for the state, and one for where somebody is."""

    origin: str = ""
    status: str = ""
    permissions: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done about somebody, why, and the report that it answers."""

    type: Literal["none", "disable", "suspend", "silence", "sensitive"] = "none"
    report_id: int | None = None
    text: str = ""


async def index_v1(request: Request) -> Response:
    """GET /api/v1/admin/accounts."""
    form = await forms.read(request, Flags)
    states = ("active", "pending", "disabled", "silenced", "suspended", "sensitized")
    state = next((name for name in states if getattr(form, name)), "")
    local = None if form.local == form.remote else form.local
    return await _listed(request, form, form.wanted(local=local, state=state, admin=form.staff))


async def index(request: Request) -> Response:
    """GET /api/v2/admin/accounts."""
    form = await forms.read(request, Words)
    local = {"local": True, "remote": False}.get(form.origin)
    admin = form.permissions == "staff"
    return await _listed(request, form, form.wanted(local=local, state=form.status, admin=admin))


async def _listed(request: Request, form: Paging, wanted: Wanted) -> Response:
    page = form.page(100, 200)
    caller, rows = await auth.scan(request, READ, _page, page, wanted)
    at = place(request, caller)
    shown = [entities.known(row, at) for row in rows]
    return answer.page(request, shown, page, [row.id for row in rows], full_only=True)


async def _page(read: Reader, caller: Caller, page: Page, wanted: Wanted) -> list[Known]:
    _ensure_admin(caller)
    return await everybody.page(read, SYSTEM, page, wanted)


def _ensure_admin(caller: Caller) -> None:
    if caller.bearer is None or not caller.bearer.admin:
        raise NotPermitted("This action is not allowed")


async def show(request: Request) -> Response:
    """GET /api/v1/admin/accounts/:id."""
    return await _answer(request, READ)


async def _answer(request: Request, scope: str) -> Response:
    caller, row = await auth.read(request, scope, _one, ActorId(forms.number(request)))
    return answer.entity(entities.known(row, place(request, caller)))


async def _one(read: Reader, caller: Caller, actor_id: ActorId) -> Known:
    _ensure_admin(caller)
    row = await everybody.find(read, SYSTEM, actor_id)
    if row is None:
        raise NotFound(ABSENT)
    return row


async def _deciding(request: Request) -> tuple[Person, Known]:
    person = await auth.person(request, WRITE)
    node: Node = request.app.state.node
    caller = Caller(viewer=person.viewer, bearer=person.bearer)
    return person, await node.store.read(_one, caller, ActorId(forms.number(request)))


async def act(request: Request) -> Response:
    """POST /api/v1/admin/accounts/:id/action; nobody is silenced or marked sensitive here: 422."""
    node: Node = request.app.state.node
    form = await forms.read(request, Decision)
    person, target = await _deciding(request)
    if form.type in ("silence", "sensitive"):
        raise Invalid(type="is not done here; a post is removed, or its author suspended")
    if form.type == "disable":
        await access.disable(node, person.actor, target)
    elif form.type == "suspend":
        await access.suspend(node, person.actor, target, reason=form.text[:LONGEST_REASON])
    if form.report_id is not None:
        await report.close(node, person.actor, RowId(form.report_id))
    return answer.entity({})


def decision(decide: Act) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that does something about somebody and answers how they stand then."""

    async def endpoint(request: Request) -> Response:
        person, target = await _deciding(request)
        await decide(request.app.state.node, person.actor, target)
        return await _answer(request, WRITE)

    return endpoint


async def unmarked(request: Request) -> Response:
    """POST /api/v1/admin/accounts/:id/unsilence or unsensitive: nobody is either here."""
    await _deciding(request)
    return await _answer(request, WRITE)


async def decided(request: Request) -> Response:
    """POST /api/v1/admin/accounts/:id/approve or reject: nobody waits here, whoever is added is in."""
    await _deciding(request)
    raise NotPermitted("This account does not wait for a decision")


_PATH = "/api/v1/admin/accounts"
_DECISIONS = {
    "action": act,
    "enable": decision(access.enable),
    "unsuspend": decision(access.unsuspend),
    "unsilence": unmarked,
    "unsensitive": unmarked,
    "approve": decided,
    "reject": decided,
}

ROUTES = [
    Route(_PATH, index_v1),
    Route("/api/v2/admin/accounts", index),
    Route(f"{_PATH}/{{id}}", show),
    Route(f"{_PATH}/{{id}}", decision(access.delete), methods=["DELETE"]),
    *(Route(f"{_PATH}/{{id}}/{name}", endpoint, methods=["POST"]) for name, endpoint in _DECISIONS.items()),
]
