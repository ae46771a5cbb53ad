"""WebFinger and NodeInfo of other nodes: both are public, so these requests are not signed."""

from urllib.parse import quote

from activitypub.discovery import webfinger
from activitypub.discovery.webfinger import Jrd
from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.errors import PeerTrouble
from fedcop.fetch.documents import DOCUMENT, ensure_allowed
from fedcop.node import Node
from fedcop.rules import is_loopback


def base_of(node: Node, host: str) -> str:
    """Give the address under which a host answers: https, save for loopback names where http is allowed."""
    scheme = "http" if node.config.outbound.plain_http and is_loopback(host) else "https"
    return f"{scheme}://{host}"


async def finger(node: Node, domain: str, resource: str) -> Jrd | None:
    """Ask a domain who ``resource`` is; None when it knows no such one."""
    url = f"{base_of(node, domain)}/.well-known/webfinger?resource={quote(resource, safe=':@')}"
    response = await plain(node, url, accept="application/jrd+json")
    if response.status in (400, 404, 410):
        return None
    if response.status != 200:
        raise PeerTrouble(domain, f"answered {response.status} for {resource}")
    return webfinger.read(response.body)


async def plain(node: Node, url: str, *, accept: str) -> Response:
    """Send a GET without a signature."""
    ensure_allowed(node, host_of(url))
    headers = (("Accept", accept), ("User-Agent", node.user_agent))
    return await node.transport.exchange(Request(method="GET", url=url, headers=headers), DOCUMENT)
