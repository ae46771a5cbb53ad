"""/api/v1/endorsements: whom a person points others to on their profile, and familiar followers."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.methods.accounts import Ids, find_actor, listed
from fedcop.mastodon.methods.relations import related, standing
from fedcop.node import Node
from storage import endorsements, familiar
from storage.actors import Actor
from storage.engine import Reader
from storage.pages import Page


async def index(request: Request) -> Response:
    """GET /api/v1/endorsements."""
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, rows = await auth.read(request, "read:accounts", _mine, page)
    return listed(request, caller, rows, page)


async def _mine(read: Reader, caller: Caller, page: Page) -> list[tuple[int, Actor]]:
    return await endorsements.of(read, caller.viewer, caller.me, page)


async def of_account(request: Request) -> Response:
    """GET /api/v1/accounts/:id/endorsements."""
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, rows = await auth.read_open(request, "read:accounts", _of, forms.number(request), page)
    return listed(request, caller, rows, page)


async def _of(read: Reader, caller: Caller, actor_id: int, page: Page) -> list[tuple[int, Actor]]:
    actor = await find_actor(read, caller, actor_id)
    return await endorsements.of(read, caller.viewer, actor.id, page)


async def endorse(request: Request) -> Response:
    """POST /api/v1/accounts/:id/endorse; 422 unless the caller follows them."""
    node: Node = request.app.state.node
    person, target = await standing(request, "write:accounts")
    row_id = node.ids.next(node.clock.now())
    if not await node.store.write(endorsements.add, row_id, person.actor.id, target.id):
        raise Invalid("Validation failed: You must be already following the person you want to endorse")
    return await related(request, person, target)


async def unendorse(request: Request) -> Response:
    """POST /api/v1/accounts/:id/unendorse."""
    node: Node = request.app.state.node
    person, target = await standing(request, "write:accounts")
    await node.store.write(endorsements.remove, person.actor.id, target.id)
    return await related(request, person, target)


async def familiar_followers(request: Request) -> Response:
    """GET /api/v1/accounts/familiar_followers: whom of those one follows follows each account, too."""
    form = await forms.read(request, Ids)
    caller, found = await auth.read(request, "read:follows", _familiar, form.id)
    at = place(request, caller)
    return answer.entity(
        [
            {"id": str(actor_id), "accounts": entities.accounts(found.get(actor_id, []), at)}
            for actor_id in dict.fromkeys(form.id)
        ]
    )


async def _familiar(read: Reader, caller: Caller, ids: tuple[int, ...]) -> dict[int, list[Actor]]:
    return await familiar.followers(read, caller.viewer, caller.me, ids)


# The two verbs had other names before Mastodon 4.4.
ROUTES = [
    Route("/api/v1/endorsements", index),
    Route("/api/v1/accounts/familiar_followers", familiar_followers),
    Route("/api/v1/accounts/{id}/endorsements", of_account),
    *(Route(f"/api/v1/accounts/{{id}}/{name}", endorse, methods=["POST"]) for name in ("endorse", "pin")),
    *(
        Route(f"/api/v1/accounts/{{id}}/{name}", unendorse, methods=["POST"])
        for name in ("unendorse", "unpin")
    ),
]
