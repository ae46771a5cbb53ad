"""/api/v1/lists and their timelines.

Each community that a person joined is a list too, with the community's id: it may be made exclusive and
renamed, and goes when the membership does (mastodon-api.md 4.3).
"""

from datetime import datetime
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller, Person
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities.list import list_
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.mastodon.methods.timelines import timeline as page_of
from fedcop.node import Node
from storage import lists, views
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.lists import List, Replies
from storage.pages import Page
from storage.views import PostView

MOST_LISTS = 50
MOST_AT_ONCE = 80
# Ice Cubes asks for 0, which is all of them.
ALL = 5_000
OF_A_COMMUNITY = "This list is that of a community: join or leave the community instead"

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A list to be made."""

    title: Title
    replies_policy: Replies = "list"
    exclusive: bool = False


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What of a list is to be another."""

    title: Title | None = None
    replies_policy: Replies | None = None
    exclusive: bool | None = None


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to put on a list, or to take off it."""

    account_ids: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_AT_ONCE)] = ()


async def index(request: Request) -> Response:
    """GET /api/v1/lists."""
    _, rows = await auth.read(request, "read:lists", _all)
    return answer.entity([list_(row) for row in rows])


async def _all(read: Reader, caller: Caller) -> list[List]:
    return await lists.all_of(read, caller.me)


async def show(request: Request) -> Response:
    """GET /api/v1/lists/:id."""
    _, row = await auth.read(request, "read:lists", _one, forms.number(request))
    return answer.entity(list_(row))


async def _one(read: Reader, caller: Caller, list_id: int) -> List:
    return await _held(read, caller.me, list_id)


async def _held(read: Reader, me: ActorId, list_id: int) -> List:
    row = await lists.find(read, me, list_id)
    if row is None:
        raise NotFound(ABSENT)
    return row


async def create(request: Request) -> Response:
    """POST /api/v1/lists."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:lists")
    form = await forms.read(request, New)
    list_id = node.ids.next(node.clock.now())
    return answer.entity(list_(await node.store.write(_create, person.actor.id, list_id, form)))


async def _create(tx: Transaction, me: ActorId, list_id: int, form: New) -> List:
    if await lists.count(tx, me) >= MOST_LISTS:
        raise Invalid(f"Validation failed: You have reached the maximum number of lists ({MOST_LISTS})")
    await lists.add(tx, list_id, me, title=form.title, replies=form.replies_policy, exclusive=form.exclusive)
    return await _held(tx, me, list_id)


async def update(request: Request) -> Response:
    """PUT /api/v1/lists/:id: what is absent stays."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:lists")
    form = await forms.read(request, Changed)
    row_id = node.ids.next(node.clock.now())
    row = await node.store.write(_update, person.actor.id, forms.number(request), form, row_id)
    return answer.entity(list_(row))


async def _update(tx: Transaction, me: ActorId, list_id: int, form: Changed, row_id: int) -> List:
    row = await _held(tx, me, list_id)
    row = msgspec.structs.replace(
        row,
        title=form.title or row.title,
        replies=form.replies_policy or row.replies,
        exclusive=row.exclusive if form.exclusive is None else form.exclusive,
    )
    await lists.change(tx, me, row, row_id=row_id)
    return row


async def remove(request: Request) -> Response:
    """DELETE /api/v1/lists/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:lists")
    await node.store.write(_remove, person.actor.id, forms.number(request))
    return answer.entity({})


async def _remove(tx: Transaction, me: ActorId, list_id: int) -> None:
    await _own(tx, me, list_id)
    await lists.remove(tx, me, list_id)


async def _own(tx: Transaction, me: ActorId, list_id: int) -> List:
    row = await _held(tx, me, list_id)
    if row.community_id is not None:
        raise Invalid(OF_A_COMMUNITY)
    return row


