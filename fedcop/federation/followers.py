"""Who follows a person or belongs to a community: how many, and who, to a node that may know.

GET /communities/floods/followers                     ids, to a node with a member (decision 9)
GET /communities/floods/followers?is_follower=ID      200 or 404, of a members-only one (Lemmy 1.0)
GET /people/ana/followers/synchronization             those of the node that asks (FEP-8fcf)
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from activitypub.errors import Malformed, Unsigned
from fedcop.errors import NotFound, TooMany
from fedcop.federation import negotiate
from fedcop.federation.collections import BASES, Items, collection_of, owner_of
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import memberships
from storage.engine import Reader
from storage.visible import Viewer

# How often one node may ask whether somebody is a member, within a minute.
MOST_ASKED = 60
MINUTE = timedelta(minutes=1)


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [
        *(Route(f"{base}/followers", followers) for base in BASES),
        *(Route(f"{base}/followers/synchronization", synchronization) for base in BASES),
    ]


async def followers(request: Request) -> Response:
    """Give the followers of one of ours as far as whoever asks may know them, or tell whether one is."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    uri = node.config.node.base_url + request.url.path.removesuffix("/followers")
    asked = request.query_params.get("is_follower")
    if asked is None:
        return negotiate.document(await node.store.read(_followers, viewer, uri))
    _ensure_seldom(node, viewer)
    if not await node.store.read(_is_follower, viewer, uri, asked):
        raise NotFound("that is no member that you may know of")
    return Response(status_code=200, headers=negotiate.PRIVATE)


async def synchronization(request: Request) -> Response:
    """Give those people of the node that asks who follow one of ours."""
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    _ensure_node(viewer)
    uri = node.config.node.base_url + request.url.path.removesuffix("/followers/synchronization")
    return negotiate.document(await node.store.read(_synchronization, viewer, uri))


async def _followers(read: Reader, viewer: Viewer, uri: str) -> Json:
    actor = await owner_of(read, uri)
    members: Items | None = None
    if actor.type == "Group" and await memberships.has_member_at(read, actor.id, viewer.host):
        members = [*await memberships.uris(read, viewer, actor.id)]
    return collection_of(actor, "followers", actor.followers_count, members)


async def _is_follower(read: Reader, viewer: Viewer, uri: str, asked: str) -> bool:
    """Tell a node with a member whether somebody is one; no other node learns who is."""
    actor = await owner_of(read, uri)
    if actor.type != "Group" or not actor.approves:
        raise Malformed(f"{uri} is no members-only community")
    may_know = await memberships.has_member_at(read, actor.id, viewer.host)
    return may_know and await memberships.knows_member(read, actor.id, asked)


async def _synchronization(read: Reader, viewer: Viewer, uri: str) -> Json:
    actor = await owner_of(read, uri)
    found = await memberships.uris_at(read, viewer, actor.id, viewer.host)
    return collection_of(actor, "followers/synchronization", len(found), [*found])


def _ensure_node(viewer: Viewer) -> None:
    if viewer.kind != "node":
        raise Unsigned("no signature; wanted one by an actor of an allowed node")


def _ensure_seldom(node: Node, viewer: Viewer) -> None:
    _ensure_node(viewer)
    name, now = f"is_follower {viewer.host}", node.clock.now()
    if seconds := node.memory.asked.wait(name, most=MOST_ASKED, within=MINUTE, now=now):
        raise TooMany(f"asked more than {MOST_ASKED} times within a minute", retry_after=seconds)
    node.memory.asked.add(name, within=MINUTE, now=now)
