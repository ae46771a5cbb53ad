"""Actor documents: the node's for anybody, a stub of each other for strangers, more for allowed nodes."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from fedcop.as2 import actors as as2_actors
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.guessing import ensure_not_guessing, missed
from fedcop.federation.negotiate import DocumentRoute
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import actors, communities, copies, keys, memberships
from storage.actors import Actor
from storage.communities import Community
from storage.engine import Reader
from storage.keys import OwnKey
from storage.visible import STRANGER, SYSTEM


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What an actor document is made of."""

    actor: Actor
    keys: list[OwnKey]
    community: Community | None
    shared: list[str]


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [
        Route("/actor", node_actor),
        # Lemmy looks for a node's actor at its root (federation.md 2.7).
        DocumentRoute("/", node_actor),
        DocumentRoute("/people/{handle}", person),
        DocumentRoute("/communities/{handle}", community),
    ]


async def node_actor(request: Request) -> Response:
    """Give the node's own actor to anybody: two nodes that want signatures could else never begin."""
    node: Node = request.app.state.node
    found = await node.store.read(_find, node.uris.actor, "")
    if found is None:
        raise NotFound("this node has no actor")
    body = as2_actors.node_actor_of(found.actor, found.keys, node.uris)
    return negotiate.document(body, headers=negotiate.PUBLIC)


async def person(request: Request) -> Response:
    """Give a person, as far as whoever asks may know them (decision 12)."""
    node: Node = request.app.state.node
    return await _answer(node, request, node.uris.person(request.path_params["handle"]))


async def community(request: Request) -> Response:
    """Give a community: to strangers its stub, to allowed nodes all."""
    node: Node = request.app.state.node
    return await _answer(node, request, node.uris.community(request.path_params["handle"]))


async def _answer(node: Node, request: Request, uri: str) -> Response:
    viewer = await viewer_of(node, request) if "signature" in request.headers else STRANGER
    if viewer.kind == "stranger":
        ensure_not_guessing(node, request)
    found = await node.store.read(_find, uri, viewer.host)
    if found is None:
        if viewer.kind == "stranger":
            missed(node, request)
        raise NotFound(f"{uri} is not there")
    if found.actor.state == "deleted":
        return negotiate.tombstone(found.actor.uri, found.actor.type, found.actor.updated_at)
    if viewer.kind == "stranger" and node.config.federation.signed_fetch:
        return negotiate.document(as2_actors.person_of(found.actor, found.keys, node.uris, "stub"))
    if viewer.kind == "node":
        await node.store.write(copies.fetched, uri, viewer.host)
    return negotiate.document(_whole(node, found))


def _whole(node: Node, found: Found) -> Json:
    if found.community is not None:
        return as2_actors.group_of(found.actor, found.community, found.keys, node.uris)
    level = as2_actors.level_for(found.actor.findable, fellow=bool(found.shared))
    return as2_actors.person_of(
        found.actor, found.keys, node.uris, level, as2_actors.audience_for(found.actor.findable, found.shared)
    )


async def _find(read: Reader, uri: str, host: str) -> Found | None:
    """Give an actor of ours with its keys, and the communities that it shares with someone at ``host``."""
    actor = await actors.find_by_uri(read, SYSTEM, uri)
    if actor is None or not actor.local:
        return None
    return Found(
        actor=actor,
        keys=await keys.public_of(read, actor.id),
        community=await communities.find(read, SYSTEM, actor.id) if actor.type == "Group" else None,
        shared=await memberships.shared_with(read, actor.id, host) if host else [],
    )