async def members(request: Request) -> Response:
    """GET /api/v1/lists/:id/accounts."""
    form = await forms.read(request, Paging)
    page = Page(limit=ALL) if form.limit == 0 else form.page(40, 80)
    caller, rows = await auth.read(request, "read:lists", _members, forms.number(request), page)
    entities = account_entities.accounts([actor for _, actor in rows], place(request, caller))
    return answer.page(request, entities, page, [row_id for row_id, _ in rows], full_only=True)


async def _members(read: Reader, caller: Caller, list_id: int, page: Page) -> list[tuple[int, Actor]]:
    row = await _held(read, caller.me, list_id)
    return [] if row.community_id else await lists.members(read, caller.viewer, list_id, page)


async def add_members(request: Request) -> Response:
    """POST /api/v1/lists/:id/accounts: only whom one follows, and nobody twice."""
    node, person, form = await _asked(request)
    now = node.clock.now()
    rows = [(node.ids.next(now), ActorId(actor_id)) for actor_id in form.account_ids]
    await node.store.write(_add_members, person.actor.id, forms.number(request), rows)
    return answer.entity({})


async def _asked(request: Request) -> tuple[Node, Person, Members]:
    return (
        request.app.state.node,
        await auth.person(request, "write:lists"),
        await forms.read(request, Members),
    )


async def _add_members(tx: Transaction, me: ActorId, list_id: int, rows: list[tuple[int, ActorId]]) -> None:
    await _own(tx, me, list_id)
    wanted = [actor_id for _, actor_id in rows]
    if not set(wanted) <= await lists.followed_among(tx, me, wanted):
        raise NotFound(ABSENT)  # toot tells from this that one has to follow first
    for row_id, actor_id in rows:
        if not await lists.add_member(tx, row_id, list_id, actor_id):
            raise Invalid(account_id="has already been taken")


async def remove_members(request: Request) -> Response:
    """DELETE /api/v1/lists/:id/accounts."""
    node, person, form = await _asked(request)
    await node.store.write(_remove_members, person.actor.id, forms.number(request), form.account_ids)
    return answer.entity({})


async def _remove_members(tx: Transaction, me: ActorId, list_id: int, ids: tuple[int, ...]) -> None:
    await _own(tx, me, list_id)
    await lists.remove_members(tx, list_id, ids)


async def holding(request: Request) -> Response:
    """GET /api/v1/accounts/:id/lists: those of the caller's lists on which an account is."""
    _, rows = await auth.read(request, "read:lists", _holding, ActorId(forms.number(request)))
    return answer.entity([list_(row) for row in rows])


async def _holding(read: Reader, caller: Caller, actor_id: ActorId) -> list[List]:
    ids = await lists.holding(read, caller.me, actor_id)
    return [row for row in await lists.all_of(read, caller.me) if row.id in ids]


async def timeline(request: Request) -> Response:
    """GET /api/v1/timelines/list/:id."""
    page = (await forms.read(request, Paging)).page(20, 40)
    now = request.app.state.node.clock.now()
    caller, found = await auth.read(request, "read:lists", _timeline, forms.number(request), page, now)
    return page_of(request, caller, found, page, context="home")


async def _timeline(read: Reader, caller: Caller, list_id: int, page: Page, now: datetime) -> list[PostView]:
    row = await _held(read, caller.me, list_id)
    return await views.views(read, caller.viewer, await lists.timeline(read, caller.viewer, row, page, now))


ROUTES = [
    Route("/api/v1/lists", index),
    Route("/api/v1/lists", create, methods=["POST"]),
    Route("/api/v1/lists/{id}", show),
    Route("/api/v1/lists/{id}", update, methods=["PUT"]),
    Route("/api/v1/lists/{id}", remove, methods=["DELETE"]),
    Route("/api/v1/lists/{id}/accounts", members),
    Route("/api/v1/lists/{id}/accounts", add_members, methods=["POST"]),
    Route("/api/v1/lists/{id}/accounts", remove_members, methods=["DELETE"]),
    Route("/api/v1/accounts/{id}/lists", holding),
    Route("/api/v1/timelines/list/{id}", timeline),
]
