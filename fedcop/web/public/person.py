"""``/people/NAME``: a person of this node who chose to be seen by everybody, or their colleague's view."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page
from fedcop.web.public import reader
from storage import actors, visible


async def show(request: Request) -> Response:
    """Show a name and what they say of themselves; strangers see only who chose the level "public"."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    name, domain = request.path_params["name"], node.config.node.domain
    person = await node.store.read(actors.find_by_handle, viewer, name, domain)
    if person is None or person.type == "Group":
        raise NotFound("no such person")
    if viewer == visible.STRANGER and person.findable != "public":
        raise NotFound("this person chose not to be shown to everybody")
    return page.answer(request, "public/person.html", person=person)


ROUTES = [Route("/people/{name}", show)]
