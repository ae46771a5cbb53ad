"""``/admin/queue``: what was received and is not worked on yet, and what waits to be sent, by host."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.web import page
from fedcop.web.admin import guard, part
from storage import deliveries, received
from storage.deliveries import Backlog
from storage.engine import Reader
from storage.received import Count


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Both queues."""

    received: list[Count]
    backlog: list[Backlog]


async def show(request: Request) -> Response:
    """Show them, those that wait longest first."""
    node: Node = request.app.state.node
    await guard.admin(request)
    shown = await node.store.scan(_shown)
    backlog = part.of(request, shown.backlog, lambda row: row.host)
    return page.answer(request, "admin/queue.html", shown=shown, backlog=backlog)


async def _shown(read: Reader) -> Shown:
    backlog = sorted(await deliveries.backlog(read), key=lambda row: row.oldest_at)
    return Shown(received=await received.counts(read), backlog=backlog)


ROUTES = [Route("/admin/queue", show)]
