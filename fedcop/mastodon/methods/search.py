"""/api/v2/search, its first version, and /api/v1/accounts/search."""

import re
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.knowledge import one_box
from fedcop.knowledge.one_box import KINDS, Page
from fedcop.mastodon import answer, auth, forms, resolve
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities import status as status_entities
from fedcop.mastodon.entities import tag as tag_entities
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.methods.timelines import folded
from fedcop.mastodon.resolve import Found
from fedcop.node import Node
from fedcop.uris import row_id_in
from storage import actors, follows, tags, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId
from storage.views import PostView

MOST_SKIPPED = 1000
_BARE = re.compile(r"[@!]?([a-z0-9_]{1,30})")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; ``type`` is accounts, statuses, hashtags, or nothing for all."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    account_id: str | None = None
    limit: int | None = None
    offset: int = 0

    @property
    def skipped(self) -> int:
        """Give how many results are passed over; nobody turns that many pages."""
        return max(0, min(self.offset, MOST_SKIPPED))

    def wants(self, kind: str) -> bool:
        """Tell whether one kind of result is asked for."""
        return self.type is None or self.type == kind


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A query with what it is read against: when, at which node, and what an address in it means."""

    query: Query
    now: datetime
    home: str
    limit: int
    found: Found | None


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
    asked = await _asked(request, "read:search", most=(20, 40))
    caller, results = await auth.scan_open(request, "read:search", _search, asked)
    return place(request, caller), results


async def _asked(request: Request, scope: str, *, most: tuple[int, int]) -> Asked:
    node: Node = request.app.state.node
    query = await forms.read(request, Query)
    return Asked(
        query=query,
        now=node.clock.now(),
        home=node.uris.domain,
        limit=forms.clamped(query.limit, *most),
        found=await _resolved(request, query, scope),
    )


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


async def _search(read: Reader, caller: Caller, asked: Asked) -> Results:
    query = asked.query
    people, posts = await _box(read, caller, asked)
    return Results(
        people,
        posts,
        names := await _tags(read, caller, asked) if query.wants("hashtags") else [],
        frozenset(await tags.followed_among(read, caller.me, names)) if names else frozenset(),
    )


async def _box(read: Reader, caller: Caller, asked: Asked) -> tuple[list[Actor], list[PostView]]:
    """Give people and communities, the best of both first, and posts."""
    query, wants = asked.query, asked.query.wants
    if asked.found is not None:
        return await _meant(read, caller, asked, asked.found)
    if query.q.lstrip().startswith("#") or not (wants("accounts") or wants("statuses")):
        return [], []
    kinds = tuple(kind for kind in KINDS if wants("statuses" if kind == "posts" else "accounts"))
    page = Page(
        limit=asked.limit,
        skipped=query.skipped,
        kinds=kinds,
        by=row_id_in(query.account_id or "") or 0,
        following=query.following,
    )
    found = await one_box.look(read, caller.viewer, query.q, asked.now, page, home=asked.home)
    people = sorted([*found.people, *found.communities], key=lambda one: -one.score)
    rows = [*await _avoided(read, caller, asked), *(one.row for one in people)]
    return rows[query.skipped : query.skipped + asked.limit], [one.view for one in found.posts]


async def _avoided(read: Reader, caller: Caller, asked: Asked) -> list[Actor]:
    """Give who has just this handle here and is muted or blocked: by it toot finds whom to let in again."""
    match = _BARE.fullmatch(asked.query.q.strip().lower())
    if match is None or not asked.query.wants("accounts"):
        return []
    actor = await actors.find_by_handle(read, caller.viewer, match[1], asked.home)
    if actor is None or actor.state != "active":
        return []
    stands = await follows.relationships(read, caller.viewer, caller.me, [actor.id], asked.now)
    return [actor] if any(one.muting or one.blocking or one.blocked_by for one in stands) else []


async def _meant(
    read: Reader, caller: Caller, asked: Asked, found: Found
) -> tuple[list[Actor], list[PostView]]:
    """Give what an address means."""
    query = asked.query
    one, posts = None, []
    if found.actor_id is not None and query.wants("accounts"):
        one = await actors.find(read, caller.viewer, found.actor_id)
    if found.post_id is not None and query.wants("statuses"):
        posts = await views.views(read, caller.viewer, [EntryId(found.post_id)])
    return ([] if one is None else [one])[query.skipped :], posts


async def _tags(read: Reader, caller: Caller, asked: Asked) -> list[str]:
    query = asked.query
    wanted = folded(query.q)
    if asked.found is not None or not wanted or " " in wanted:
        return []
    rows = await tags.search(read, caller.viewer, wanted, limit=query.skipped + asked.limit)
    return rows[query.skipped :]


async def accounts(request: Request) -> Response:
    """GET /api/v1/accounts/search: what mention completion asks, with a character more each time."""
    asked = await _asked(request, "read:accounts", most=(40, 80))
    only = msgspec.structs.replace(asked, query=msgspec.structs.replace(asked.query, type="accounts"))
    caller, (rows, _) = await auth.scan(request, "read:accounts", _box, only)
    return answer.entity(account_entities.accounts(rows, place(request, caller)))


ROUTES = [
    Route("/api/v2/search", search),
    Route("/api/v1/search", search_v1),
    Route("/api/v1/accounts/search", accounts),
]
