"""/api/v1/filters: a filter with one word each, as Tusky and older clients have them.

The id is that of the keyword: a filter of several words, made by version 2, is several here.
"""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities.filter import V1Filter, v1_filters
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.methods.filters import Word, expiry, nothing_more, put
from fedcop.node import Node
from storage import filters
from storage.engine import Transaction
from storage.filters import Context, Filter, Keyword
from storage.ids import ActorId


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of one word."""

    phrase: Word
    context: Annotated[tuple[Context, ...], msgspec.Meta(min_length=1)]
    irreversible: bool = False
    whole_word: bool = True
    expires_in: int | None = None


def _all(caller: Caller) -> dict[int, tuple[Filter, V1Filter]]:
    return {int(one.id): (row, one) for row in caller.filters for one in v1_filters(row)}


def _one(caller: Caller, word_id: int) -> tuple[Filter, V1Filter]:
    found = _all(caller).get(word_id)
    if found is None:
        raise NotFound(ABSENT)
    return found


async def index(request: Request) -> Response:
    """GET /api/v1/filters."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity([one for _, one in _all(caller).values()])


async def show(request: Request) -> Response:
    """GET /api/v1/filters/:id."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity(_one(caller, forms.number(request))[1])


def _filter(node: Node, form: Form, filter_id: int) -> Filter:
    return Filter(
        id=filter_id,
        title=form.phrase[:256],
        contexts=tuple(dict.fromkeys(form.context)),
        action="hide" if form.irreversible else "warn",
        expires_at=expiry(form.expires_in, node.clock.now()),
    )


async def create(request: Request) -> Response:
    """POST /api/v1/filters."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:filters")
    form = await forms.read(request, Form)
    now = node.clock.now()
    new = _filter(node, form, node.ids.next(now))
    word = Keyword(node.ids.next(now), new.id, form.phrase, form.whole_word)
    return answer.entity(v1_filters(await node.store.write(put, person.actor.id, new, [word]))[0])


async def update(request: Request) -> Response:
    """PUT /api/v1/filters/:id; that of a filter with several words is changed by version 2 only."""
    node: Node = request.app.state.node
    form = await forms.read(request, Form)
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    row, held = _one(caller, forms.number(request))
    if len(row.keywords) > 1:
        raise Invalid("Validation failed: This filter has several words; a newer client changes it")
    word = Keyword(int(held.id), row.id, form.phrase, form.whole_word)
    changed = await node.store.write(put, caller.me, _filter(node, form, row.id), [word])
    return answer.entity(v1_filters(changed)[0])


async def remove(request: Request) -> Response:
    """DELETE /api/v1/filters/:id: the word goes, and with the last one the filter."""
    node: Node = request.app.state.node
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    row, held = _one(caller, forms.number(request))
    await node.store.write(_remove, caller.me, row, int(held.id))
    return answer.entity({})


async def _remove(tx: Transaction, me: ActorId, row: Filter, word_id: int) -> None:
    if len(row.keywords) > 1:
        await filters.remove_keywords(tx, row.id, [word_id])
    else:
        await filters.remove(tx, me, row.id)


ROUTES = [
    Route("/api/v1/filters", index),
    Route("/api/v1/filters", create, methods=["POST"]),
    Route("/api/v1/filters/{id}", show),
    Route("/api/v1/filters/{id}", update, methods=["PUT"]),
    Route("/api/v1/filters/{id}", remove, methods=["DELETE"]),
]
