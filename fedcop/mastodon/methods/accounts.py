"""/api/v1/accounts: who people and communities are, and one's own account."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities import status as statuses
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import accounts, actors, follows, memberships, timelines, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer

MOST_IDS = 80


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """A list of account ids."""

    id: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_IDS)] = ()


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """A handle in any of its spellings."""

    acct: str


class Statuses(Paging, frozen=True, kw_only=True):
    """Which of an account's statuses are asked for."""

    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    exclude_direct: bool = False
    pinned: bool = False
    tagged: str | None = None


async def find_actor(read: Reader, caller: Caller, actor_id: int) -> Actor:
    """Give an account that the caller may know of; raise ``NotFound`` for any other."""
    actor = await actors.find(read, caller.viewer, ActorId(actor_id))
    if actor is None or actor.state == "deleted":
        raise NotFound(ABSENT)
    return actor


async def show(request: Request) -> Response:
    """GET /api/v1/accounts/:id."""
    caller, actor = await auth.read_open(request, "read:accounts", find_actor, forms.number(request))
    return answer.entity(entities.account(actor, place(request, caller)))


async def index(request: Request) -> Response:
    """GET /api/v1/accounts?id[]=."""
    form = await forms.read(request, Ids)
    caller, found = await auth.read_open(request, "read:accounts", _by_ids, form.id)
    return answer.entity(entities.accounts(found, place(request, caller)))


async def _by_ids(read: Reader, caller: Caller, ids: tuple[int, ...]) -> list[Actor]:
    return await actors.by_ids(read, caller.viewer, ids)


async def verify_credentials(request: Request) -> Response:
    """GET /api/v1/accounts/verify_credentials."""
    return await oneself(request, "profile")


async def oneself(request: Request, scope: str) -> Response:
    """Answer with the caller's own account, to whoever holds the scope of what was asked."""
    caller, (actor, sign_in, waiting) = await auth.read(request, scope, own)
    return answer.entity(entities.credential(actor, sign_in, waiting, place(request, caller)))


async def own(read: Reader, caller: Caller) -> tuple[Actor, accounts.Account, int]:
    """Give the caller's actor and account, and how many requests wait for their decision."""
    actor = await find_actor(read, caller, caller.me)
    sign_in = await sign_in_of(read, caller.me)
    return actor, sign_in, await memberships.requests_count(read, caller.viewer, caller.me)


async def sign_in_of(read: Reader, actor_id: ActorId) -> accounts.Account:
    """Give the account with which a person signs in here."""
    sign_in = await accounts.find(read, actor_id)
    if sign_in is None:
        raise NotFound(ABSENT)
    return sign_in


async def lookup(request: Request) -> Response:
    """GET /api/v1/accounts/lookup: one held handle, whatever its spelling; nothing is fetched."""
    node: Node = request.app.state.node
    form = await forms.read(request, Lookup)
    handle, _, domain = form.acct.strip().lstrip("@!").partition("@")
    if domain.lower() in ("", node.uris.host):
        domain = node.uris.domain
    caller, actor = await auth.read_open(request, "read:accounts", _by_handle, handle, domain)
    return answer.entity(entities.account(actor, place(request, caller)))


async def _by_handle(read: Reader, caller: Caller, handle: str, domain: str) -> Actor:
    actor = await actors.find_by_handle(read, caller.viewer, handle, domain)
    if actor is None:
        raise NotFound(ABSENT)
    return actor


async def relationships(request: Request) -> Response:
    """GET /api/v1/accounts/relationships."""
    form = await forms.read(request, Ids)
    now = request.app.state.node.clock.now()
    _, rows = await auth.read(request, "read:follows", _relationships, form.id, now)
    return answer.entity([entities.relationship(row) for row in rows])


async def _relationships(
    read: Reader, caller: Caller, ids: tuple[int, ...], now: datetime
) -> list[follows.Relationship]:
    return await follows.relationships(read, caller.viewer, caller.me, ids, now)


async def of_account(request: Request) -> Response:
    """GET /api/v1/accounts/:id/statuses."""
    form = await forms.read(request, Statuses)
    page = form.page(20, 40)
    caller, found = await auth.read_open(
        request, "read:statuses", _statuses, forms.number(request), form, page
    )
    at = place(request, caller)
    shown = statuses.statuses(filtering.shown(found, at, "account"), at)
    return answer.page(request, shown, page, [view.entry_id for view in found])


async def _statuses(
    read: Reader, caller: Caller, actor_id: int, form: Statuses, page: Page
) -> list[PostView]:
    actor = await find_actor(read, caller, actor_id)
    ids = await timelines.account(
        read,
        caller.viewer,
        actor,
        page,
        exclude_replies=form.exclude_replies,
        exclude_reblogs=form.exclude_reblogs,
        exclude_direct=form.exclude_direct,
        only_media=form.only_media,
        pinned=form.pinned,
        tagged=form.tagged,
    )
    return await views.views(read, caller.viewer, ids)


async def followers(request: Request) -> Response:
    """GET /api/v1/accounts/:id/followers."""
    return await _listed(request, follows.followers)


async def following(request: Request) -> Response:
    """GET /api/v1/accounts/:id/following."""
    return await _listed(request, follows.following)


Listing = Callable[[Reader, Viewer, ActorId, Page], Awaitable[list[tuple[int, Actor]]]]


async def _listed(request: Request, listing: Listing) -> Response:
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, rows = await auth.read_open(request, "read:accounts", _rows, forms.number(request), listing, page)
    return listed(request, caller, rows, page)


async def _rows(
    read: Reader, caller: Caller, actor_id: int, listing: Listing, page: Page
) -> list[tuple[int, Actor]]:
    actor = await find_actor(read, caller, actor_id)
    return await listing(read, caller.viewer, actor.id, page)


def listed(request: Request, caller: Caller, rows: list[tuple[int, Actor]], page: Page) -> Response:
    """Give a page of accounts whose cursors are the ids of the rows that list them."""
    found = entities.accounts((actor for _, actor in rows), place(request, caller))
    return answer.page(request, found, page, [row_id for row_id, _ in rows], full_only=True)


ROUTES = [
    Route("/api/v1/accounts/verify_credentials", verify_credentials),
    Route("/api/v1/accounts/relationships", relationships),
    Route("/api/v1/accounts/lookup", lookup),
    Route("/api/v1/accounts", index),
    Route("/api/v1/accounts/{id}", show),
    Route("/api/v1/accounts/{id}/statuses", of_account),
    Route("/api/v1/accounts/{id}/followers", followers),
    Route("/api/v1/accounts/{id}/following", following),
]
