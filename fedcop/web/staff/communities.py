"""``/communities``: the communities of this node, and for people signed in those of other councils.

Of these it lists first to which a person belongs, then which else may be found (decision 12).
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, reader
from storage import communities, findable, memberships
from storage.actors import Actor
from storage.communities import CommunityView
from storage.engine import Reader
from storage.visible import Viewer

AT_ONCE = 40
MOST_SKIPPED = 10_000


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    here: list[CommunityView]
    elsewhere: list[Actor]
    to_join: list[Actor]


async def show(request: Request) -> Response:
    """List them; strangers see the public ones of this node, where pages are public."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    skipped = min(row_id_in(request.query_params.get("skip", "")) or 0, MOST_SKIPPED)
    shown = await node.store.scan(_shown, viewer, skipped)
    older = f"?skip={skipped + AT_ONCE}" if len(shown.to_join) == AT_ONCE else ""
    return page.answer(request, "staff/communities.html", shown=shown, older=older)


async def _shown(read: Reader, viewer: Viewer, skipped: int) -> Shown:
    to_join: list[Actor] = []
    if viewer.kind == "person":
        to_join = await findable.to_join(read, viewer, skipped=skipped, limit=AT_ONCE)
    if skipped:
        return Shown(here=[], elsewhere=[], to_join=to_join)
    here = await communities.all_local(read, viewer)
    if viewer.kind != "person":
        return Shown(here=[one for one in here if one.visibility == "public"], elsewhere=[], to_join=[])
    joined = await memberships.joined(read, viewer, viewer.actor)
    return Shown(here=here, elsewhere=[one for one in joined if not one.local], to_join=to_join)


ROUTES = [Route("/communities", show)]
