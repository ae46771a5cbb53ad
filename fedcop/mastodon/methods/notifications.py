"""/api/v1/notifications: what a person is told, one at a time; ``notification_groups`` has them grouped."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities import notification as entities
from fedcop.mastodon.entities import report as report_entities
from fedcop.mastodon.entities.notification import ABOUT_A_POST, TYPES
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import actors, notifications, reports, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId, NotificationId
from storage.notifications import Notification as Row
from storage.pages import Page
from storage.reports import Report
from storage.views import PostView

_OURS = {theirs: ours for ours, theirs in TYPES.items()}


class Wanted(Paging, frozen=True, kw_only=True):
    """Which kinds, and from whom; a kind that is not known is skipped (tusky#1830)."""

    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: int | None = None
    include_filtered: bool = False

    def kinds(self) -> tuple[str, ...]:
        """Give the kinds that are asked for, in our words."""
        asked = self.types or tuple(_OURS)
        return tuple(_OURS[name] for name in asked if name in _OURS and name not in self.exclude_types)


class Told(msgspec.Struct, frozen=True):
    """Rows of a page with what they name."""

    rows: list[Row]
    people: dict[int, Actor]
    posts: dict[int, PostView]
    reports: dict[int, tuple[Report, Actor]] = {}  # with whom each is about

    def report(self, row: Row, at: Place) -> report_entities.Report | None:
        """Give the report that a row is about, if it is about one."""
        return None if row.report_id is None else report_entities.report(*self.reports[row.report_id], at)

    @property
    def complete(self) -> list[Row]:
        """Give the rows that can be shown: clients count on an account, some kinds on a status or report."""
        return [
            row
            for row in self.rows
            if row.by_actor in self.people
            and (row.type not in ABOUT_A_POST or row.post_id in self.posts)
            and (row.report_id is None or row.report_id in self.reports)
        ]


async def index(request: Request) -> Response:
    """GET /api/v1/notifications."""
    form = await forms.read(request, Wanted)
    page = form.page(40, 80)
    caller, told = await auth.read(request, "read:notifications", _page, form, page)
    return answer.page(
        request, shown_of(told, place(request, caller)), page, [row.id for row in told.rows], full_only=True
    )


async def _page(read: Reader, caller: Caller, form: Wanted, page: Page) -> Told:
    rows = await notifications.page(
        read,
        caller.viewer,
        caller.me,
        page,
        types=form.kinds(),
        by_actor=form.account_id,
        filtered=form.include_filtered or form.account_id is not None,
    )
    return await told_of(read, caller, rows)


async def told_of(read: Reader, caller: Caller, rows: list[Row]) -> Told:
    """Give rows with what they name, as far as the caller may see it."""
    people = await actors.by_ids(read, caller.viewer, [row.by_actor for row in rows])
    about = [EntryId(row.post_id) for row in rows if row.post_id is not None]
    found = await views.views(read, caller.viewer, about)
    return Told(
        rows,
        {actor.id: actor for actor in people},
        {view.post.id: view for view in found},
        await _reports(read, caller, [row.report_id for row in rows if row.report_id is not None]),
    )


async def _reports(read: Reader, caller: Caller, ids: list[int]) -> dict[int, tuple[Report, Actor]]:
    """Give those of some reports that the caller may still decide, with whom they are about."""
    if not ids:
        return {}
    found = await reports.by_ids(read, caller.viewer, ids)
    targets = await actors.by_ids(read, caller.viewer, [row.target_id for row in found])
    people = {actor.id: actor for actor in targets}
    return {row.id: (row, people[row.target_id]) for row in found if row.target_id in people}


def shown_of(told: Told, at: Place) -> list[entities.Notification]:
    """Give the entities of those rows that can be shown and that no filter of the caller hides."""
    return [
        entities.notification(row, told.people[row.by_actor], view, at, told.report(row, at))
        for row in told.complete
        if (view := told.posts.get(row.post_id or 0)) is None
        or not filtering.hides(view, at, "notifications")
    ]


async def show(request: Request) -> Response:
    """GET /api/v1/notifications/:id."""
    caller, told = await auth.read(request, "read:notifications", one, forms.number(request))
    shown = shown_of(told, place(request, caller))
    if not shown:
        raise NotFound(ABSENT)
    return answer.entity(shown[0])


async def one(read: Reader, caller: Caller, notification_id: int) -> Told:
    """Give something that the caller was told, with what it names; no rows if there is none."""
    row = await notifications.find(read, caller.viewer, NotificationId(notification_id))
    return await told_of(read, caller, [] if row is None else [row])


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """How far unread notifications are counted."""

    limit: int | None = None


async def unread_count(request: Request) -> Response:
    """GET /api/v1/notifications/unread_count: how many are newer than the marker."""
    most = forms.clamped((await forms.read(request, Limit)).limit, 100, 1000)
    _, count = await auth.read(request, "read:notifications", _unread_count, most)
    return answer.entity({"count": count})


async def _unread_count(read: Reader, caller: Caller, most: int) -> int:
    return await notifications.unread_count(read, caller.viewer, caller.me, limit=most)


async def dismiss(request: Request) -> Response:
    """POST /api/v1/notifications/:id/dismiss."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:notifications")
    await node.store.write(notifications.dismiss, person.actor.id, NotificationId(forms.number(request)))
    return answer.entity({})


async def clear(request: Request) -> Response:
    """POST /api/v1/notifications/clear."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:notifications")
    await node.store.write(notifications.clear, person.actor.id)
    return answer.entity({})


ROUTES = [
    Route("/api/v1/notifications", index),
    Route("/api/v1/notifications/clear", clear, methods=["POST"]),
    Route("/api/v1/notifications/unread_count", unread_count),
    Route("/api/v1/notifications/{id}", show),
    Route("/api/v1/notifications/{id}/dismiss", dismiss, methods=["POST"]),
]
