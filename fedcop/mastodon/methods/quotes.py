"""/api/v1/statuses/:id/quotes and interaction_policy: who quotes a status, who may, and no longer."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import quotable
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import status as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.methods.statuses import acting, find_entry, shown
from fedcop.node import Node
from fedcop.policy.quoting import Policy
from storage import quotes, views
from storage.engine import Reader
from storage.ids import PostId
from storage.pages import Page
from storage.views import PostView


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Who may quote a status from now on; absent: that stays."""

    quote_approval_policy: Policy | None = None


async def index(request: Request) -> Response:
    """GET /api/v1/statuses/:id/quotes: those that quote it with its author's consent, the latest first."""
    page = (await forms.read(request, Paging)).page(20, 40)
    caller, (ids, found) = await auth.read_open(request, "read:statuses", _page, forms.number(request), page)
    return answer.page(request, entities.statuses(found, place(request, caller)), page, ids, full_only=True)


async def _page(
    read: Reader, caller: Caller, status_id: int, page: Page
) -> tuple[list[PostId], list[PostView]]:
    quoted = (await find_entry(read, caller, status_id)).post_id
    ids = await quotes.quoting(read, caller.viewer, quoted, page)
    return ids, await views.views(read, caller.viewer, ids)


async def revoke(request: Request) -> Response:
    """POST /api/v1/statuses/:id/quotes/:quoting_id/revoke: the quoting status, as it is without consent."""
    node: Node = request.app.state.node
    person, entry = await acting(request, "write:statuses")
    quoting_id = PostId(forms.number(request, "quoting_id"))
    await quotable.withdraw(node, person.actor, entry.post_id, quoting_id)
    return await shown(request, quoting_id, "write:statuses")


async def change_policy(request: Request) -> Response:
    """PUT /api/v1/statuses/:id/interaction_policy."""
    form = await forms.read(request, Wanted)
    person, entry = await acting(request, "write:statuses")
    if form.quote_approval_policy is not None:
        await quotable.allow(request.app.state.node, person.actor, entry.post_id, form.quote_approval_policy)
    return await shown(request, entry.post_id, "write:statuses")


ROUTES = [
    Route("/api/v1/statuses/{id}/quotes", index),
    Route("/api/v1/statuses/{id}/quotes/{quoting_id}/revoke", revoke, methods=["POST"]),
    Route("/api/v1/statuses/{id}/interaction_policy", change_policy, methods=["PUT", "PATCH"]),
]
