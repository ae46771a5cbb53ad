"""Who reads a page, and whom or what its address means."""

from starlette.requests import Request

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.rules import canonical
from fedcop.uris import row_id_in
from fedcop.web import session
from storage import actors, visible
from storage.actors import Actor
from storage.pages import Page
from storage.views import PostView
from storage.visible import Viewer

AT_ONCE = 20


async def of(request: Request) -> Viewer:
    """Give who reads; raise ``NotFound`` for a stranger where pages are not public."""
    node: Node = request.app.state.node
    signed_in = await session.find(request)
    if signed_in is not None:
        return visible.person(signed_in.actor.id)
    if not node.config.web.public_pages:
        raise NotFound("pages are not public here")
    return visible.STRANGER


async def actor_at(request: Request, viewer: Viewer, name: str) -> Actor | None:
    """Give the actor that ``name`` or ``name@host`` in an address means; a stranger sees our own only."""
    node: Node = request.app.state.node
    handle, _, host = name.partition("@")
    domain = node.config.node.domain
    if host:
        if viewer.kind != "person":
            return None
        try:
            domain = canonical(host)
        except ValueError:
            return None
    found = await node.store.read(actors.find_by_handle, viewer, handle.lower(), domain)
    return found if found is not None and found.state == "active" else None


def page_of(request: Request) -> Page:
    """Give which rows of a long list are asked for: those before ``?before=``."""
    return Page(max_id=row_id_in(request.query_params.get("before", "")), limit=AT_ONCE)


def older(posts: list[PostView], page: Page) -> str:
    """Give the address of what is older than a full page, from that page on; empty when there is no more."""
    return f"?before={posts[-1].entry_id}" if len(posts) >= page.limit else ""
