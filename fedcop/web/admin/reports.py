"""``/admin/reports``: what people reported, here and elsewhere, until somebody has handled it.

Reading a post that is not for the admin to see but by their office is recorded.
"""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import oversight, report
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, reader
from fedcop.web.admin import guard
from storage import actors, reports, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId, EntryId, RowId
from storage.pages import Page
from storage.reports import Report
from storage.views import PostView
from storage.visible import SYSTEM, person

HERE: Final = "/admin/reports"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Reports with all whom and what they name."""

    rows: list[Report]
    people: dict[int, Actor]
    posts: dict[int, PostView]


async def show(request: Request) -> Response:
    """Show those that nobody has handled, or with ``?closed=`` the others, the latest first."""
    node: Node = request.app.state.node
    signed_in = await guard.admin(request)
    closed, wanted = "closed" in request.query_params, reader.page_of(request)
    shown = await node.store.read(_shown, signed_in.actor.id, wanted, closed)
    await oversight.note_reading(node, signed_in.actor.id, [view.post.id for view in shown.posts.values()])
    last = shown.rows[-1].id if len(shown.rows) >= wanted.limit else None
    older = f"?{'closed=&' if closed else ''}before={last}" if last else ""
    return page.answer(request, "admin/reports.html", shown=shown, closed=closed, older=older)


async def _shown(read: Reader, me: ActorId, page: Page, closed: bool) -> Shown:  # noqa: FBT001 - of a row
    rows = await reports.page(read, person(me), page, closed=closed)
    named = [one for row in rows for one in (row.by_actor, row.target_id, row.assigned_to, row.closed_by)]
    people = await actors.by_ids(read, SYSTEM, [one for one in named if one is not None])
    found = await views.views(read, SYSTEM, [EntryId(post_id) for row in rows for post_id in row.post_ids])
    return Shown(
        rows=rows,
        people={one.id: one for one in people},
        posts={view.post.id: view for view in found},
    )


async def decide(request: Request) -> Response:
    """Take a report on, give it back, mark it as handled or open it again."""
    node: Node = request.app.state.node
    signed_in, form = await guard.posted(request)
    report_id, me, do = RowId(row_id_in(form.get("report", "")) or 0), signed_in.actor, form.get("do")
    if do in ("take", "give_back"):
        await report.assign(node, me, report_id, to_me=do == "take")
    elif do == "close":
        await report.close(node, me, report_id)
    elif do == "reopen":
        await report.reopen(node, me, report_id)
    else:
        raise NotFound("there is no such decision")
    return RedirectResponse(HERE, 303)


ROUTES = [Route(HERE, show), Route(HERE, decide, methods=["POST"])]
