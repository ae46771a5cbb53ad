"""/api/v2/notifications/policy and /api/v1/notifications/requests: whom a person wants to hear of at once."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import notification_request as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from storage import actors, verdicts, views
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.verdicts import Policy, Word
from storage.verdicts import Request as Row
from storage.views import PostView

HIGHEST = (1 << 63) - 1


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """Another word for some kinds of sender; version 1 said true for ``filter``."""

    for_not_following: Word | None = None
    for_not_followers: Word | None = None
    for_new_accounts: Word | None = None
    for_private_mentions: Word | None = None
    for_limited_accounts: Word | None = None


class OldChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The same as version 1 said it."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


async def show(request: Request) -> Response:
    """GET /api/v2/notifications/policy."""
    _, (policy, waiting) = await auth.read(request, "read:notifications", _policy)
    return answer.entity(entities.policy(policy, waiting))


async def _policy(read: Reader, caller: Caller) -> tuple[Policy, tuple[int, int]]:
    return await verdicts.policy_of(read, caller.me), await verdicts.waiting(read, caller.me)


async def change(request: Request) -> Response:
    """PATCH and PUT /api/v2/notifications/policy: what is absent stays."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:notifications")
    form = await forms.read(request, Changed)
    said = {name.removeprefix("for_"): word for name, word in msgspec.structs.asdict(form).items() if word}
    await node.store.write(_change, person.actor.id, said)
    _, (policy, waiting) = await auth.read(request, "write:notifications", _policy)
    return answer.entity(entities.policy(policy, waiting))


async def _change(tx: Transaction, me: ActorId, said: dict[str, Word]) -> None:
    policy = await verdicts.policy_of(tx, me)
    await verdicts.put_policy(tx, me, msgspec.structs.replace(policy, **said))


async def show_v1(request: Request) -> Response:
    """GET /api/v1/notifications/policy."""
    _, (policy, waiting) = await auth.read(request, "read:notifications", _policy)
    return answer.entity(entities.v1_policy(policy, waiting))


async def change_v1(request: Request) -> Response:
    """PATCH and PUT /api/v1/notifications/policy."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:notifications")
    form = await forms.read(request, OldChanged)
    said: dict[str, Word] = {
        name.removeprefix("filter_"): "filter" if wanted else "accept"
        for name, wanted in msgspec.structs.asdict(form).items()
        if wanted is not None
    }
    await node.store.write(_change, person.actor.id, said)
    _, (policy, waiting) = await auth.read(request, "write:notifications", _policy)
    return answer.entity(entities.v1_policy(policy, waiting))


class Waiting(msgspec.Struct, frozen=True):
    """Senders of what waits, with what they name."""

    rows: list[Row]
    people: dict[int, Actor]
    posts: dict[int, PostView]


async def requests(request: Request) -> Response:
    """GET /api/v1/notifications/requests."""
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, found = await auth.read(request, "read:notifications", _waiting, page.max_id, page.limit, None)
    at = place(request, caller)
    shown = [
        entities.request(row, found.people[row.by_actor], found.posts.get(row.last_post_id or 0), at)
        for row in found.rows
        if row.by_actor in found.people
    ]
    return answer.page(request, shown, page, [row.last_id for row in found.rows], full_only=True)


async def _waiting(
    read: Reader, caller: Caller, before: int | None, limit: int, by_actor: ActorId | None
) -> Waiting:
    rows = await verdicts.requests(
        read, caller.viewer, caller.me, before=before or HIGHEST, limit=limit, by_actor=by_actor
    )
    people = await actors.by_ids(read, caller.viewer, [row.by_actor for row in rows])
    about = [row.last_post_id for row in rows if row.last_post_id is not None]
    found = await views.views(read, caller.viewer, about)
    return Waiting(rows, {actor.id: actor for actor in people}, {view.post.id: view for view in found})


async def one(request: Request) -> Response:
    """GET /api/v1/notifications/requests/:id."""
    by_actor = ActorId(forms.number(request))
    caller, found = await auth.read(request, "read:notifications", _waiting, None, 1, by_actor)
    if not found.rows:
        raise NotFound(ABSENT)
    (row,) = found.rows
    post = found.posts.get(row.last_post_id or 0)
    return answer.entity(entities.request(row, found.people[row.by_actor], post, place(request, caller)))


class Several(msgspec.Struct, frozen=True, kw_only=True):
    """The senders that are decided about at once."""

    id: tuple[int, ...] = ()


def decide(*, wanted: bool) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that lets notifications of some senders in, or leaves them out."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        person = await auth.person(request, "write:notifications")
        decision = verdicts.accept if wanted else verdicts.dismiss
        for by_actor in await _named(request):
            if not await node.store.write(decision, person.actor.id, by_actor):
                raise NotFound(ABSENT)
        return answer.entity({})

    return endpoint


async def _named(request: Request) -> list[ActorId]:
    if "id" in request.path_params:
        return [ActorId(forms.number(request))]
    return [ActorId(one) for one in (await forms.read(request, Several)).id]


async def merged(request: Request) -> Response:
    """GET /api/v1/notifications/requests/merged: what was accepted is shown at once."""
    await auth.person(request, "read:notifications")
    return answer.entity({"merged": True})


V1, V2 = "/api/v1/notifications", "/api/v2/notifications"
ROUTES = [
    Route(f"{V1}/policy", show_v1),
    Route(f"{V1}/policy", change_v1, methods=["PATCH"]),
    Route(f"{V2}/policy", show),
    Route(f"{V2}/policy", change, methods=["PATCH"]),
    Route(f"{V1}/requests", requests),
    Route(f"{V1}/requests/merged", merged),
    Route(f"{V1}/requests/accept", decide(wanted=True), methods=["POST"]),
    Route(f"{V1}/requests/dismiss", decide(wanted=False), methods=["POST"]),
    Route(f"{V1}/requests/{{id}}", one),
    Route(f"{V1}/requests/{{id}}/accept", decide(wanted=True), methods=["POST"]),
    Route(f"{V1}/requests/{{id}}/dismiss", decide(wanted=False), methods=["POST"]),
]
