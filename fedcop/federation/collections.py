"""Collections of people and communities: one document each: Lemmy reads no pages (federation.md 1.8)."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.document import Json
from activitypub.vocab.write import AROUND_OTHERS
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.objects import document_of, wrapped
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import activities, actors, communities, memberships, posts
from storage.activities import Kept
from storage.actors import Actor
from storage.engine import Reader
from storage.visible import SYSTEM, Viewer

# Lemmy serves no more than 20 itself.
MOST_ANNOUNCED = 20

# A reader takes 1 MiB in all (federation.md 4.2).
MOST_BYTES = 900_000

BASES = ("/actor", "/people/{handle}", "/communities/{handle}")

Items = list[Json | str | msgspec.Raw]
Make = Callable[[Reader, Viewer, Actor], Awaitable[Json]]


def routes() -> list[Route]:
    """Give the routes of this file."""
    kinds: dict[str, Make] = {
        "outbox": _outbox,
        "following": _following,
        "featured": _featured,
        "facilitators": _facilitators,
    }
    return [Route(f"{base}/{name}", _answering(make)) for base in BASES for name, make in kinds.items()]


def _answering(make: Make) -> Callable[[Request], Awaitable[Response]]:
    """Give an endpoint that answers a signed GET of the actor above with what ``make`` gives."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        viewer = await viewer_of(node, request)
        uri = node.config.node.base_url + request.url.path.rpartition("/")[0]
        return negotiate.document(await node.store.read(_make, make, viewer, uri))

    return endpoint


async def _make(read: Reader, make: Make, viewer: Viewer, uri: str) -> Json:
    return await make(read, viewer, await owner_of(read, uri))


async def owner_of(read: Reader, uri: str) -> Actor:
    """Give the actor of ours whose collections are asked for; raise ``NotFound`` for anybody else."""
    actor = await actors.find_by_uri(read, SYSTEM, uri)
    if actor is None or not actor.local or actor.state != "active":
        raise NotFound(f"{uri} is nobody here")
    return actor


def collection_of(actor: Actor, name: str, total: int, items: Items | None = None) -> Json:
    """Give a collection of an actor; without ``items`` it tells how many there are and no more."""
    document: Json = {
        "@context": AROUND_OTHERS,
        "id": f"{actor.uri}/{name}",
        "type": "OrderedCollection",
        "totalItems": total,
    }
    return document if items is None else document | {"orderedItems": items}


async def _outbox(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    """A community's newest threads as it announced them; of a person the count only.

    What only its members read is there for their nodes; to any other it is as if there were no outbox.
    """
    if actor.type != "Group":
        return collection_of(actor, "outbox", actor.posts_count, [])
    if actor.approves and not await memberships.has_member_at(read, actor.id, viewer.host):
        raise NotFound(f"only nodes with a member read the outbox of {actor.uri}")
    items = await announced(
        read, await activities.outbox_of_community(read, viewer, actor.id, MOST_ANNOUNCED)
    )
    return collection_of(actor, "outbox", len(items) if actor.approves else actor.posts_count, items)


async def announced(read: Reader, passed_on: Sequence[Kept]) -> Items:
    """Give the Announces by which a community passed things on, as many as a reader takes at once."""
    items: Items = []
    room = MOST_BYTES
    for one in passed_on:
        body = await wrapped(read, one)
        room -= len(body or b"")
        if room < 0:
            break
        if body:
            items.append(msgspec.Raw(body))
    return items


async def _following(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    return collection_of(actor, "following", actor.following_count)


async def _featured(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    """What is pinned in a community, as whole posts: Lemmy refuses mere ids."""
    pinned = await posts.pinned(read, viewer, actor.id) if actor.type == "Group" else []
    items: Items = [body for post in pinned if (body := await document_of(read, post.id))]
    return collection_of(actor, "featured", len(items), items)


async def _facilitators(read: Reader, viewer: Viewer, actor: Actor) -> Json:
    if actor.type != "Group":
        raise NotFound("only a community has facilitators")
    people = await communities.facilitators_of(read, SYSTEM, actor.id)
    items: Items = [person.uri for person in people]
    return collection_of(actor, "facilitators", len(items), items) | {"attributedTo": actor.uri}
