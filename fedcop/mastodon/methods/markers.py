"""/api/v1/markers: how far a person has read, shared by all their clients."""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.node import Node
from storage import markers
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.markers import Marker

TIMELINES = ("home", "notifications")


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """How far one timeline has been read."""

    last_read_id: int


class Markers(msgspec.Struct, frozen=True, kw_only=True):
    """How far each timeline has been read; one that is absent stays as it is (hollo#412)."""

    home: Read | None = None
    notifications: Read | None = None


async def show(request: Request) -> Response:
    """GET /api/v1/markers: always both, since Elk fails without one of them."""
    now = request.app.state.node.clock.now()
    _, held = await auth.read(request, "read:statuses", _held)
    return answer.entity(_entities(held, now))


async def _held(read: Reader, caller: Caller) -> list[Marker]:
    return await markers.all_of(read, caller.me)


async def save(request: Request) -> Response:
    """POST /api/v1/markers."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:statuses")
    form = await forms.read(request, Markers)
    now = node.clock.now()
    held = await node.store.write(_save, person.actor.id, form, now)
    return answer.entity(_entities(held, now))


async def _save(tx: Transaction, me: ActorId, form: Markers, now: datetime) -> list[Marker]:
    for timeline in TIMELINES:
        read: Read | None = getattr(form, timeline)
        if read is not None:
            await markers.put(tx, me, timeline, read.last_read_id, now)
    return await markers.all_of(tx, me)


def _entities(held: list[Marker], now: datetime) -> dict[str, dict[str, object]]:
    by_name = {marker.timeline: marker for marker in held}
    return {timeline: _entity(by_name.get(timeline), now) for timeline in TIMELINES}


def _entity(marker: Marker | None, now: datetime) -> dict[str, object]:
    if marker is None:
        return {"last_read_id": "0", "version": 0, "updated_at": answer.time(now)}
    return {
        "last_read_id": str(marker.last_read_id),
        "version": marker.version,
        "updated_at": answer.time(marker.updated_at),
    }


ROUTES = [Route("/api/v1/markers", show), Route("/api/v1/markers", save, methods=["POST"])]
