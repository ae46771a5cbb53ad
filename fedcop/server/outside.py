"""``doctor --public``: this node as others see it, through whatever stands in front of it."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec

from activitypub.discovery import nodeinfo, webfinger
from activitypub.errors import Malformed, RemoteFault
from activitypub.wire import Request, Response
from fedcop.errors import Refusal
from fedcop.node import Node, WayOut
from fedcop.rules import is_loopback
from fedcop.server import checks
from fedcop.server.checks import Finding
from fedcop.transport import OPERATOR, Transport

RENEW_BEFORE: Final = timedelta(days=14)  # certificates of three months are renewed a month before their end
ANSWERS_WITHIN: Final = 10.0


async def look(node: Node) -> list[Finding]:
    """Look at this node as others do; its own names need not be on its list."""
    own = frozenset({node.uris.host, node.uris.domain})
    transport = Transport(node.config.outbound, allows=node.allows, hosts={"operator": own})
    try:
        found = [await _dns(node), *[await _seen(node, transport, one) for one in _looks(node)]]
        found.append(await probes(node, transport))
    finally:
        await transport.close()
    return [await certificate(node) if one.check == "tls" and one.result == "ok" else one for one in found]


async def _dns(node: Node) -> Finding:
    found = []
    for name in dict.fromkeys([node.uris.domain, node.uris.host]):
        if is_loopback(name):
            found.append(f"{name} is always this machine")
            continue
        try:
            answers = await asyncio.get_running_loop().getaddrinfo(name, 443, type=socket.SOCK_STREAM)
        except OSError as error:
            return checks.fail("dns", f"{name}: {error.strerror}; make an A or AAAA record for it")
        found.append(f"{name} is {', '.join(sorted({str(answer[4][0]) for answer in answers}))}")
    return checks.ok("dns", "; ".join(found))


class _Look(msgspec.Struct, frozen=True, kw_only=True):
    """Something of ours that anybody may ask for, and what its answer says."""

    check: str
    url: str
    read: Callable[[Response], str]


def _looks(node: Node) -> list[_Look]:
    domain, base = node.uris.domain, node.uris.base_url
    scheme = urlsplit(base).scheme

    def answers(_: Response) -> str:
        return f"{base} answers"

    def finger(response: Response) -> str:
        found = webfinger.read(response.body).self_uri
        if found != node.uris.actor:
            raise Malformed(f"names {found}, wanted {node.uris.actor}")
        return f"{domain} names this node"

    def links(response: Response) -> str:
        return f"it is at {nodeinfo.read_links(response.body)}"

    resource = f"acct:{domain}@{domain}"
    return [
        _Look(check="tls", url=f"{base}/livez", read=answers),
        _Look(
            check="webfinger",
            url=f"{scheme}://{domain}/.well-known/webfinger?resource={resource}",
            read=finger,
        ),
        _Look(check="nodeinfo", url=f"{base}/.well-known/nodeinfo", read=links),
    ]


async def _seen(node: Node, transport: Transport, one: _Look) -> Finding:
    request = Request(method="GET", url=one.url, headers=(("User-Agent", node.user_agent),))
    try:
        response = await transport.exchange(request, OPERATOR)
        text = one.read(response) if response.status == 200 else None
    except (Refusal, RemoteFault) as error:
        return checks.fail(
            one.check, f"{one.url}: {error}; see that the proxy in front passes this address on"
        )
    if text is None:
        return checks.fail(
            one.check, f"{one.url}: answered {response.status}; is the node running behind it?"
        )
    return checks.ok(one.check, text)


async def certificate(node: Node) -> Finding:
    """Say until when the certificate holds; a proxy on the way out is not asked through."""
    base = urlsplit(node.uris.base_url)
    if base.scheme != "https":
        return checks.ok("tls", f"{node.uris.base_url} is for a trial on this machine only")
    if node.config.outbound.proxy:
        return checks.ok("tls", "the certificate holds; until when is not seen through outbound.proxy")
    host = base.hostname or ""
    context = ssl.create_default_context()
    if node.config.outbound.ca_file:
        context.load_verify_locations(node.config.outbound.ca_file)
    address = node.config.outbound.hosts.get(host) or ("127.0.0.1" if is_loopback(host) else host)
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            _, writer = await asyncio.open_connection(
                address, base.port or 443, ssl=context, server_hostname=host
            )
    except (OSError, TimeoutError) as error:
        return checks.fail("tls", f"{host}: {error or 'no answer'}")
    ends = ssl.cert_time_to_seconds(writer.get_extra_info("peercert")["notAfter"])
    writer.close()
    left = datetime.fromtimestamp(ends, UTC) - node.clock.now()
    text = f"the certificate holds for {left.days} days"
    return (
        checks.ok("tls", text) if left > RENEW_BEFORE else checks.warn("tls", f"{text}; see what renews it")
    )


async def probes(node: Node, transport: WayOut) -> Finding:
    """Look whether everybody is shown figures, through a proxy that does not say for whom it asks."""
    url = f"{node.uris.base_url}/metrics"
    if is_loopback(node.uris.host):
        return checks.ok("metrics", "a trial on this machine has no outside")
    request = Request(method="GET", url=url, headers=(("User-Agent", node.user_agent),))
    try:
        response = await transport.exchange(request, OPERATOR)
    except (Refusal, RemoteFault) as error:
        return checks.warn("metrics", f"{url}: {error}")
    if response.status == 200:
        return checks.fail("metrics", f"{url} shows figures to everybody; let the proxy set X-Forwarded-For")
    return checks.ok("metrics", "figures are not shown to the outside")
