"""A signed GET of one document: the list asked first, the way to sign it that worked remembered."""

from datetime import datetime
from urllib.parse import urljoin

import msgspec

from activitypub import fetching, sending
from activitypub.document import Document, read
from activitypub.errors import Malformed, WrongOrigin
from activitypub.origin import ensure_same_origin, host_of, same_origin
from activitypub.sig.accept import Wish
from activitypub.sig.signature import Scheme
from activitypub.vocab.collections import COLLECTIONS
from activitypub.wire import Response, ensure_activity_type
from fedcop.errors import NotPermitted, PeerTrouble, ShutOut, Withheld
from fedcop.fetch.spending import spend, weigh
from fedcop.node import Node
from fedcop.transport import Budget
from fedcop.uris import key_of
from storage import peers
from storage.engine import Transaction
from storage.peers import Peer

# 1 MiB and about 10 s are what Mastodon and Lemmy allow for a document (federation.md 4.2).
DOCUMENT = Budget(seconds=10, max_bytes=1_048_576, kind="peer")

# Of a GET with a query, 403 may be about the signature too: some verifiers leave the query out (2.2).
REFUSED = frozenset({400, 401})
REFUSED_WITH_QUERY = REFUSED | {403}

FAULTS = {401: Withheld, 403: ShutOut}


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


async def collection(node: Node, url: str) -> Document | None:
    """Fetch a collection, or a page of one; None when it is not there.

    It need not bear the address under which it is given, as at Mastodon, so it speaks for nothing but its
    order: what is in it is believed by its own id. Raises as ``document`` does, and ``Malformed`` for
    anything else that stands there.
    """
    response = await get(node, url)
    if response.status in (301, 302, 303, 307, 308):
        further = target_of(response, url)
        ensure_same_origin(url, further)
        response = await get(node, further)
    if response.status in (404, 410):
        return None
    ensure_answered(response)
    ensure_activity_type(response.header("content-type"))
    found = read(response.body)
    if found.type not in COLLECTIONS:
        raise Malformed(f"{url} is a {found.type}; wanted a collection")
    return found


class _Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to sign a GET."""

    scheme: Scheme
    query_signed: bool = True
    wish: Wish | None = None


async def get(node: Node, url: str) -> Response:
    """Send a GET signed by the node actor, in the way that its host took last.

    A refusal that may be about the signature is answered by signing another way, each once: path and query,
    the path alone, RFC 9421 (federation.md 2.2, 2.5); or just as the peer says by ``Accept-Signature``. If
    none is taken, what the first came to is given.
    """
    host = host_of(url)
    ensure_allowed(node, host)
    peer = await node.store.read(peers.find, host)
    has_query = "?" in url
    first: Response | None = None
    ways = _ways(peer, has_query=has_query)
    known = ways[0]
    while ways:
        way = ways.pop(0)
        response, wish = await _signed(node, url, way, lemmy=peer is not None and peer.software == "lemmy")
        if response.status not in (REFUSED_WITH_QUERY if has_query else REFUSED):
            if msgspec.structs.replace(way, wish=None) != known and response.status < 300:
                await node.store.write(_keep, host, way, node.clock.now(), has_query=has_query)
            return response
        first = first or response
        if wish is not None and way.wish is None:
            ways = [_Way(scheme="rfc9421", wish=wish)]
    assert first is not None, "there is more than one way"
    return first


def _ways(peer: Peer | None, *, has_query: bool) -> list[_Way]:
    """Give the ways in the order in which they are tried: what worked last, then the usual ones."""
    signed = peer is None or peer.query_signed or not has_query
    cavage = [_Way(scheme="cavage", query_signed=signed)]
    if has_query:
        cavage.append(_Way(scheme="cavage", query_signed=not signed))
    newer = [_Way(scheme="rfc9421")]
    return newer + cavage if peer is not None and peer.scheme == "rfc9421" else cavage + newer


async def _signed(node: Node, url: str, way: _Way, *, lemmy: bool) -> tuple[Response, Wish | None]:
    key_id = key_of(node.uris.actor)
    unsigned = sending.get(
        url,
        key_id=key_id,
        now=node.clock.now(),
        user_agent=node.user_agent,
        scheme=way.scheme,
        query_signed=way.query_signed,
        digested=lemmy,
        wish=way.wish,
    )
    signature = await node.signing.sign(node.actor_id, unsigned.base)
    spend(url)
    response = await node.transport.exchange(unsigned.signed(signature), DOCUMENT)
    weigh(response.body)
    return response, sending.wish_of(response, unsigned.request, key_id=key_id)


async def _keep(tx: Transaction, host: str, way: _Way, now: datetime, *, has_query: bool) -> None:
    await peers.set_scheme(tx, host, way.scheme, now)
    if has_query and way.scheme == "cavage":
        await peers.set_query_signed(tx, host, now, signed=way.query_signed)


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
        fault = FAULTS.get(response.status, PeerTrouble)
        raise fault(host_of(response.url), f"answered {response.status} for {response.url}")
