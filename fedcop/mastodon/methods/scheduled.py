"""/api/v1/scheduled_statuses: what a person has written for later."""

from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import schedule
from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import scheduled as entities
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import media, scheduled
from storage.engine import Reader
from storage.ids import RowId
from storage.media import Media
from storage.pages import Page
from storage.scheduled import Scheduled

Kept = tuple[Scheduled, list[Media]]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """When a status is to be published instead."""

    scheduled_at: str = ""


def moment(text: str) -> datetime:
    """Read a time as clients write it, in UTC where it names no zone; refused in Mastodon's words."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Record invalid") from None


async def index(request: Request) -> Response:
    """GET /api/v1/scheduled_statuses, the latest made first."""
    page = (await forms.read(request, Paging)).page(20, 40)
    caller, found = await auth.read(request, "read:statuses", _page, page)
    at = place(request, caller)
    ids = [row.id for row, _ in found]
    return answer.page(request, [_entity(kept, at) for kept in found], page, ids, full_only=True)


async def _page(read: Reader, caller: Caller, page: Page) -> list[Kept]:
    rows = await scheduled.page(read, caller.me, page)
    return [await _with_files(read, caller, row) for row in rows]


async def _with_files(read: Reader, caller: Caller, row: Scheduled) -> Kept:
    found = [await media.find(read, caller.viewer, media_id) for media_id in schedule.draft_of(row).media]
    return row, [file for file in found if file is not None]


def _entity(kept: Kept, at: Place) -> entities.ScheduledStatus:
    row, files = kept
    return entities.scheduled(row, schedule.draft_of(row), files, at)


async def show(request: Request) -> Response:
    """GET /api/v1/scheduled_statuses/:id."""
    return await shown(request, RowId(forms.number(request)), "read:statuses")


async def shown(request: Request, scheduled_id: RowId, scope: str) -> Response:
    """Answer with one scheduled status, to who holds the scope of what was asked."""
    caller, kept = await auth.read(request, scope, _find, scheduled_id)
    return answer.entity(_entity(kept, place(request, caller)))


async def _find(read: Reader, caller: Caller, scheduled_id: RowId) -> Kept:
    row = await scheduled.find(read, caller.me, scheduled_id)
    if row is None:
        raise NotFound(ABSENT)
    return await _with_files(read, caller, row)


async def move(request: Request) -> Response:
    """PUT /api/v1/scheduled_statuses/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:statuses")
    form = await forms.read(request, Move)
    scheduled_id = RowId(forms.number(request))
    await schedule.move(node, person.actor, scheduled_id, moment(form.scheduled_at))
    return await shown(request, scheduled_id, "write:statuses")


async def cancel(request: Request) -> Response:
    """DELETE /api/v1/scheduled_statuses/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:statuses")
    await schedule.cancel(node, person.actor, RowId(forms.number(request)))
    return answer.entity({})


ROUTES = [
    Route("/api/v1/scheduled_statuses", index),
    Route("/api/v1/scheduled_statuses/{id}", show),
    Route("/api/v1/scheduled_statuses/{id}", move, methods=["PUT"]),
    Route("/api/v1/scheduled_statuses/{id}", cancel, methods=["DELETE"]),
]
