"""Who may open the pages of facilitators: those of the community that the address names, here."""

from starlette.requests import Request

from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy import membership
from fedcop.web.session import SignedIn
from storage import actors, visible
from storage.actors import Actor


async def community(request: Request, signed_in: SignedIn) -> Actor:
    """Give the community of this node that the address names; refused to who does not facilitate it."""
    node: Node = request.app.state.node
    found = await node.store.read(
        actors.find_by_handle, visible.SYSTEM, request.path_params["slug"].lower(), node.uris.domain
    )
    if found is None or found.type != "Group" or found.state != "active":
        raise NotFound("no such community")
    now = node.clock.now()
    standing = await node.store.read(membership.standing_of, found, signed_in.actor.id, now)
    membership.ensure_facilitates(standing, found.handle)
    return found
