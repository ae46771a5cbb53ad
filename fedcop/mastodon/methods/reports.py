"""/api/v1/reports."""

from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import report
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import report as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.methods.accounts import find_actor
from fedcop.mastodon.methods.statuses import find_entry
from fedcop.node import Node
from storage import reports
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId, RowId

MOST_STATUSES = 100


class New(msgspec.Struct, frozen=True, kw_only=True):
    """Who is reported, for what."""

    account_id: int
    status_ids: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_STATUSES)] = ()
    comment: str = ""
    forward: bool = False
    category: Literal["spam", "legal", "violation", "other"] = "other"


async def create(request: Request) -> Response:
    """POST /api/v1/reports."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:reports")
    form = await forms.read(request, New)
    caller = Caller(viewer=person.viewer)
    target, post_ids = await node.store.read(_about, caller, form)
    report_id = await report.report(
        node,
        person.actor,
        target,
        post_ids=post_ids,
        comment=form.comment,
        category=form.category,
        forward=form.forward,
    )
    made = await node.store.read(reports.find_own, person.viewer, RowId(report_id))
    assert made is not None, "it was written a moment ago"
    return answer.entity(entities.report(made, target, place(request, caller)))


async def _about(read: Reader, caller: Caller, form: New) -> tuple[Actor, list[PostId]]:
    target = await find_actor(read, caller, form.account_id)
    return target, [(await find_entry(read, caller, one)).post_id for one in form.status_ids]


ROUTES = [Route("/api/v1/reports", create, methods=["POST"])]
