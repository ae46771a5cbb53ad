"""/api/v1/reports."""

from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import report
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.methods.accounts import find_actor
from fedcop.mastodon.methods.statuses import find_entry
from fedcop.node import Node
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId

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
    form = await forms.read(request, New)
    person = await auth.person(request, "write:reports")
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
    return answer.entity(
        {
            "id": str(report_id),
            "action_taken": False,
            "action_taken_at": None,
            "category": form.category,
            "comment": form.comment,
            "forwarded": form.forward and not target.local,
            "created_at": answer.time(node.clock.now()),
            "status_ids": [str(post_id) for post_id in post_ids],
            "rule_ids": None,
            "target_account": entities.account(target, place(request, caller)),
        }
    )


async def _about(read: Reader, caller: Caller, form: New) -> tuple[Actor, list[PostId]]:
    target = await find_actor(read, caller, form.account_id)
    return target, [(await find_entry(read, caller, one)).post_id for one in form.status_ids]


ROUTES = [Route("/api/v1/reports", create, methods=["POST"])]
