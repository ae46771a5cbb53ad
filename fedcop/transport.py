"""The one way out: each request to another host goes through here, and none to a private network.

    transport = Transport(config.outbound, allows=node.allows)
    response = await transport.exchange(request, Budget(seconds=10, max_bytes=1_048_576))

Rules that hold in this file
  1. The federation list is asked before each request, also in the middle of a batch.
  2. The guard is the connector's socket factory: it sees the very address about to be dialled, for names and
     literals, at each connection. aiohttp does not ask its resolver about literals (tried).
  3. What was signed goes out: the address is taken as encoded already, since yarl else rewrites ``%7E`` and
     ``..``; redirects are not followed here.
  4. A host that hangs holds two connections and its own time, nothing that others wait for: names are looked
     up in threads of our own, since uvloop's pool has four for everything.
"""

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urlsplit

import aiohttp
import msgspec
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.config import OutboundSection
from fedcop.errors import ConfigFault, NotPermitted, PeerTrouble
from fedcop.rules import is_loopback
from storage.engine import ensure_outside_transaction

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = Literal["peer", "finger", "push", "operator"]

MOST_CONNECTIONS = 512
MOST_PER_HOST = 2
LOOK_UPS = 32
CHUNK = 65_536

# Idle connections are let go before nginx (75 s) and Caddy (5 min) would close them under a request.
KEPT_FOR = 60.0

# Behind NAT64 the IPv4 address in the last four octets is dialled, so that one is judged.
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

# Public by their look, yet they lead to an address that is written inside or to nowhere.
NEVER: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b:1::/48",  # NAT64 of a local network
        "2001::/23",  # Teredo among others
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
)


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What one exchange may cost, and which rule says whom it may reach.

    ``peer``: the federation list. ``finger``: domains in which the handles of allowed nodes end. ``push``,
    ``operator``: exact hosts that the configuration names.
    """

    seconds: float
    max_bytes: int
    kind: Kind = "peer"
    connect_seconds: float = 5.0


# A service that whoever runs the node named in the configuration, and the node itself seen from outside.
OPERATOR = Budget(seconds=10, max_bytes=1_048_576, kind="operator")


class Transport:
    """One aiohttp session over one connector; made inside a running event loop."""

    def __init__(
        self,
        outbound: OutboundSection,
        *,
        allows: Callable[[str], bool],
        may_finger: Callable[[str], bool] = lambda _: False,
        hosts: Mapping[Kind, frozenset[str]] | None = None,
    ) -> None:
        """``allows`` is the federation list; ``hosts`` the exact hosts for the other kinds of call."""
        self._asked = {"peer": allows, "finger": may_finger}
        self._hosts = hosts or {}
        self._plain_http = outbound.plain_http
        self._proxy = Proxy(outbound.proxy) if outbound.proxy else None
        private = tuple(ipaddress.ip_network(text) for text in outbound.allow_private_networks)

        def fault_of(address: Address, _port: int) -> str | None:
            return None if may_dial(address, private) else "belongs to a private network"

        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=MOST_CONNECTIONS,
                limit_per_host=MOST_PER_HOST,
                resolver=Resolver(outbound.hosts, self._proxy),
                socket_factory=socket_factory(self._proxy.fault_of if self._proxy else fault_of),
                ssl=_ssl_context(outbound.ca_file),
                keepalive_timeout=KEPT_FOR,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            skip_auto_headers=("Accept", "Content-Type", "User-Agent"),
        )

    async def exchange(self, request: Request, budget: Budget) -> Response:
        """Send one request and give its answer, redirects as they are.

        Raises ``NotPermitted`` when the host may not be talked with, before anything is dialled;
        ``PeerTrouble`` when no usable answer came within the budget.
        """
        ensure_outside_transaction("transport.exchange")
        host = host_of(request.url)
        self._ensure_allowed(request.url, host, budget.kind)
        try:
            async with asyncio.timeout(budget.seconds):
                return await self._twice(request, budget)
        except TimeoutError as error:
            raise PeerTrouble(host, "gave no answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise PeerTrouble(host, f"cannot be reached: {error or type(error).__name__}") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    def _ensure_allowed(self, url: str, host: str, kind: Kind) -> None:
        asked = self._asked.get(kind)
        if not (asked(host) if asked else host in self._hosts.get(kind, frozenset())):
            name = "federation" if asked else kind
            raise NotPermitted(f"{host} is not on the {name} list of this node")
        loopback = is_loopback(host)
        if not url.lower().startswith("https:") and not (self._plain_http and loopback):
            raise NotPermitted(f"found {url[:200]}, wanted https")
        if ":" in host and not loopback:
            raise NotPermitted(f"found the port of {host}, wanted none: ids have no port")
        if self._proxy is not None and (loopback or _is_literal(host)):
            # The proxy would dial it for us, and our guard sees the proxy only.
            raise NotPermitted(f"{host} is no name of a public host, and the proxy is asked for those only")

    async def _twice(self, request: Request, budget: Budget) -> Response:
        """Try again where the peer closed an idle connection just as it was used again.

        All that we send may be sent twice: a GET changes nothing, an activity counts once by its id.
        """
        try:
            return await self._once(request, budget)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            return await self._once(request, budget)

    async def _once(self, request: Request, budget: Budget) -> Response:
        url = yarl.URL(request.url, encoded=True)
        async with self._session.request(
            request.method,
            url,
            headers=request.headers,
            data=request.body or None,
            allow_redirects=False,
            timeout=_timeout(budget.connect_seconds),
            proxy=self._proxy.url if self._proxy else None,
        ) as answer:
            return Response(
                status=answer.status,
                url=request.url,
                headers=tuple((name.lower(), value) for name, value in answer.headers.items()),
                body=await _body(answer, request, budget),
            )


async def _body(answer: aiohttp.ClientResponse, request: Request, budget: Budget) -> bytes:
    """Read an answer's decoded body within the cap.

    Of a delivery the status is what counts: the rest of a long answer is left unread and no fault.
    """
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_chunked(CHUNK):
        size += len(part)
        if size > budget.max_bytes:
            answer.close()
            if request.method == "GET":
                raise PeerTrouble(host_of(request.url), f"answered with over {budget.max_bytes} bytes")
            break
        parts.append(part)
    return b"".join(parts)


@lru_cache(maxsize=16)
def _timeout(connect_seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds)


class Proxy:
    """The proxy of the configuration; the one host that is dialled when there is one."""

    def __init__(self, url: str) -> None:
        """Raise ``ConfigFault`` for what is no address of a proxy."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            wanted = "an address such as http://proxy.kent.example:3128"
            raise ConfigFault(f"outbound.proxy: found {url!r}, wanted {wanted}")
        self.url = url
        self.host = parts.hostname
        self._port = parts.port or 80
        # aiohttp asks no resolver about a literal; the addresses of a name come as it is looked up.
        self.addresses = {_address(self.host)} if _is_literal(self.host) else set()

    def fault_of(self, address: Address, port: int) -> str | None:
        """Say why an address is not the proxy's; None when it is."""
        return None if address in self.addresses and port == self._port else "is not the proxy"


