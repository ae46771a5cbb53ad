"""Collections of people and communities: one document each: Lemmy reads no pages (federation.md 1.8)."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from activitypub.vocab.write import CONTEXT
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.objects import document_of, wrapped
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import activities, actors, communities, memberships, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.visible import SYSTEM, Viewer

# Lemmy serves no more than 20 itself.
MOST_ANNOUNCED = 20

Items = list[Json | str | msgspec.Raw]
Make = Callable[[Reader, Viewer, Actor], Awaitable[Json]]


def routes() -> list[Route]:
    """Give the routes of this file."""
    kinds: dict[str, Make] = {
        "outbox": _outbox,
        "followers": _followers,
        "following": _following,
        "featured": _featured,
        "facilitators": _facilitators,
    }
    bases = ("/actor", "/people/{handle}", "/communities/{handle}")
    return [Route(f"{base}/{name}", _answering(make)) for base in bases for name, make in kinds.items()]


def _answering(make: Make) -> Callable[[Request], Awaitable[Response]]:
    """Give an endpoint that answers a signed GET of the actor above with what ``make`` gives."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        viewer = await viewer_of(node, request)
        uri = node.config.node.base_url + request.url.path.rpartition("/")[0]
        return negotiate.document(await node.store.read(_make, make, viewer, uri))

    return endpoint


async def _make(read: Reader, make: Make, viewer: Viewer, uri: str) -> Json:
    actor = await actors.find_by_uri(read, SYSTEM, uri)
    if actor is None or not actor.local or actor.state != "active":
        raise NotFound(f"{uri} is nobody here")
    return await make(read, viewer, actor)


def _collection(actor: Actor, name: str, total: int, items: Items | None = None) -> Json:
    document: Json = {
        "@context": CONTEXT,
        "id": f"{actor.uri}/{name}",
        "type": "OrderedCollection",
        "totalItems": total,
    }
    return document if items is None else document | {"orderedItems": items}


async def _outbox(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    """A community's newest threads as it announced them; of a person the count only."""
    if actor.type != "Group":
        return _collection(actor, "outbox", actor.posts_count, [])
    threads = await activities.outbox_of_community(read, viewer, actor.id, MOST_ANNOUNCED)
    items: Items = [msgspec.Raw(body) for one in threads if (body := await wrapped(read, one))]
    return _collection(actor, "outbox", actor.posts_count, items)


async def _followers(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    """How many there are; who a community's members are, a node learns that has one (decision 9)."""
    items: Items | None = None
    if actor.type == "Group" and await memberships.has_member_at(read, actor.id, viewer.host):
        items = [*await memberships.uris(read, viewer, actor.id)]
    return _collection(actor, "followers", actor.followers_count, items)


async def _following(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    return _collection(actor, "following", actor.following_count)


async def _featured(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    """What is pinned in a community, as whole posts: Lemmy refuses mere ids."""
    pinned = await posts.pinned(read, viewer, actor.id) if actor.type == "Group" else []
    items: Items = [body for post in pinned if (body := await document_of(read, post.id))]
    return _collection(actor, "featured", len(items), items)


async def _facilitators(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    if actor.type != "Group":
        raise NotFound("only a community has facilitators")
    people = await communities.facilitators_of(read, SYSTEM, actor.id)
    items: Items = [person.uri for person in people]
    return _collection(actor, "facilitators", len(items), items) | {"attributedTo": actor.uri}
