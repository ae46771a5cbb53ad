"""``/admin``: what waits for an admin, at a glance."""

from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.web import page
from fedcop.web.admin import guard
from storage import allowlist, deliveries, knocks, peers, reports, visible
from storage.engine import Reader
from storage.ids import ActorId
from storage.pages import Page

SOON = timedelta(days=14)
MOST = 100


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of each."""

    reports: int
    knocks: int
    failing: int
    waiting: int
    due: int


async def show(request: Request) -> Response:
    """Show how much waits; each leads to its page."""
    node: Node = request.app.state.node
    signed_in = await guard.admin(request)
    shown = await node.store.scan(_shown, signed_in.actor.id, node.clock.now())
    return page.answer(request, "admin/overview.html", shown=shown)


async def _shown(read: Reader, me: ActorId, now: datetime) -> Shown:
    backlog = await deliveries.backlog(read)
    soon = (now + SOON).date()
    rules = await allowlist.all_rules(read)
    return Shown(
        reports=len(await reports.page(read, visible.person(me), Page(limit=MOST), closed=False)),
        knocks=len(await knocks.waiting(read)),
        failing=sum(1 for peer in await peers.all_met(read) if peer.failures and peer.standing == "open"),
        waiting=sum(row.waiting for row in backlog),
        due=sum(1 for row in rules if min(row.review_on or soon, row.until or soon) < soon),
    )


ROUTES = [Route("/admin", show)]
