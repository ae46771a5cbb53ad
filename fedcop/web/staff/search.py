"""``/search``: people and communities by name, here and at every node that this one knows.

A whole handle, ``@name@host``, is asked of its own node when nobody here knows it.
"""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.errors import RemoteFault
from fedcop import fetch
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.web import page, session
from storage import actors, visible
from storage.actors import Actor

AT_ONCE = 40
LONGEST = 200

_HANDLE = re.compile(r"[@!]?([\w.-]{1,100})@([\w.-]{1,253}(?::\d{1,5})?)")


async def show(request: Request) -> Response:
    """Show the box, and what was found."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    wanted = request.query_params.get("q", "").strip()[:LONGEST]
    found: list[Actor] = []
    if wanted:
        viewer = visible.person(signed_in.actor.id)
        found = await node.store.scan(actors.search, viewer, wanted, limit=AT_ONCE)
        if not found and (one := await _asked(node, wanted)):
            found = [one]
    return page.answer(
        request,
        "staff/search.html",
        wanted=wanted,
        typed={"q": wanted},
        communities=[one for one in found if one.type == "Group"],
        people=[one for one in found if one.type != "Group"],
    )


async def _asked(node: Node, wanted: str) -> Actor | None:
    """Give whom a handle means; None for what is none, is not allowed, or whose node does not answer."""
    handle = _HANDLE.fullmatch(wanted.lower())
    if handle is None:
        return None
    try:
        return await fetch.handle(node, handle[1], handle[2])
    except (Refusal, RemoteFault):
        return None


ROUTES = [Route("/search", show)]
