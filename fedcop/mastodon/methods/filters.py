"""/api/v2/filters: words and single statuses that a person would rather not read, and where."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import filter as entities
from fedcop.mastodon.entities.filter import filter_
from fedcop.mastodon.forms import ABSENT
from fedcop.node import Node
from storage import filters, posts
from storage.engine import Reader, Transaction
from storage.filters import Action, Chosen, Context, Filter, Keyword
from storage.ids import ActorId, PostId
from storage.visible import Viewer

T = TypeVar("T", Keyword, Chosen)

MOST_FILTERS = 200
MOST_KEYWORDS = 300
# In all filters of a person: with every request they are read, and looked for in each status.
MOST_WORDS = 1000
MOST_STATUSES = 1000
LONGEST = 100 * 365 * 86_400  # seconds: no calendar goes as far as a number that somebody may send

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword in a form: a new one, one that is held (``id``), or one to be removed."""

    id: int | None = None
    keyword: Word | None = None
    whole_word: bool = True
    destroy: bool = msgspec.field(default=False, name="_destroy")


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A filter to be made, or what of one is to be another."""

    title: Title | None = None
    context: tuple[Context, ...] = ()
    filter_action: Literal["warn", "hide", "blur"] | None = None
    expires_in: int | None = None
    keywords_attributes: Annotated[tuple[Part, ...], msgspec.Meta(max_length=MOST_KEYWORDS)] = ()

    @property
    def action(self) -> Action | None:
        """Give what is to be done; to blur is to warn: Ice Cubes reads no page that has the newer word."""
        return "warn" if self.filter_action == "blur" else self.filter_action


class WordForm(msgspec.Struct, frozen=True, kw_only=True):
    """One keyword of a filter."""

    keyword: Word
    whole_word: bool = True


class StatusForm(msgspec.Struct, frozen=True, kw_only=True):
    """One status of a filter."""

    status_id: int


async def index(request: Request) -> Response:
    """GET /api/v2/filters."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity([filter_(row) for row in caller.filters])


async def nothing_more(read: Reader, caller: Caller) -> None:
    """Read no more than who asks: their filters come with that."""


async def show(request: Request) -> Response:
    """GET /api/v2/filters/:id."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity(filter_(_held(caller.filters, forms.number(request))))


def _held(rows: tuple[Filter, ...], filter_id: int) -> Filter:
    found = next((row for row in rows if row.id == filter_id), None)
    if found is None:
        raise NotFound(ABSENT)
    return found


async def create(request: Request) -> Response:
    """POST /api/v2/filters."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:filters")
    form = await forms.read(request, Form)
    if form.title is None:
        raise Invalid(title="can't be blank")
    if not form.context:
        raise Invalid(context="can't be blank")
    now = node.clock.now()
    new = Filter(
        id=node.ids.next(now),
        title=form.title,
        contexts=tuple(dict.fromkeys(form.context)),
        action=form.action or "warn",
        expires_at=expiry(form.expires_in, now),
    )
    return answer.entity(filter_(await node.store.write(put, person.actor.id, new, _words(node, new, form))))


def expiry(seconds: int | None, now: datetime) -> datetime | None:
    """Give when a filter goes out of force; None and nothing stand for never."""
    return None if not seconds or seconds < 0 else now + timedelta(seconds=min(seconds, LONGEST))


def _words(node: Node, row: Filter, form: Form) -> list[Keyword]:
    """Give the keywords that a form adds to a filter or changes in it."""
    held = {one.id: one for one in row.keywords}
    words = []
    for one in form.keywords_attributes:
        if one.destroy:
            continue
        if one.id is not None and one.id not in held:
            raise NotFound(ABSENT)
        before = held.get(one.id or 0)
        keyword = one.keyword or (before.keyword if before else None)
        if keyword is None:
            raise Invalid(keywords="can't be blank")
        word_id = one.id or node.ids.next(node.clock.now())
        words.append(Keyword(word_id, row.id, keyword, one.whole_word))
    return words


async def put(
    tx: Transaction, me: ActorId, new: Filter, words: list[Keyword], removed: tuple[int, ...] = ()
) -> Filter:
    """Store a filter with keywords that are new or another, and give it whole."""
    held = await filters.all_of(tx, me)
    if len(held) >= MOST_FILTERS and new.id not in {row.id for row in held}:
        raise Invalid(f"Validation failed: {MOST_FILTERS} filters are the most that a person may have")
    await filters.put(tx, me, new)
    await filters.remove_keywords(tx, new.id, removed)
    await filters.put_keywords(tx, words)
    stored = await filters.all_of(tx, me)
    whole = _held(stored, new.id)
    if len(whole.keywords) > MOST_KEYWORDS:
        raise Invalid(f"Validation failed: {MOST_KEYWORDS} keywords are the most that a filter may have")
    if sum(len(row.keywords) for row in stored) > MOST_WORDS:
        raise Invalid(f"Validation failed: {MOST_WORDS} keywords are the most that a person may have")
    return whole


async def update(request: Request) -> Response:
    """PUT /api/v2/filters/:id: what is absent stays."""
    node: Node = request.app.state.node
    form = await forms.read(request, Form)
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    row = _held(caller.filters, forms.number(request))
    changed = msgspec.structs.replace(
        row,
        title=form.title or row.title,
        contexts=tuple(dict.fromkeys(form.context)) or row.contexts,
        action=form.action or row.action,
        expires_at=row.expires_at if form.expires_in is None else expiry(form.expires_in, node.clock.now()),
    )
    removed = tuple(one.id for one in form.keywords_attributes if one.destroy and one.id is not None)
    words = _words(node, row, form)
    return answer.entity(filter_(await node.store.write(put, caller.me, changed, words, removed)))


