"""/api/v1/tags and /api/v1/followed_tags."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import tag as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.mastodon.methods.timelines import folded
from fedcop.node import Node
from storage import featured_tags, tags
from storage.engine import Reader
from storage.pages import Page

LONGEST = 100


async def show(request: Request) -> Response:
    """GET /api/v1/tags/:name."""
    name = _name(request)
    caller, (following, featuring) = await auth.read_open(request, "read", _marks, name)
    at = place(request, caller)
    return answer.entity(entities.tag(name, at, following=following, featuring=featuring))


def _name(request: Request) -> str:
    name = folded(request.path_params["name"])
    if not name or len(name) > LONGEST:
        raise NotFound(ABSENT)
    return name


async def _marks(read: Reader, caller: Caller, name: str) -> tuple[bool, bool]:
    followed = await tags.is_followed(read, caller.me, name)
    return followed, await featured_tags.is_shown(read, caller.me, name)


async def follow(request: Request) -> Response:
    """POST /api/v1/tags/:name/follow."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:follows")
    await node.store.write(tags.follow, node.ids.next(node.clock.now()), person.actor.id, _name(request))
    return await show(request)


async def unfollow(request: Request) -> Response:
    """POST /api/v1/tags/:name/unfollow."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:follows")
    await node.store.write(tags.unfollow, person.actor.id, _name(request))
    return await show(request)


async def followed(request: Request) -> Response:
    """GET /api/v1/followed_tags."""
    page = (await forms.read(request, Paging)).page(100, 200)
    caller, rows = await auth.read(request, "read:follows", _followed, page)
    at = place(request, caller)
    return answer.page(
        request,
        [entities.tag(row.tag, at, following=True) for row in rows],
        page,
        [row.id for row in rows],
        full_only=True,
    )


async def _followed(read: Reader, caller: Caller, page: Page) -> list[tags.Followed]:
    return await tags.followed(read, caller.me, page)


ROUTES = [
    Route("/api/v1/followed_tags", followed),
    Route("/api/v1/tags/{name}", show),
    Route("/api/v1/tags/{name}/follow", follow, methods=["POST"]),
    Route("/api/v1/tags/{name}/unfollow", unfollow, methods=["POST"]),
]
