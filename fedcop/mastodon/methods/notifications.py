"""/api/v1/notifications: what a person is told, one at a time (grouped ones come with a later version)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import notification as entities
from fedcop.mastodon.entities.notification import ABOUT_A_POST, TYPES
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import actors, notifications, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId, NotificationId
from storage.notifications import Notification as Row
from storage.pages import Page
from storage.views import PostView

_OURS = {theirs: ours for ours, theirs in TYPES.items()}

# Every kind of notification is shown: nothing is kept back for a second look.
POLICY = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "accept",
    "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
}


class Wanted(Paging, frozen=True, kw_only=True):
    """Which kinds, and from whom; a kind that is not known is skipped (tusky#1830)."""

    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: int | None = None

    def kinds(self) -> tuple[str, ...]:
        """Give the kinds that are asked for, in our words."""
        asked = self.types or tuple(_OURS)
        return tuple(_OURS[name] for name in asked if name in _OURS and name not in self.exclude_types)


class Told(msgspec.Struct, frozen=True):
    """Rows of a page with what they name."""

    rows: list[Row]
    people: dict[int, Actor]
    posts: dict[int, PostView]


async def index(request: Request) -> Response:
    """GET /api/v1/notifications."""
    form = await forms.read(request, Wanted)
    page = form.page(40, 80)
    caller, told = await auth.read(request, "read:notifications", _page, form, page)
    return answer.page(
        request, _entities(told, place(request, caller)), page, [row.id for row in told.rows], full_only=True
    )


async def _page(read: Reader, caller: Caller, form: Wanted, page: Page) -> Told:
    rows = await notifications.page(
        read, caller.viewer, caller.me, page, types=form.kinds(), by_actor=form.account_id
    )
    return await _told(read, caller, rows)


async def _told(read: Reader, caller: Caller, rows: list[Row]) -> Told:
    people = await actors.by_ids(read, caller.viewer, [row.by_actor for row in rows])
    about = [EntryId(row.post_id) for row in rows if row.post_id is not None]
    found = await views.views(read, caller.viewer, about)
    return Told(rows, {actor.id: actor for actor in people}, {view.post.id: view for view in found})


def _entities(told: Told, at: Place) -> list[entities.Notification]:
    # Clients count on an account and, for some kinds, on a status: a row that lost one of them is left out.
    return [
        entities.notification(row, told.people[row.by_actor], told.posts.get(row.post_id or 0), at)
        for row in told.rows
        if row.by_actor in told.people and (row.type not in ABOUT_A_POST or row.post_id in told.posts)
    ]


async def show(request: Request) -> Response:
    """GET /api/v1/notifications/:id."""
    caller, told = await auth.read(request, "read:notifications", _one, forms.number(request))
    shown = _entities(told, place(request, caller))
    if not shown:
        raise NotFound(ABSENT)
    return answer.entity(shown[0])


async def _one(read: Reader, caller: Caller, notification_id: int) -> Told:
    row = await notifications.find(read, caller.viewer, NotificationId(notification_id))
    return await _told(read, caller, [] if row is None else [row])


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


async def policy(request: Request) -> Response:
    """GET, PATCH and PUT notifications/policy: everything is accepted, whatever is asked for."""
    await auth.person(request, "read:notifications")
    return answer.entity(POLICY)


ROUTES = [
    Route("/api/v1/notifications", index),
    Route("/api/v1/notifications/clear", clear, methods=["POST"]),
    Route("/api/v1/notifications/unread_count", unread_count),
    Route("/api/v1/notifications/policy", policy, methods=["GET", "PATCH"]),
    Route("/api/v2/notifications/policy", policy, methods=["GET", "PATCH"]),
    Route("/api/v1/notifications/{id}", show),
    Route("/api/v1/notifications/{id}/dismiss", dismiss, methods=["POST"]),
]
