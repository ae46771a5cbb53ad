"""What other nodes tell anybody: WebFinger, NodeInfo, the stub of an actor. These requests are not signed."""

from urllib.parse import quote

from activitypub import fetching, sending
from activitypub.discovery import webfinger
from activitypub.discovery.webfinger import Jrd
from activitypub.document import Document
from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.errors import PeerTrouble
from fedcop.fetch.documents import DOCUMENT, ensure_allowed, ensure_answered, target_of
from fedcop.fetch.spending import spend
from fedcop.node import Node
from fedcop.rules import is_loopback
from fedcop.transport import Budget

JRD = "application/jrd+json"
# For a domain that is not on the list: handles of an allowed node end in it.
HANDLES = Budget(seconds=10, max_bytes=65_536, kind="finger")


def base_of(node: Node, host: str) -> str:
    """Give the address under which a host answers: https, save for loopback names where http is allowed."""
    scheme = "http" if node.config.outbound.plain_http and is_loopback(host) else "https"
    return f"{scheme}://{host}"


async def finger(node: Node, domain: str, resource: str) -> Jrd | None:
    """Ask a domain who ``resource`` is; None when it knows no such one.

    The website of a council often only points to its node (RFC 7033 4.2), which has to be on the list.
    """
    url = f"{base_of(node, domain)}/.well-known/webfinger?resource={quote(resource, safe=':@')}"
    response = await _exchange(node, url, JRD, DOCUMENT if node.allows(domain) else HANDLES)
    if response.status in (301, 302, 303, 307, 308):
        response = await plain(node, target_of(response, url), accept=JRD)
    if response.status in (400, 404, 410):
        return None
    if response.status != 200:
        raise PeerTrouble(domain, f"answered {response.status} for {resource}")
    return webfinger.read(response.body)


async def stub(node: Node, uri: str) -> Document:
    """Fetch what anybody may know of an actor whose node does not let this one read more: its keys.

    A proof by somebody on a node that does not allow us can then be checked all the same, when a community
    that both may talk with passes it on (federation.md 3.4).
    """
    response = await plain(node, uri, accept=sending.ACCEPT)
    ensure_answered(response)
    return fetching.document_of(response, asked=uri)


async def plain(node: Node, url: str, *, accept: str) -> Response:
    """Send a GET without a signature."""
    ensure_allowed(node, host_of(url))
    return await _exchange(node, url, accept, DOCUMENT)


async def _exchange(node: Node, url: str, accept: str, budget: Budget) -> Response:
    spend(url)
    headers = (("Accept", accept), ("User-Agent", node.user_agent))
    return await node.transport.exchange(Request(method="GET", url=url, headers=headers), budget)
