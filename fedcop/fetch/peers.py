"""What a peer runs, which decides how communities speak to it; and the host that a domain's ids have."""

import contextlib
from datetime import timedelta

from activitypub.discovery import nodeinfo
from activitypub.discovery.nodeinfo import Software
from activitypub.errors import RemoteFault
from activitypub.origin import host_of, same_origin
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.fetch import handles
from fedcop.fetch.discovery import base_of, finger, plain
from fedcop.node import Node
from storage import peers

KEPT_FOR = timedelta(days=1)


async def peer_kind(node: Node, host: str, *, again: bool = False) -> str:
    """Give ``group``, ``plain`` or ``unknown`` (decision 5), from NodeInfo, which is kept for a day.

    ``again``: it is asked even so, since what is kept may be that it did not answer.
    """
    if not again and (held := await _held(node, host)) is not None:
        return held
    return await node.memory.once(f"kind {host}", lambda: _current(node, host, again=again))


async def _held(node: Node, host: str) -> str | None:
    peer = await node.store.read(peers.find, host)
    if peer is None or peer.kind_at is None or node.clock.now() - peer.kind_at >= KEPT_FOR:
        return None
    return peer.kind


async def _current(node: Node, host: str, *, again: bool) -> str:
    """Give what kind a peer is now; looked for once more, since a look-up may have ended a moment ago."""
    if not again and (held := await _held(node, host)) is not None:
        return held
    peer = await node.store.read(peers.find, host)
    return await _asked(node, host, peer.kind if peer is not None else "unknown")


async def node_host(node: Node, domain: str) -> str | None:
    """Give the host of the ids of the node at a host or a domain of handles; None when it does not say.

    In which domain the handles of a host end is learnt on the way.
    """
    try:
        jrd = await finger(node, domain, f"acct:{domain}@{domain}")
        if jrd is None or not jrd.self_uri:
            return None
        host, (name, named) = host_of(jrd.self_uri), handles.subject_of(jrd)
    except (RemoteFault, PeerTrouble, NotPermitted):
        return None
    if host == domain and named != host:
        with contextlib.suppress(NotPermitted):
            await handles.ensure_may_ask(node, named, by=host, name=name)
    return host


async def _asked(node: Node, host: str, known: str) -> str:
    try:
        software = await _software(node, host)
    except (RemoteFault, PeerTrouble):
        software = None
    # Without an answer what is known stays: a peer that sent a wrapped Announce is of kind group.
    kind = nodeinfo.kind_of(software.name) if software else known
    await node.store.write(
        peers.set_software,
        host,
        software=software.name if software else "",
        version=software.version if software else "",
        kind=kind,
        now=node.clock.now(),
    )
    return kind


async def _software(node: Node, host: str) -> Software | None:
    links = await plain(node, f"{base_of(node, host)}/.well-known/nodeinfo", accept="application/json")
    address = nodeinfo.read_links(links.body) if links.status == 200 else None
    # Software is a hint only, yet another host has no say in it.
    if address is None or not same_origin(address, links.url):
        return None
    answer = await plain(node, address, accept="application/json")
    return nodeinfo.read(answer.body) if answer.status == 200 else None
