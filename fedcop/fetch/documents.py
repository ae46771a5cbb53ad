"""A signed GET of one document: the list asked first, the signature scheme that worked remembered."""

from typing import Literal
from urllib.parse import urljoin

from activitypub import fetching, sending
from activitypub.document import Document, read
from activitypub.errors import Malformed, WrongOrigin
from activitypub.origin import host_of, same_origin
from activitypub.wire import Response
from fedcop.errors import NotPermitted, PeerTrouble, Withheld
from fedcop.node import Node
from fedcop.transport import Budget
from fedcop.uris import key_of
from storage import peers

# 1 MiB and about 10 s are what Mastodon and Lemmy allow for a document (federation.md 4.2).
DOCUMENT = Budget(seconds=10, max_bytes=1_048_576, kind="peer")

Scheme = Literal["cavage", "rfc9421"]


def ensure_allowed(node: Node, host: str) -> None:
    """Raise ``NotPermitted`` when the list does not allow a host; nothing is asked of it then."""
    if not node.allows(host):
        raise NotPermitted(f"{host} is not on the federation list of this node")


async def document(node: Node, uri: str) -> Document | None:
    """Fetch what stands at an address of another node; None when it is not, or no longer, there.

    An address that is a page of a post, or redirects, leads one step further within its origin: what
    comes back was always served at its own id. Raises ``RemoteFault`` for what cannot be believed,
    ``PeerTrouble`` when the peer gave no answer, and of this ``Withheld`` when it does not let us read;
    ``NotPermitted`` when our list says no.
    """
    response = await get(node, uri)
    further = _further(response, uri)
    if further is not None:
        uri, response = further, await get(node, further)
    if response.status in (404, 410):
        return None
    ensure_answered(response)
    return fetching.document_of(response, asked=uri)


async def get(node: Node, url: str) -> Response:
    """Send a GET signed by the node actor; a signature refused in one scheme is tried in the other."""
    host = host_of(url)
    ensure_allowed(node, host)
    peer = await node.store.read(peers.find, host)
    first: Scheme = "rfc9421" if peer is not None and peer.scheme == "rfc9421" else "cavage"
    response = await _signed(node, url, first)
    if response.status not in (400, 401):
        return response
    second: Scheme = "cavage" if first == "rfc9421" else "rfc9421"
    again = await _signed(node, url, second)
    if again.status < 300:
        await node.store.write(peers.set_scheme, host, second)
    return again


async def _signed(node: Node, url: str, scheme: Scheme) -> Response:
    unsigned = sending.get(
        url,
        key_id=key_of(node.uris.actor),
        now=node.clock.now(),
        user_agent=node.user_agent,
        scheme=scheme,
    )
    signature = await node.signing.sign(node.actor_id, unsigned.base)
    return await node.transport.exchange(unsigned.signed(signature), DOCUMENT)


def _further(response: Response, asked: str) -> str | None:
    """Give the one address within the origin to which an answer points instead of being it."""
    if response.status in (301, 302, 303, 307, 308):
        target = target_of(response, asked)
        if not same_origin(target, asked):
            raise WrongOrigin(f"{asked} leads to {target}; wanted an address of the same origin")
        return target
    if response.status != 200:
        return None
    named = read(response.body).id
    return named if named is not None and named != asked and same_origin(named, asked) else None


def target_of(response: Response, asked: str) -> str:
    """Give the address to which a redirect leads; raise ``Malformed`` when it is none."""
    location = response.header("location") or ""
    try:
        return urljoin(asked, location)
    except ValueError as error:
        raise Malformed(f"{asked} leads to {location[:100]!r}, which is no address: {error}") from None


def ensure_answered(response: Response) -> None:
    """Raise ``PeerTrouble`` for an answer that gives nothing."""
    if not 200 <= response.status < 300:
        fault = Withheld if response.status in (401, 403) else PeerTrouble
        raise fault(host_of(response.url), f"answered {response.status} for {response.url}")
