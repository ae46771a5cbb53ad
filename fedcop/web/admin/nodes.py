"""``/admin/peers``: every node met: what it runs, when it was heard, what waits for it and why."""

from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import retry as action
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page
from fedcop.web.admin import guard, part
from storage import deliveries, ended, peers
from storage.deliveries import Backlog
from storage.ended import Ended
from storage.engine import Reader
from storage.peers import PeerView

HERE: Final = "/admin/peers"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A node with its queue, if something waits for it, and what ended with it."""

    peer: PeerView
    queue: Backlog | None
    ended: list[Ended]

    @property
    def state(self) -> str:
        """Give hidden, failing or ok."""
        if self.peer.standing == "hidden":
            return "hidden"
        return "failing" if self.peer.failures else "ok"

    @property
    def heard_of_at(self) -> datetime | None:
        """Give when it last sent or took something."""
        return max((at for at in (self.peer.heard_at, self.peer.reached_at) if at is not None), default=None)


async def show(request: Request) -> Response:
    """List the nodes: those that fail first, then by name."""
    node: Node = request.app.state.node
    await guard.admin(request)
    met = await node.store.scan(peers.all_met)
    order = ("failing", "ok", "hidden")
    rows = sorted(
        (Shown(peer=peer, queue=None, ended=[]) for peer in met), key=lambda one: order.index(one.state)
    )
    shown = part.of(request, rows, lambda one: one.peer.host)
    return page.answer(request, "admin/nodes.html", shown=shown)


async def show_one(request: Request) -> Response:
    """Show all that is known of a node."""
    node: Node = request.app.state.node
    await guard.admin(request)
    shown = await node.store.scan(_one, request.path_params["host"])
    if shown is None:
        raise NotFound("no such node was met")
    verdict = node.rules.verdict(shown.peer.host)
    done = "retried" in request.query_params
    return page.answer(request, "admin/node.html", shown=shown, verdict=verdict, done=done)


async def _one(read: Reader, host: str) -> Shown | None:
    peer = next((one for one in await peers.all_met(read) if one.host == host), None)
    if peer is None:
        return None
    queue = next((one for one in await deliveries.backlog(read) if one.host == host), None)
    return Shown(peer=peer, queue=queue, ended=await ended.of_host(read, host))


async def retry(request: Request) -> Response:
    """Try a node again now."""
    signed_in, _ = await guard.posted(request)
    await action.retry(request.app.state.node, request.path_params["host"], by=signed_in.actor.handle)
    return RedirectResponse(f"{request.url.path}?retried=", 303)


ROUTES = [
    Route(HERE, show),
    Route(f"{HERE}/{{host}}", show_one),
    Route(f"{HERE}/{{host}}", retry, methods=["POST"]),
]
