"""/api/v1/timelines, and the two lists that a person keeps: favourites and bookmarks."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.content import markup
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities import status as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import Paging
from storage import conversations, timelines, views
from storage.engine import Reader
from storage.filters import Context
from storage.ids import ActorId, EntryId
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer


class Public(Paging, frozen=True, kw_only=True):
    """Which part of what everybody may read."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


class Tagged(Public, frozen=True, kw_only=True):
    """Which combination of hashtags, beside the one in the address."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


async def home(request: Request) -> Response:
    """GET /api/v1/timelines/home."""
    page = (await forms.read(request, Paging)).page(20, 40)
    now = request.app.state.node.clock.now()
    caller, found = await auth.read(request, "read:statuses", _home, page, now)
    return timeline(request, caller, found, page, context="home")


async def _home(read: Reader, caller: Caller, page: Page, now: datetime) -> list[PostView]:
    return await timelines.home_views(read, caller.viewer, caller.me, page, now)


async def public(request: Request) -> Response:
    """GET /api/v1/timelines/public: no boosts and no announces."""
    form = await forms.read(request, Public)
    page = form.page(20, 40)
    now = request.app.state.node.clock.now()
    caller, found = await auth.read_open(request, "read:statuses", _public, form, page, now)
    return timeline(request, caller, found, page, context="public")


async def _public(read: Reader, caller: Caller, form: Public, page: Page, now: datetime) -> list[PostView]:
    ids = await timelines.public(
        read, caller.viewer, page, now, local=form.local, remote=form.remote, only_media=form.only_media
    )
    return await views.views(read, caller.viewer, ids)


async def tag(request: Request) -> Response:
    """GET /api/v1/timelines/tag/:tag."""
    form = await forms.read(request, Tagged)
    page = form.page(20, 40)
    name: str = request.path_params["tag"]
    now = request.app.state.node.clock.now()
    caller, found = await auth.read_open(request, "read:statuses", _tag, name, form, page, now)
    return timeline(request, caller, found, page, context="public")


async def _tag(
    read: Reader, caller: Caller, name: str, form: Tagged, page: Page, now: datetime
) -> list[PostView]:
    ids = await timelines.tag(
        read,
        caller.viewer,
        page,
        now,
        any_of=[folded(name), *map(folded, form.any)],
        all_of=[folded(one) for one in form.all],
        none_of=[folded(one) for one in form.none],
        local=form.local,
        remote=form.remote,
        only_media=form.only_media,
    )
    return await views.views(read, caller.viewer, ids)


async def direct(request: Request) -> Response:
    """GET /api/v1/timelines/direct: what older clients read instead of conversations."""
    page = (await forms.read(request, Paging)).page(20, 40)
    caller, found = await auth.read(request, "read:statuses", _direct, page)
    return timeline(request, caller, found, page, context="public")


async def _direct(read: Reader, caller: Caller, page: Page) -> list[PostView]:
    return await views.views(
        read, caller.viewer, await conversations.direct(read, caller.viewer, caller.me, page)
    )


def folded(name: str) -> str:
    """Give a hashtag as rows hold it."""
    return markup.tag_key(name.strip().lstrip("#"))


def timeline(
    request: Request, caller: Caller, found: list[PostView], page: Page, *, context: Context
) -> Response:
    """Give a page of statuses, without what the caller's filters hide in a context."""
    at = place(request, caller)
    statuses = entities.statuses(filtering.shown(found, at, context), at)
    return answer.page(request, statuses, page, [view.entry_id for view in found])


Kept = Callable[[Reader, Viewer, ActorId, Page], Awaitable[list[tuple[int, EntryId]]]]


def kept(scope: str, listing: Kept) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint of a list of statuses whose cursors are the ids of the rows that keep them."""

    async def endpoint(request: Request) -> Response:
        page = (await forms.read(request, Paging)).page(20, 40)
        caller, (rows, found) = await auth.read(request, scope, _kept, listing, page)
        statuses = entities.statuses(found, place(request, caller))
        return answer.page(request, statuses, page, [row_id for row_id, _ in rows], full_only=True)

    return endpoint


async def _kept(
    read: Reader, caller: Caller, listing: Kept, page: Page
) -> tuple[list[tuple[int, EntryId]], list[PostView]]:
    rows = await listing(read, caller.viewer, caller.me, page)
    return rows, await views.views(read, caller.viewer, [entry_id for _, entry_id in rows])


ROUTES = [
    Route("/api/v1/timelines/home", home),
    Route("/api/v1/timelines/public", public),
    Route("/api/v1/timelines/tag/{tag}", tag),
    Route("/api/v1/timelines/direct", direct),
    Route("/api/v1/favourites", kept("read:favourites", timelines.liked)),
    Route("/api/v1/bookmarks", kept("read:bookmarks", timelines.bookmarks)),
]
