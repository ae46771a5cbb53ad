"""/api/v1/conversations: threads of direct statuses."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import conversation as entities
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import actors, conversations, views
from storage.actors import Actor
from storage.conversations import Conversation as Row
from storage.engine import Reader
from storage.ids import PostId
from storage.pages import Page
from storage.views import PostView


class Held(msgspec.Struct, frozen=True):
    """Conversations with what they name."""

    rows: list[Row]
    posts: dict[int, PostView]
    people: dict[int, Actor]


async def index(request: Request) -> Response:
    """GET /api/v1/conversations, paged by the last statuses."""
    page = (await forms.read(request, Paging)).page(20, 40)
    caller, held = await auth.read(request, "read:statuses", _page, page)
    shown = shown_of(held, place(request, caller))
    return answer.page(request, shown, page, [row.last_post_id for row in held.rows], full_only=True)


def shown_of(held: Held, at: Place) -> list[entities.Conversation]:
    """Give the entities of conversations whose last status the caller may see."""
    return [
        entities.conversation(row, held.posts[row.last_post_id], held.people, at)
        for row in held.rows
        if row.last_post_id in held.posts
    ]


async def _page(read: Reader, caller: Caller, page: Page) -> Held:
    return await _held(read, caller, await conversations.page(read, caller.viewer, caller.me, page))


async def _held(read: Reader, caller: Caller, rows: list[Row]) -> Held:
    found = await views.views(read, caller.viewer, [row.last_post_id for row in rows])
    ids = {view.author.id for view in found} | {one.actor_id for view in found for one in view.mentions}
    people = await actors.by_ids(read, caller.viewer, sorted(ids))
    return Held(rows, {view.post.id: view for view in found}, {one.id: one for one in people})


async def one(read: Reader, caller: Caller, root_id: PostId) -> Held:
    """Give one conversation of the caller, with what it names; no rows if there is none."""
    row = await conversations.find(read, caller.viewer, root_id)
    return await _held(read, caller, [] if row is None else [row])


def mark(*, unread: bool) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that marks a conversation as read, or as one to come back to."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        person = await auth.person(request, "write:conversations")
        root_id = PostId(forms.number(request))
        await node.store.write(conversations.mark, person.actor.id, root_id, unread=unread)
        caller, held = await auth.read(request, "write:conversations", one, root_id)
        shown = shown_of(held, place(request, caller))
        if not shown:
            raise NotFound(ABSENT)
        return answer.entity(shown[0])

    return endpoint


async def remove(request: Request) -> Response:
    """DELETE /api/v1/conversations/:id: the statuses stay."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:conversations")
    if not await node.store.write(conversations.remove, person.actor.id, PostId(forms.number(request))):
        raise NotFound(ABSENT)
    return answer.entity({})


ROUTES = [
    Route("/api/v1/conversations", index),
    Route("/api/v1/conversations/{id}", remove, methods=["DELETE"]),
    Route("/api/v1/conversations/{id}/read", mark(unread=False), methods=["POST"]),
    Route("/api/v1/conversations/{id}/unread", mark(unread=True), methods=["POST"]),
]
