"""/api/v1/domain_blocks: nodes of which a person would rather hear nothing."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import Invalid
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.forms import Paging
from fedcop.node import Node
from fedcop.rules import canonical
from storage import muted_hosts
from storage.engine import Reader
from storage.muted_hosts import MutedHost
from storage.pages import Page


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A node by its name."""

    domain: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


async def index(request: Request) -> Response:
    """GET /api/v1/domain_blocks."""
    page = (await forms.read(request, Paging)).page(100, 200)
    _, rows = await auth.read(request, "read:blocks", _page, page)
    hosts, ids = [row.host for row in rows], [row.id for row in rows]
    return answer.page(request, hosts, page, ids, full_only=True)


async def _page(read: Reader, caller: Caller, page: Page) -> list[MutedHost]:
    return await muted_hosts.page(read, caller.me, page)


async def create(request: Request) -> Response:
    """POST /api/v1/domain_blocks."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:blocks")
    host = await _host(request)
    await node.store.write(muted_hosts.mute, node.ids.next(node.clock.now()), person.actor.id, host)
    return answer.entity({})


async def remove(request: Request) -> Response:
    """DELETE /api/v1/domain_blocks."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:blocks")
    await node.store.write(muted_hosts.unmute, person.actor.id, await _host(request))
    return answer.entity({})


async def _host(request: Request) -> str:
    """Give the host that is named; a handle's domain stands for the host of its ids."""
    node: Node = request.app.state.node
    domain = (await forms.read(request, Form)).domain
    try:
        host = str(canonical(domain))
    except ValueError as error:
        raise Invalid(domain=str(error)) from None
    if host in (node.uris.host, node.uris.domain):
        raise Invalid(domain=f"{host} is this node")
    return node.domains.get(host, host)


ROUTES = [
    Route("/api/v1/domain_blocks", index),
    Route("/api/v1/domain_blocks", create, methods=["POST"]),
    Route("/api/v1/domain_blocks", remove, methods=["DELETE"]),
]
