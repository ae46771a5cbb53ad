"""``/search``: the one box. People, communities and posts, each with the reasons why it was found.

A whole handle, ``@name@host``, is asked of its own node when nobody here knows it.
"""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.errors import RemoteFault
from fedcop import fetch
from fedcop.errors import Refusal
from fedcop.knowledge import one_box, reasons
from fedcop.knowledge.one_box import KINDS, Page
from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, session
from storage import visible
from storage.actors import Actor

LONGEST: Final = 500
FEW: Final = 5  # of each kind, where all kinds are shown
AT_ONCE: Final = 20
MOST_SKIPPED: Final = 1_980

_HANDLE = re.compile(r"[@!]?([\w.-]{1,100})@([\w.-]{1,253}(?::\d{1,5})?)")


async def show(request: Request) -> Response:
    """Show the box, and what was found: a few of each kind, or more of one."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    asked = request.query_params
    wanted = asked.get("q", "").strip()[:LONGEST]
    only = next((kind for kind in KINDS if asked.get("kind") == kind), None)
    shown = Page(
        limit=AT_ONCE if only else FEW,
        skipped=min(row_id_in(asked.get("skip", "")) or 0, MOST_SKIPPED),
        kinds=(only,) if only else KINDS,
    )
    viewer = visible.person(signed_in.actor.id)
    now = node.clock.now()
    results = await node.store.scan(one_box.look, viewer, wanted, now, shown, home=node.uris.domain)
    nobody = not any(results.counts.values()) and not results.people and not results.communities
    return page.answer(
        request,
        "staff/search.html",
        wanted=wanted,
        typed={"q": wanted},
        results=results,
        only=only,
        first=shown.skipped,
        next=shown.skipped + shown.limit,
        said=reasons.said,
        one=await _asked(node, wanted) if nobody else None,
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
