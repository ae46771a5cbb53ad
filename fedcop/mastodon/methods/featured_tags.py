"""/api/v1/featured_tags: hashtags that a person shows on their profile."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import tag as entities
from fedcop.mastodon.entities.instance import MOST_TAGS
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.methods.tags import show
from fedcop.mastodon.methods.timelines import folded
from fedcop.node import Node
from storage import actors, featured_tags, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.featured_tags import FeaturedTag
from storage.ids import ActorId


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag to be shown, with or without its #."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


async def index(request: Request) -> Response:
    """GET /api/v1/featured_tags."""
    caller, (actor, rows) = await auth.read(request, "read:accounts", _mine)
    return answer.entity(_entities(actor, rows, place(request, caller)))


async def _mine(read: Reader, caller: Caller) -> tuple[Actor, list[FeaturedTag]]:
    return await _of(read, caller, caller.me)


async def _of(read: Reader, caller: Caller, actor_id: ActorId) -> tuple[Actor, list[FeaturedTag]]:
    actor = await actors.find(read, caller.viewer, actor_id)
    if actor is None:
        raise NotFound(ABSENT)
    return actor, await featured_tags.of(read, caller.viewer, actor_id)


def _entities(actor: Actor, rows: list[FeaturedTag], at: Place) -> list[entities.FeaturedTag]:
    return [entities.featured(row, actor, at) for row in rows]


async def of_account(request: Request) -> Response:
    """GET /api/v1/accounts/:id/featured_tags."""
    asked = ActorId(forms.number(request))
    caller, (actor, rows) = await auth.read_open(request, "read:accounts", _of, asked)
    return answer.entity(_entities(actor, rows, place(request, caller)))


async def create(request: Request) -> Response:
    """POST /api/v1/featured_tags."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    form = await forms.read(request, Form)
    name = form.name.strip().lstrip("#")
    _ensure_tag(name)
    row_id = node.ids.next(node.clock.now())
    await node.store.write(_add, row_id, person.actor.id, name)
    caller, (actor, rows) = await auth.read(request, "write:accounts", _mine)
    added = [row for row in rows if row.id == row_id]
    return answer.entity(_entities(actor, added, place(request, caller))[0])


def _ensure_tag(name: str) -> None:
    if not folded(name).isidentifier() and not folded(name).isalnum():
        raise Invalid(name="is invalid")


async def _add(tx: Transaction, row_id: int, me: ActorId, name: str) -> None:
    if await featured_tags.count(tx, me) >= MOST_TAGS:
        raise Invalid(f"Validation failed: {MOST_TAGS} hashtags are the most that a profile shows")
    if not await featured_tags.add(tx, row_id, me, tag=folded(name), name=name):
        raise Invalid(tag="has already been taken")


async def feature(request: Request) -> Response:
    """POST /api/v1/tags/:name/feature; one that is shown already stays so."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    name: str = request.path_params["name"].lstrip("#")
    _ensure_tag(name)
    row_id = node.ids.next(node.clock.now())
    await node.store.write(_add_once, row_id, person.actor.id, name)
    return await show(request)


async def _add_once(tx: Transaction, row_id: int, me: ActorId, name: str) -> None:
    if folded(name) not in {row.tag for row in await featured_tags.of(tx, visible.person(me), me)}:
        await _add(tx, row_id, me, name)


async def unfeature(request: Request) -> Response:
    """POST /api/v1/tags/:name/unfeature."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    await node.store.write(featured_tags.remove_tag, person.actor.id, folded(request.path_params["name"]))
    return await show(request)


async def remove(request: Request) -> Response:
    """DELETE /api/v1/featured_tags/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    if not await node.store.write(featured_tags.remove, person.actor.id, forms.number(request)):
        raise NotFound(ABSENT)
    return answer.entity({})


async def suggestions(request: Request) -> Response:
    """GET /api/v1/featured_tags/suggestions: what the caller's posts bear most often."""
    caller, names = await auth.read(request, "read:accounts", _used)
    at = place(request, caller)
    return answer.entity([entities.tag(name, at, following=False) for name in names])


async def _used(read: Reader, caller: Caller) -> list[str]:
    return await featured_tags.used(read, caller.me)


ROUTES = [
    Route("/api/v1/featured_tags", index),
    Route("/api/v1/featured_tags", create, methods=["POST"]),
    Route("/api/v1/featured_tags/suggestions", suggestions),
    Route("/api/v1/featured_tags/{id}", remove, methods=["DELETE"]),
    Route("/api/v1/accounts/{id}/featured_tags", of_account),
    Route("/api/v1/tags/{name}/feature", feature, methods=["POST"]),
    Route("/api/v1/tags/{name}/unfeature", unfeature, methods=["POST"]),
]
