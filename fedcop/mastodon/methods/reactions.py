"""/api/v1/statuses/:id/...: favourite, reblog, bookmark, pin and mute, their undoing, and who did."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import boost, like
from fedcop.actions.boost import Audience
from fedcop.mastodon import auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.methods.accounts import listed
from fedcop.mastodon.methods.statuses import acting, find_entry, shown
from fedcop.node import Node
from storage import entries, likes
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.pages import Page
from storage.visible import Viewer

# As a status has them; who may see that one boosted it is never one person.
AUDIENCES: Mapping[str, Audience] = {"public": "public", "unlisted": "unlisted"}

Act = Callable[[Node, Actor, PostId], Awaitable[object]]
Listing = Callable[[Reader, Viewer, PostId, Page], Awaitable[list[tuple[int, Actor]]]]


class Reblog(msgspec.Struct, frozen=True, kw_only=True):
    """Who may see that somebody boosted a status."""

    visibility: str | None = None


def reaction(scope: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that does something with the post behind a status and shows that post."""

    async def endpoint(request: Request) -> Response:
        person, entry = await acting(request, scope)
        await act(request.app.state.node, person.actor, entry.post_id)
        return await shown(request, entry.post_id, scope)

    return endpoint


async def reblog(request: Request) -> Response:
    """POST /api/v1/statuses/:id/reblog: the wrapper that this makes."""
    form = await forms.read(request, Reblog)
    person, entry = await acting(request, "write:statuses")
    # As for a status, a word that is not known narrows.
    audience = AUDIENCES.get(form.visibility, "followers") if form.visibility else "public"
    entry_id = await boost.boost(request.app.state.node, person.actor, entry.post_id, audience)
    return await shown(request, entry_id, "write:statuses")


def who(listing: Listing) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that lists the accounts that did something with the post behind a status."""

    async def endpoint(request: Request) -> Response:
        page = (await forms.read(request, Paging)).page(40, 80)
        caller, rows = await auth.read_open(
            request, "read:accounts", _who, forms.number(request), listing, page
        )
        return listed(request, caller, rows, page)

    return endpoint


async def _who(
    read: Reader, caller: Caller, status_id: int, listing: Listing, page: Page
) -> list[tuple[int, Actor]]:
    entry = await find_entry(read, caller, status_id)
    return await listing(read, caller.viewer, entry.post_id, page)


_REACTIONS = {
    "favourite": reaction("write:favourites", like.like),
    "unfavourite": reaction("write:favourites", like.unlike),
    "reblog": reblog,
    "unreblog": reaction("write:statuses", boost.unboost),
    "bookmark": reaction("write:bookmarks", like.bookmark),
    "unbookmark": reaction("write:bookmarks", like.unbookmark),
    "pin": reaction("write:accounts", like.pin),
    "unpin": reaction("write:accounts", like.unpin),
    "mute": reaction("write:mutes", like.mute_thread),
    "unmute": reaction("write:mutes", like.unmute_thread),
}

ROUTES = [
    Route("/api/v1/statuses/{id}/reblogged_by", who(entries.boosters)),
    Route("/api/v1/statuses/{id}/favourited_by", who(likes.likers)),
    *(
        Route(f"/api/v1/statuses/{{id}}/{name}", endpoint, methods=["POST"])
        for name, endpoint in _REACTIONS.items()
    ),
]
