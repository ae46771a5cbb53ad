"""``/people/NAME``: a person of this node who chose to be seen by everybody, or their colleague's view.

Somebody signed in finds people of other councils there too, as ``/people/NAME@HOST``.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import page, reader
from storage import actors, timelines, views
from storage.actors import Actor
from storage.engine import Reader
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer


async def show(request: Request) -> Response:
    """Show a name, what they say of themselves and what they wrote; strangers see only the level "public"."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    person = await reader.actor_at(request, viewer, request.path_params["name"])
    if person is None or person.type == "Group":
        raise NotFound("no such person")
    if viewer.kind != "person" and person.findable != "public":
        raise NotFound("this person chose not to be shown to everybody")
    wanted = reader.page_of(request)
    posts = await node.store.read(_posts, viewer, person, wanted)
    return page.answer(
        request,
        "public/person.html",
        person=person,
        fields=actors.fields_of(person),
        posts=posts,
        older=reader.older(posts, wanted),
    )


async def _posts(read: Reader, viewer: Viewer, person: Actor, page: Page) -> list[PostView]:
    return await views.views(
        read, viewer, await timelines.account(read, viewer, person, page, exclude_reblogs=True)
    )


ROUTES = [Route("/people/{name}", show)]