async def remove(request: Request) -> Response:
    """DELETE /api/v2/filters/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:filters")
    if not await node.store.write(filters.remove, person.actor.id, forms.number(request)):
        raise NotFound(ABSENT)
    return answer.entity({})


async def keywords(request: Request) -> Response:
    """GET /api/v2/filters/:id/keywords."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    row = _held(caller.filters, forms.number(request))
    return answer.entity([entities.keyword(one) for one in row.keywords])


async def add_keyword(request: Request) -> Response:
    """POST /api/v2/filters/:id/keywords."""
    node: Node = request.app.state.node
    form = await forms.read(request, WordForm)
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    row = _held(caller.filters, forms.number(request))
    word = Keyword(node.ids.next(node.clock.now()), row.id, form.keyword, form.whole_word)
    await node.store.write(put, caller.me, row, [word])
    return answer.entity(entities.keyword(word))


def _part(parts: list[T], part_id: int) -> T:
    found = next((one for one in parts if one.id == part_id), None)
    if found is None:
        raise NotFound(ABSENT)
    return found


def _keyword(caller: Caller, word_id: int) -> Keyword:
    return _part([word for row in caller.filters for word in row.keywords], word_id)


async def show_keyword(request: Request) -> Response:
    """GET /api/v2/filters/keywords/:id."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity(entities.keyword(_keyword(caller, forms.number(request))))


async def update_keyword(request: Request) -> Response:
    """PUT /api/v2/filters/keywords/:id."""
    node: Node = request.app.state.node
    form = await forms.read(request, WordForm)
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    held = _keyword(caller, forms.number(request))
    word = Keyword(held.id, held.filter_id, form.keyword, form.whole_word)
    await node.store.write(filters.put_keywords, [word])
    return answer.entity(entities.keyword(word))


async def remove_keyword(request: Request) -> Response:
    """DELETE /api/v2/filters/keywords/:id."""
    node: Node = request.app.state.node
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    held = _keyword(caller, forms.number(request))
    await node.store.write(filters.remove_keywords, held.filter_id, [held.id])
    return answer.entity({})


async def statuses(request: Request) -> Response:
    """GET /api/v2/filters/:id/statuses."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    return answer.entity(filter_(_held(caller.filters, forms.number(request))).statuses)


async def add_status(request: Request) -> Response:
    """POST /api/v2/filters/:id/statuses."""
    node: Node = request.app.state.node
    form = await forms.read(request, StatusForm)
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    row = _held(caller.filters, forms.number(request))
    chosen = Chosen(node.ids.next(node.clock.now()), row.id, PostId(form.status_id))
    await node.store.write(_add_post, caller.viewer, chosen)
    return answer.entity(entities.FilterStatus(str(chosen.id), str(chosen.post_id)))


async def _add_post(tx: Transaction, viewer: Viewer, chosen: Chosen) -> None:
    if await posts.find(tx, viewer, chosen.post_id) is None:
        raise NotFound(ABSENT)
    if not await filters.add_post(tx, chosen):
        raise Invalid(status="has already been taken")
    if sum(len(row.posts) for row in await filters.all_of(tx, viewer.actor)) > MOST_STATUSES:
        raise Invalid(f"Validation failed: {MOST_STATUSES} statuses are the most that a person may filter")


def _chosen(caller: Caller, chosen_id: int) -> Chosen:
    return _part([post for row in caller.filters for post in row.posts], chosen_id)


async def show_status(request: Request) -> Response:
    """GET /api/v2/filters/statuses/:id."""
    caller, _ = await auth.read(request, "read:filters", nothing_more)
    held = _chosen(caller, forms.number(request))
    return answer.entity(entities.FilterStatus(str(held.id), str(held.post_id)))


async def remove_status(request: Request) -> Response:
    """DELETE /api/v2/filters/statuses/:id; what was removed is told."""
    node: Node = request.app.state.node
    caller, _ = await auth.read(request, "write:filters", nothing_more)
    held = _chosen(caller, forms.number(request))
    await node.store.write(filters.remove_post, held.filter_id, held.id)
    return answer.entity(entities.FilterStatus(str(held.id), str(held.post_id)))


ROUTES = [
    Route("/api/v2/filters", index),
    Route("/api/v2/filters", create, methods=["POST"]),
    Route("/api/v2/filters/keywords/{id}", show_keyword),
    Route("/api/v2/filters/keywords/{id}", update_keyword, methods=["PUT"]),
    Route("/api/v2/filters/keywords/{id}", remove_keyword, methods=["DELETE"]),
    Route("/api/v2/filters/statuses/{id}", show_status),
    Route("/api/v2/filters/statuses/{id}", remove_status, methods=["DELETE"]),
    Route("/api/v2/filters/{id}", show),
    Route("/api/v2/filters/{id}", update, methods=["PUT"]),
    Route("/api/v2/filters/{id}", remove, methods=["DELETE"]),
    Route("/api/v2/filters/{id}/keywords", keywords),
    Route("/api/v2/filters/{id}/keywords", add_keyword, methods=["POST"]),
    Route("/api/v2/filters/{id}/statuses", statuses),
    Route("/api/v2/filters/{id}/statuses", add_status, methods=["POST"]),
]
