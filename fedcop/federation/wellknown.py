"""WebFinger, NodeInfo and host-meta: public, unsigned, and the same for everybody."""

from html import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import fedcop
from activitypub.discovery import nodeinfo, webfinger
from activitypub.errors import Malformed
from fedcop.federation.guessing import ensure_not_guessing, missed
from fedcop.node import Node
from fedcop.rules import canonical
from storage import actors
from storage.actors import Actor
from storage.engine import Reader
from storage.visible import SYSTEM

PUBLIC = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
HOST_META = """<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
<Link rel="lrdd" template="{base}/.well-known/webfinger?resource={{uri}}"/></XRD>
"""


def routes() -> list[Route]:
    """Give the routes of this file."""
    return [
        Route("/.well-known/webfinger", finger),
        Route("/.well-known/host-meta", host_meta),
        Route("/.well-known/nodeinfo", nodeinfo_links),
        Route("/nodeinfo/2.1", nodeinfo_document),
        Route("/nodeinfo/2.0", nodeinfo_document),
    ]


async def finger(request: Request) -> Response:
    """Say who a handle or an id is here (RFC 7033); 400 for no resource, 404 for nobody here."""
    node: Node = request.app.state.node
    ensure_not_guessing(node, request)
    resource = request.query_params.get("resource")
    if not resource:
        return PlainTextResponse("wanted ?resource=acct:NAME@DOMAIN\n", 400, PUBLIC)
    try:
        found = await node.store.read(_find, node, resource)
    except (Malformed, ValueError) as error:
        return PlainTextResponse(f"{error}\n", 400, PUBLIC)
    if found is None or not found.local or found.state == "deleted":
        missed(node, request)
        return PlainTextResponse("nobody of that name is here\n", 404, PUBLIC)
    body = webfinger.jrd_of(
        handle=found.handle,
        domain=found.domain,
        uri=found.uri,
        type=found.type,
        profile=found.url or found.uri,
        subscribe=f"{node.config.node.base_url}/authorize_interaction?uri={{uri}}",
    )
    return Response(body, 200, PUBLIC, "application/jrd+json")


async def _find(read: Reader, node: Node, resource: str) -> Actor | None:
    uris = node.uris
    if resource in (uris.base_url, f"{uris.base_url}/"):
        return await actors.find_by_uri(read, SYSTEM, uris.actor)
    if resource.startswith(("https://", "http://")):
        return await actors.find_by_uri(read, SYSTEM, resource)
    handle, domain = webfinger.split(resource)
    domain = canonical(domain)
    if domain not in (uris.domain, uris.host):
        return None
    if handle.lower() in (uris.domain, uris.host):
        return await actors.find_by_uri(read, SYSTEM, uris.actor)
    return await actors.find_by_handle(read, SYSTEM, handle, uris.domain)


async def host_meta(request: Request) -> Response:
    """Say where WebFinger is, for those who look here first."""
    base = escape(request.app.state.node.config.node.base_url)
    return Response(HOST_META.format(base=base), 200, PUBLIC, "application/xrd+xml")


async def nodeinfo_links(request: Request) -> Response:
    """Say where NodeInfo is, and which actor is this node's (FEP-2677)."""
    body = nodeinfo.links_of(request.app.state.node.config.node.base_url)
    return Response(body, 200, PUBLIC, "application/json")


async def nodeinfo_document(request: Request) -> Response:
    """Say what runs here. Nothing is counted: a closed network owes strangers no statistics (FEP-0151)."""
    node: Node = request.app.state.node
    schema = request.url.path.rpartition("/")[2]
    body = nodeinfo.document_of(
        schema=schema,
        name="fedcop",
        version=fedcop.__version__,
        open_registrations=node.config.sign_in.registration == "open",
        node_name=node.config.node.name,
        node_description=node.config.node.description,
    )
    kind = f'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/{schema}#"'
    return Response(body, 200, {**PUBLIC, "Content-Type": kind})
