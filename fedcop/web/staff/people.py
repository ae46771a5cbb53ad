"""``/people``: colleagues and people of other councils, as far as each chose to be found."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page, session
from storage import findable, visible

AT_ONCE = 40
MOST_SKIPPED = 10_000


async def show(request: Request) -> Response:
    """List who wrote last first."""
    node: Node = request.app.state.node
    signed_in = await session.ensure(request)
    skipped = min(row_id_in(request.query_params.get("skip", "")) or 0, MOST_SKIPPED)
    viewer = visible.person(signed_in.actor.id)
    found = await node.store.scan(
        findable.directory, viewer, newest=False, local=False, skipped=skipped, limit=AT_ONCE
    )
    older = f"?skip={skipped + AT_ONCE}" if len(found) == AT_ONCE else ""
    people = [one for one in found if one.type == "Person"]
    return page.answer(request, "staff/people.html", people=people, older=older)


ROUTES = [Route("/people", show)]
