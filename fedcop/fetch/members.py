"""Who belongs to a community of another node, and who of ours follows somebody there, as that node says."""

from datetime import timedelta
from urllib.parse import quote

import msgspec

from activitypub import vocab
from activitypub.errors import Malformed
from activitypub.origin import ensure_same_origin, host_of
from activitypub.vocab import registry
from fedcop.errors import PeerTrouble, Withheld
from fedcop.fetch.documents import collection, ensure_answered, get
from fedcop.fetch.peers import peer_kind
from fedcop.node import Node
from storage import memberships, peers
from storage.actors import Actor

EVERY = timedelta(minutes=10)
# Others ignore the question and give the collection, which would read as a yes.
ANSWERS = frozenset({"fedcop", "lemmy"})


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """People in a collection, as ids; ``whole``: nobody is missing, so who is not there is none of them."""

    uris: tuple[str, ...]
    whole: bool


async def members(node: Node, community: Actor, *, again: bool = False) -> Listed | None:
    """Ask a community's node who belongs to it, and keep that; None when it does not say.

    Not more often than every ten minutes; ``again``: even so, since a digest showed that we are out of step.
    A node that counts us no more among those with a member does not tell: that is noted, and what a
    members-only community there posted is not shown (``storage.visible``). Raises ``RemoteFault`` or
    ``PeerTrouble`` when there is no usable answer.
    """
    now = node.clock.now()
    held = await node.store.read(memberships.roster, community.id)
    if community.local or community.followers_uri is None:
        return None
    if held is not None and now - held.asked_at < EVERY and not again:
        return None
    await node.store.write(memberships.asked, community.id, now)
    found, withheld = None, False
    try:
        found = await listed(node, community.followers_uri)
    except Withheld:
        withheld = True
    if found is not None:
        known = [(uri, host) for uri in found.uris if (host := _host(uri)) not in ("", node.uris.host)]
        await node.store.write(memberships.set_members, community.id, known)
    elif withheld or await _software(node, community.host) == "fedcop":
        await node.store.write(memberships.refused, community.id, now)
    return found


async def is_member(node: Node, community: Actor, uri: str) -> bool:
    """Tell whether somebody of any node belongs to a members-only community of another.

    Its node is asked if need be, as Lemmy's servers ask each other. Raises ``PeerTrouble`` when that gives no
    answer. A no is not kept: whoever acts may join the next moment.
    """
    if await node.store.read(memberships.knows_member, community.id, uri):
        return True
    if not community.approves or community.followers_uri is None or node.uris.is_ours(uri):
        return False
    if await _software(node, community.host) not in ANSWERS:
        return False
    response = await get(node, f"{community.followers_uri}?is_follower={quote(uri, safe=':/')}")
    if response.status in (400, 404):
        return False
    ensure_answered(response)
    await node.store.write(memberships.add_member, community.id, uri, host_of(uri))
    return True


async def _software(node: Node, host: str) -> str:
    await peer_kind(node, host)
    peer = await node.store.read(peers.find, host)
    return peer.software if peer is not None else ""


async def listed(node: Node, url: str) -> Listed | None:
    """Give the people in a collection, or in its first page if it has pages; None if it gives a number."""
    found = await _collection(node, url)
    if found is not None and found.first is not None and not found.items:
        ensure_same_origin(url, found.first)
        found = await _collection(node, found.first)
    if found is None:
        return None
    return Listed(uris=found.items, whole=found.next is None and (found.total_items or 0) <= len(found.items))


async def _collection(node: Node, url: str) -> vocab.Collection | None:
    document = await collection(node, url)
    if document is None:
        raise PeerTrouble(host_of(url), f"has nothing at {url}")
    found = registry.read(document)
    if not isinstance(found, vocab.Collection):
        raise Malformed(f"{url} is a {document.type}; wanted a collection")
    has_items = found.first is not None or bool({"items", "orderedItems"} & document.json.keys())
    return found if has_items else None


def _host(uri: str) -> str:
    try:
        return host_of(uri)
    except Malformed:
        return ""
