"""/api/v2/notifications: what a person is told, with what several did with one post told as one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities import notification_group as entities
from fedcop.mastodon.entities.notification import TYPES
from fedcop.mastodon.entities.notification_group import GROUPED, Key
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.methods.notifications import Told, Wanted, told_of
from fedcop.node import Node
from storage import notifications
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.notifications import Notification as Row
from storage.pages import Page

# Rows that are read for a page of groups: so many likes of one post at most are told as one there.
ROWS_A_GROUP = 4
MOST_ROWS = 400


class Grouped(Wanted, frozen=True, kw_only=True):
    """Which notifications, and which kinds of them a client wants grouped."""

    grouped_types: tuple[str, ...] = ()

    def kinds_grouped(self) -> frozenset[str]:
        """Give the kinds that are grouped; a client that names none wants all of them."""
        return frozenset(self.grouped_types) & GROUPED if self.grouped_types else GROUPED


async def index(request: Request) -> Response:
    """GET /api/v2/notifications."""
    form = await forms.read(request, Grouped)
    page = form.page(40, 80)
    wide = Page(
        max_id=page.max_id,
        since_id=page.since_id,
        min_id=page.min_id,
        limit=min(page.limit * ROWS_A_GROUP, MOST_ROWS),
    )
    caller, told = await auth.read(request, "read:notifications", _page, form, wide)
    at = place(request, caller)
    kept = _grouped(told, at, form.kinds_grouped(), limit=page.limit, turned=page.turned)
    cursors = [row.id for rows in kept.values() for row in rows]
    return answer.page(request, _result(told, kept, at), page, cursors)


async def _page(read: Reader, caller: Caller, form: Grouped, page: Page) -> Told:
    rows = await notifications.page(
        read,
        caller.viewer,
        caller.me,
        page,
        types=form.kinds(),
        by_actor=form.account_id,
        filtered=form.include_filtered,
    )
    return await told_of(read, caller, rows)


def _grouped(
    told: Told, at: Place, kinds: frozenset[str], *, limit: int, turned: bool
) -> dict[str, list[Row]]:
    """Give rows by group: as many groups as a page has, and no row beyond the first that is left out."""
    kept: dict[str, list[Row]] = {}
    for row in reversed(told.complete) if turned else told.complete:
        view = told.posts.get(row.post_id or 0)
        if view is not None and filtering.hides(view, at, "notifications"):
            continue
        key = entities.key_of(row, kinds)
        if key not in kept and len(kept) >= limit:
            break
        kept.setdefault(key, []).append(row)
    if not turned:
        return kept
    return {key: rows[::-1] for key, rows in reversed(kept.items())}


def _result(told: Told, kept: dict[str, list[Row]], at: Place) -> entities.Groups:
    shown = [entities.group(key, rows, told.report(rows[0], at)) for key, rows in kept.items()]
    return entities.groups(shown, told.people.values(), told.posts.values(), at)


async def show(request: Request) -> Response:
    """GET /api/v2/notifications/:group_key."""
    caller, told = await auth.read(request, "read:notifications", _of, request.path_params["key"])
    if not told.complete:
        raise NotFound(ABSENT)
    at = place(request, caller)
    return answer.entity(_result(told, {request.path_params["key"]: told.complete}, at))


async def _of(read: Reader, caller: Caller, text: str) -> Told:
    key = entities.read_key(text)
    if key is None:
        raise NotFound(ABSENT)
    return await told_of(read, caller, await _rows(read, caller, key))


async def _rows(read: Reader, caller: Caller, key: Key) -> list[Row]:
    low, high = key.ids
    types = (key.kind,) if key.kind else tuple(TYPES)
    page = Page(max_id=high + 1, since_id=low - 1, limit=MOST_ROWS)
    rows = await notifications.page(read, caller.viewer, caller.me, page, types=types)
    return [row for row in rows if not key.kind or row.post_id == key.post_id]


async def people(request: Request) -> Response:
    """GET /api/v2/notifications/:group_key/accounts."""
    caller, told = await auth.read(request, "read:notifications", _of, request.path_params["key"])
    if not told.complete:
        raise NotFound(ABSENT)
    ids = dict.fromkeys(row.by_actor for row in told.complete)
    found = [told.people[one] for one in ids if one in told.people]
    return answer.entity(account_entities.accounts(found, place(request, caller)))


async def dismiss(request: Request) -> Response:
    """POST /api/v2/notifications/:group_key/dismiss."""
    node: Node = request.app.state.node
    caller, told = await auth.read(request, "write:notifications", _of, request.path_params["key"])
    await node.store.write(_dismiss, caller.me, told.rows)
    return answer.entity({})


async def _dismiss(tx: Transaction, me: ActorId, rows: list[Row]) -> None:
    for row in rows:
        await notifications.dismiss(tx, me, row.id)


async def unread_count(request: Request) -> Response:
    """GET /api/v2/notifications/unread_count: groups that have something newer than the marker."""
    form = await forms.read(request, Grouped)
    most = forms.clamped(form.limit, 100, 1000)
    _, rows = await auth.read(request, "read:notifications", _unread, form, min(most * ROWS_A_GROUP, 1000))
    keys = {entities.key_of(row, form.kinds_grouped()) for row in rows}
    return answer.entity({"count": min(len(keys), most)})


async def _unread(read: Reader, caller: Caller, form: Grouped, limit: int) -> list[Row]:
    page = Page(since_id=await notifications.read_to(read, caller.me), limit=limit)
    return await notifications.page(
        read, caller.viewer, caller.me, page, types=form.kinds(), by_actor=form.account_id
    )


PATH = "/api/v2/notifications"
ROUTES = [
    Route(PATH, index),
    Route(f"{PATH}/unread_count", unread_count),
    Route(f"{PATH}/{{key}}", show),
    Route(f"{PATH}/{{key}}/accounts", people),
    Route(f"{PATH}/{{key}}/dismiss", dismiss, methods=["POST"]),
]
