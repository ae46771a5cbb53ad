"""/api/v2/search, its first version, and /api/v1/accounts/search."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth, forms, resolve
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities import status as status_entities
from fedcop.mastodon.entities import tag as tag_entities
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.methods.timelines import folded
from fedcop.mastodon.resolve import Found
from fedcop.node import Node
from storage import actors, tags, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId
from storage.views import PostView

MOST_SKIPPED = 1000


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; ``type`` is accounts, statuses, hashtags, or nothing for all."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    limit: int | None = None
    offset: int = 0

    @property
    def skipped(self) -> int:
        """Give how many results are passed over; nobody turns that many pages."""
        return max(0, min(self.offset, MOST_SKIPPED))

    def wants(self, kind: str) -> bool:
        """Tell whether one kind of result is asked for."""
        return self.type is None or self.type == kind


class Results(msgspec.Struct, frozen=True):
    """What was found, each kind in its order."""

    people: list[Actor]
    posts: list[PostView]
    tags: list[str]
    followed: frozenset[str]


async def search_v1(request: Request) -> Response:
    """GET /api/v1/search: as the second version, with the bare names of hashtags."""
    at, results = await _results(request)
    return answer.entity(_kinds(results, at) | {"hashtags": results.tags})


async def search(request: Request) -> Response:
    """GET /api/v2/search: all three kinds stand in the answer, empty or not (Tusky)."""
    at, results = await _results(request)
    return answer.entity(_kinds(results, at))


async def _results(request: Request) -> tuple[Place, Results]:
    query = await forms.read(request, Query)
    found = await _resolved(request, query, "read:search")
    limit = forms.clamped(query.limit, 20, 40)
    caller, results = await auth.scan_open(request, "read:search", _search, query, found, limit)
    return place(request, caller), results


def _kinds(results: Results, at: Place) -> dict[str, list[Any]]:
    return {
        "accounts": account_entities.accounts(results.people, at),
        "statuses": status_entities.statuses(results.posts, at),
        "hashtags": [tag_entities.tag(name, at, following=name in results.followed) for name in results.tags],
    }


async def _resolved(request: Request, query: Query, scope: str) -> Found | None:
    """Give what a handle or an address means; None for words. Only somebody signed in makes us ask a peer."""
    node: Node = request.app.state.node
    text = query.q.strip()
    if not (resolve.is_address(text) or resolve.handle_of(node, text)):
        return None
    if not query.resolve:
        return await node.store.read(resolve.held, text) if resolve.is_address(text) else None
    await auth.person(request, scope)
    return await resolve.found(node, text)


async def _search(read: Reader, caller: Caller, query: Query, found: Found | None, limit: int) -> Results:
    return Results(
        await _people(read, caller, query, found, limit) if query.wants("accounts") else [],
        await _posts(read, caller, found) if query.wants("statuses") else [],
        names := await _tags(read, caller, query, found, limit) if query.wants("hashtags") else [],
        frozenset(await tags.followed_among(read, caller.me, names)) if names else frozenset(),
    )


async def _people(read: Reader, caller: Caller, query: Query, found: Found | None, limit: int) -> list[Actor]:
    if found is not None:
        one = None if found.actor_id is None else await actors.find(read, caller.viewer, found.actor_id)
        return [] if one is None or query.skipped else [one]
    if query.q.lstrip().startswith("#"):
        return []
    rows = await actors.search(
        read,
        caller.viewer,
        query.q,
        limit=query.skipped + limit,
        following_of=caller.me if query.following and caller.me else None,
    )
    return rows[query.skipped :]


async def _posts(read: Reader, caller: Caller, found: Found | None) -> list[PostView]:
    if found is None or found.post_id is None:
        return []
    return await views.views(read, caller.viewer, [EntryId(found.post_id)])


async def _tags(read: Reader, caller: Caller, query: Query, found: Found | None, limit: int) -> list[str]:
    wanted = folded(query.q)
    if found is not None or not wanted or " " in wanted:
        return []
    rows = await tags.search(read, caller.viewer, wanted, limit=query.skipped + limit)
    return rows[query.skipped :]


async def accounts(request: Request) -> Response:
    """GET /api/v1/accounts/search: what mention completion asks, with a character more each time."""
    query = await forms.read(request, Query)
    found = await _resolved(request, query, "read:accounts")
    limit = forms.clamped(query.limit, 40, 80)
    caller, rows = await auth.scan(request, "read:accounts", _people, query, found, limit)
    return answer.entity(account_entities.accounts(rows, place(request, caller)))


ROUTES = [
    Route("/api/v2/search", search),
    Route("/api/v1/search", search_v1),
    Route("/api/v1/accounts/search", accounts),
]
