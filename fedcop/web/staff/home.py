"""``/`` for whoever is signed in: asks that wait, what is new, and the communities they belong to."""

from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedcop.node import Node
from fedcop.web import page, reader
from fedcop.web.session import SignedIn
from fedcop.web.staff import profile
from storage import accounts, asks, memberships, timelines, views, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId
from storage.pages import Page
from storage.views import PostView

FEW: Final = 3  # asks that wait


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    posts: list[PostView]
    asks: list[PostView]
    joined: list[Actor]
    due: bool  # the person is to be asked whether their profile is still right


async def show(request: Request, signed_in: SignedIn) -> Response:
    """Show what those whom a person follows wrote, and what their communities passed on."""
    node: Node = request.app.state.node
    wanted = reader.page_of(request)
    shown = await node.store.read(_shown, signed_in.actor.id, wanted, node.clock.now())
    return page.answer(request, "staff/home.html", shown=shown, older=reader.older(shown.posts, wanted))


async def _shown(read: Reader, me: ActorId, page: Page, now: datetime) -> Shown:
    viewer = visible.person(me)
    account = await accounts.find(read, me)
    unanswered = await asks.open_for(read, viewer, limit=FEW)
    return Shown(
        posts=await timelines.home_views(read, viewer, me, page, now),
        asks=[] if page.max_id else await views.views(read, viewer, [one.post_id for one in unanswered]),
        joined=await memberships.joined(read, viewer, me),
        due=account is not None and profile.is_due(account, now),
    )