class Resolver(AbstractResolver):
    """Looks names up: loopback names and fixed addresses without asking anybody."""

    def __init__(self, fixed: Mapping[str, str], proxy: Proxy | None = None) -> None:
        """Raise ``ConfigFault`` for a fixed address that is none."""
        self._fixed = {name.lower(): _fixed(name, text) for name, text in fixed.items()}
        self._proxy = proxy
        self._threads = ThreadPoolExecutor(LOOK_UPS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses of a name; raise ``OSError`` when it has none."""
        addresses = await self._addresses(host.lower(), port, family)
        if self._proxy is not None and host == self._proxy.host:
            self._proxy.addresses.update(addresses)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if address.version == 6 else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Let go of the threads; a look-up under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _addresses(self, host: str, port: int, family: socket.AddressFamily) -> list[Address]:
        if host in self._fixed:
            return [self._fixed[host]]
        if is_loopback(host):
            # No resolver is asked: not each system knows these names (RFC 6761 6.3).
            return [ipaddress.IPv4Address("127.0.0.1")]
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG),
        )
        return [_address(str(target[0])) for *_, target in found]


def socket_factory(fault_of: Callable[[Address, int], str | None]) -> aiohttp.SocketFactoryType:
    """Give what makes the socket for an address about to be dialled, or refuses it for the reason given."""

    def make(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, target = info
        fault = fault_of(_address(target[0]), target[1])
        if fault is not None:
            raise PermissionError(errno.EACCES, f"{target[0]}:{target[1]} {fault}")
        return socket.socket(family, kind, protocol)

    return make


def may_dial(address: Address, private: tuple[Network, ...]) -> bool:
    """Tell whether an address is public, or in one of the private networks that the configuration allows."""
    if any(address in network for network in private):
        return True
    if any(address in network for network in NEVER):
        return False
    if address in NAT64:
        return may_dial(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF), private)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_literal(host: str) -> bool:
    """Tell whether a host is an address in any spelling: 127.1, 0x7f.1, 2130706433."""
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


def _address(text: str) -> Address:
    """Read an address without the zone of a link-local one."""
    return ipaddress.ip_address(text.partition("%")[0])


def _fixed(name: str, text: str) -> Address:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise ConfigFault(
            f"outbound.hosts.{name}: found {text!r}, wanted an address such as 192.0.2.1"
        ) from None
    if is_loopback(name) and not address.is_loopback:
        raise ConfigFault(f"outbound.hosts.{name}: found {text!r}, but names below localhost are loopback")
    return address


def _ssl_context(ca_file: str) -> ssl.SSLContext:
    """Make the one context, which takes 17 ms; an extra CA is believed beside those of the system."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigFault(
                f"outbound.ca_file: {ca_file} holds no certificate that can be read: {error}"
            ) from None
    return context
