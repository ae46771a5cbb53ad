"""/api/v1/blocks and /api/v1/mutes: whom a person does not want to meet."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.methods.accounts import listed
from storage import blocks, follows
from storage.actors import Actor
from storage.engine import Reader
from storage.pages import Page


async def blocked(request: Request) -> Response:
    """GET /api/v1/blocks."""
    page = (await forms.read(request, Paging)).page(40, 80)
    caller, rows = await auth.read(request, "read:blocks", _blocked, page)
    return listed(request, caller, rows, page)


async def _blocked(read: Reader, caller: Caller, page: Page) -> list[tuple[int, Actor]]:
    return await blocks.blocks(read, caller.viewer, caller.me, page)


async def muted(request: Request) -> Response:
    """GET /api/v1/mutes: each with the moment at which it ends."""
    page = (await forms.read(request, Paging)).page(40, 80)
    now = request.app.state.node.clock.now()
    caller, (rows, ends) = await auth.read(request, "read:mutes", _muted, page, now)
    at = place(request, caller)
    found = [entities.muted(actor, ends.get(actor.id), at) for _, actor in rows]
    return answer.page(request, found, page, [row_id for row_id, _ in rows], full_only=True)


async def _muted(
    read: Reader, caller: Caller, page: Page, now: datetime
) -> tuple[list[tuple[int, Actor]], dict[int, datetime | None]]:
    rows = await blocks.mutes(read, caller.viewer, caller.me, page, now)
    standing = await follows.relationships(
        read, caller.viewer, caller.me, [actor.id for _, actor in rows], now
    )
    return rows, {row.actor_id: row.mute_until for row in standing}


ROUTES = [Route("/api/v1/blocks", blocked), Route("/api/v1/mutes", muted)]
