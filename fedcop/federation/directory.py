"""The directory of this node: people who chose to be found, and communities, for nodes that are allowed.

GET /directory/people                 how many there are, and where the first page is
GET /directory/people/page/1          actor documents, the latest change first; who is gone, as Tombstones

Each entry is the actor's own document: it stands at its own origin, so nobody has to be asked again for what
the page says (federation.md 6.2 lists light copies; those cost a request each). The ``ETag`` is the digest
of who is listed and when each last changed, so that who holds the same need not read on.
"""

import logging
from collections.abc import Iterable
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.discovery.followers_sync import digest_of
from activitypub.document import Json
from activitypub.errors import Unsigned
from activitypub.vocab.write import AROUND_OTHERS
from fedcop.as2 import actors as as2_actors
from fedcop.as2.activities import moment_of
from fedcop.errors import NotFound
from fedcop.federation import negotiate
from fedcop.federation.signer import viewer_of
from fedcop.node import Node
from storage import communities, copies, directory, keys
from storage.directory import Entry, Kind, Listing
from storage.engine import Reader
from storage.visible import Viewer

PAGE = 50
NAMES = {"people": "People", "communities": "Communities"}

log = logging.getLogger("fedcop.federation")


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [Route("/directory/{kind}", whole), Route("/directory/{kind}/page/{number:int}", page)]


async def whole(request: Request) -> Response:
    """Give how many are listed, and the digest of them."""
    node, viewer, kind = await _asked(request)
    entries = await node.store.scan(directory.ours, viewer, kind)
    uri = f"{node.uris.base_url}/directory/{kind}"
    document = {
        "@context": AROUND_OTHERS,
        "id": uri,
        "type": "OrderedCollection",
        "name": NAMES[kind],
        "attributedTo": node.uris.actor,
        "totalItems": len(entries),
        "first": f"{uri}/page/1",
    }
    return negotiate.document(document, headers={**negotiate.PRIVATE, "ETag": f'"{_digest(entries)}"'})


def _digest(entries: Iterable[Entry]) -> str:
    return digest_of(f"{entry.uri}\n{moment_of(entry.updated_at)}" for entry in entries)


async def page(request: Request) -> Response:
    """Give some of the entries; whoever reads them holds them from then on, and is told of changes."""
    node, viewer, kind = await _asked(request)
    number: int = request.path_params["number"]
    skipped = (number - 1) * PAGE
    items, more = await node.store.scan(_items, viewer, node, kind, max(0, skipped))
    if not items and number != 1:
        raise NotFound(f"the directory has no page {number}")
    uri = f"{node.uris.base_url}/directory/{kind}"
    document: Json = {
        "@context": AROUND_OTHERS,
        "id": f"{uri}/page/{number}",
        "type": "OrderedCollectionPage",
        "partOf": uri,
        "orderedItems": items,
    }
    held = [item["id"] for item in items if item["type"] != "Tombstone"]
    await node.store.write(copies.fetched_all, held, viewer.host)
    log.info("a directory was read", extra={"peer": viewer.host, "address": uri, "count": len(held)})
    return negotiate.document(document | ({"next": f"{uri}/page/{number + 1}"} if more else {}))


async def _asked(request: Request) -> tuple[Node, Viewer, Kind]:
    node: Node = request.app.state.node
    viewer = await viewer_of(node, request)
    if viewer.kind != "node":
        raise Unsigned("no signature; wanted one by an actor of an allowed node")
    kind = request.path_params["kind"]
    if kind not in NAMES:
        raise NotFound(f"there is no directory of {kind[:40]!r}")
    return node, viewer, cast(Kind, kind)


async def _items(
    read: Reader, viewer: Viewer, node: Node, kind: Kind, skipped: int
) -> tuple[list[Json], bool]:
    found = await directory.page(read, viewer, kind, limit=PAGE + 1, skipped=skipped)
    return [await _item(read, viewer, node, one) for one in found[:PAGE]], len(found) > PAGE


async def _item(read: Reader, viewer: Viewer, node: Node, listing: Listing) -> Json:
    if not listing.listed:
        at = moment_of(listing.changed_at)
        return {"id": listing.uri, "type": "Tombstone", "formerType": listing.type, "deleted": at}
    own_keys = await keys.public_of(read, listing.id)
    settings = await communities.find(read, viewer, listing.id) if listing.type == "Group" else None
    if settings is not None:
        document = as2_actors.group_of(listing, settings, own_keys, node.uris)
    else:
        document = as2_actors.person_of(listing, own_keys, node.uris, "profile")
    return document
