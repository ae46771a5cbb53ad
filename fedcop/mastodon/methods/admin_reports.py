"""/api/v1/admin/reports: what admins decide, and facilitators for their communities.

A facilitator is shown of a report what concerns the community: posts elsewhere that it names stay out.
"""

from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import oversight, report
from fedcop.errors import NotFound, NotPermitted
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import report as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import actors, reports, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId, RowId
from storage.pages import Page
from storage.reports import Report
from storage.views import PostView
from storage.visible import SYSTEM

READ, WRITE = "admin:read:reports", "admin:write:reports"


class Wanted(Paging, frozen=True, kw_only=True):
    """Which reports; those that nobody has handled unless it is said otherwise."""

    resolved: bool = False
    account_id: int | None = None
    target_account_id: int | None = None


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What may be changed of a report."""

    category: Literal["spam", "legal", "violation", "other"] | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Reports with all whom and what they name."""

    rows: list[Report]
    people: dict[int, Actor]
    posts: dict[int, PostView]

    def posts_of(self, row: Report, *, admin: bool) -> list[PostView]:
        """Give the posts of a report that are for whoever decides it to see."""
        named = [self.posts[post_id] for post_id in row.post_ids if post_id in self.posts]
        return [view for view in named if admin or view.post.community_id == row.community_id]


async def index(request: Request) -> Response:
    """GET /api/v1/admin/reports."""
    form = await forms.read(request, Wanted)
    page = form.page(100, 200)
    caller, shown = await auth.read(request, READ, _page, form, page)
    await _note_reading(request, caller, shown)
    ids = [row.id for row in shown.rows]
    return answer.page(request, _entities(request, caller, shown), page, ids, full_only=True)


async def show(request: Request) -> Response:
    """GET /api/v1/admin/reports/:id."""
    return await _answer(request, READ)


async def edit(request: Request) -> Response:
    """PUT /api/v1/admin/reports/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, WRITE)
    form = await forms.read(request, Edit)
    if form.category is not None:
        await report.set_category(node, person.actor, RowId(forms.number(request)), form.category)
    return await _answer(request, WRITE)


async def assign(request: Request) -> Response:
    """POST /api/v1/admin/reports/:id/assign_to_self."""
    node: Node = request.app.state.node
    person = await auth.person(request, WRITE)
    await report.assign(node, person.actor, RowId(forms.number(request)), to_me=True)
    return await _answer(request, WRITE)


async def unassign(request: Request) -> Response:
    """POST /api/v1/admin/reports/:id/unassign."""
    node: Node = request.app.state.node
    person = await auth.person(request, WRITE)
    await report.assign(node, person.actor, RowId(forms.number(request)), to_me=False)
    return await _answer(request, WRITE)


async def resolve(request: Request) -> Response:
    """POST /api/v1/admin/reports/:id/resolve."""
    person = await auth.person(request, WRITE)
    await report.close(request.app.state.node, person.actor, RowId(forms.number(request)))
    return await _answer(request, WRITE)


async def reopen(request: Request) -> Response:
    """POST /api/v1/admin/reports/:id/reopen."""
    person = await auth.person(request, WRITE)
    await report.reopen(request.app.state.node, person.actor, RowId(forms.number(request)))
    return await _answer(request, WRITE)


async def _answer(request: Request, scope: str) -> Response:
    caller, shown = await auth.read(request, scope, _one, RowId(forms.number(request)))
    await _note_reading(request, caller, shown)
    return answer.entity(_entities(request, caller, shown)[0])


async def _note_reading(request: Request, caller: Caller, shown: Shown) -> None:
    """Record before it is shown what is for others to see."""
    admin = _is_admin(caller)
    seen = [view.post.id for row in shown.rows for view in shown.posts_of(row, admin=admin)]
    if seen:
        await oversight.note_reading(request.app.state.node, caller.me, seen)


def _is_admin(caller: Caller) -> bool:
    return caller.bearer is not None and bool(caller.bearer.admin)


def _entities(request: Request, caller: Caller, shown: Shown) -> list[entities.AdminReport]:
    at = place(request, caller)
    admin = _is_admin(caller)
    return [
        entities.admin_report(row, shown.people, shown.posts_of(row, admin=admin), at) for row in shown.rows
    ]


async def _page(read: Reader, caller: Caller, form: Wanted, page: Page) -> Shown:
    if not await reports.may_decide_any(read, caller.viewer):
        raise NotPermitted("This action is not allowed")
    rows = await reports.page(
        read,
        caller.viewer,
        page,
        closed=form.resolved,
        by_actor=form.account_id,
        target_id=form.target_account_id,
    )
    return await _shown(read, rows)


async def _one(read: Reader, caller: Caller, report_id: RowId) -> Shown:
    row = await reports.find(read, caller.viewer, report_id)
    if row is None:
        raise NotFound(ABSENT)
    return await _shown(read, [row])


async def _shown(read: Reader, rows: list[Report]) -> Shown:
    """Give what reports name: whoever may decide one is shown what it is about, whatever its audience."""
    named = [actor for row in rows for actor in (row.by_actor, row.target_id, row.assigned_to, row.closed_by)]
    people = await actors.by_ids(read, SYSTEM, [actor for actor in named if actor is not None])
    found = await views.views(read, SYSTEM, [EntryId(post_id) for row in rows for post_id in row.post_ids])
    held: dict[int, Actor] = {actor.id: actor for actor in people}
    return Shown(
        rows=[row for row in rows if row.by_actor in held and row.target_id in held],
        people=held,
        posts={view.post.id: view for view in found},
    )


ROUTES = [
    Route("/api/v1/admin/reports", index),
    Route("/api/v1/admin/reports/{id}", show),
    Route("/api/v1/admin/reports/{id}", edit, methods=["PUT"]),
    Route("/api/v1/admin/reports/{id}/assign_to_self", assign, methods=["POST"]),
    Route("/api/v1/admin/reports/{id}/unassign", unassign, methods=["POST"]),
    Route("/api/v1/admin/reports/{id}/resolve", resolve, methods=["POST"]),
    Route("/api/v1/admin/reports/{id}/reopen", reopen, methods=["POST"]),
]
