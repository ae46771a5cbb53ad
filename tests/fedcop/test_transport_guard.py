"""What the real way out refuses to dial: the list, private networks in every spelling, plain http."""

import ipaddress
import socket

import pytest

from activitypub.errors import Malformed
from fedcop.config import OutboundSection
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.transport import OPERATOR, Budget, Transport, may_dial
from tests.support.loopback import LOOPBACK, Peer, get, opened


async def test_the_list_is_asked_before_each_dial(peer: Peer) -> None:
    allowed = {f"kent.localhost:{peer.port}"}
    async with opened(allows=allowed.__contains__) as transport:
        await get(transport, peer.url())
        allowed.clear()
        with pytest.raises(NotPermitted, match="is not on the federation list of this node"):
            await get(transport, peer.url())
    assert len(peer.received) == 1


async def test_calls_to_the_operators_services_need_no_list_but_an_exact_host(peer: Peer) -> None:
    host = f"kent.localhost:{peer.port}"
    async with opened(allows=lambda _: False, operator=frozenset({host})) as transport:
        assert (await get(transport, peer.url(), OPERATOR)).status == 200
        for budget in (OPERATOR, Budget(seconds=1, max_bytes=1, kind="push")):
            with pytest.raises(NotPermitted, match=f"{budget.kind} list"):
                await get(transport, peer.url(host="other.localhost"), budget)


async def test_a_domain_of_handles_is_reached_only_by_calls_that_ask_for_handles(peer: Peer) -> None:
    host = f"kent.localhost:{peer.port}"
    handles = Budget(seconds=1, max_bytes=1000, kind="finger")
    transport = Transport(LOOPBACK, allows=lambda _: False, may_finger=lambda asked: asked == host)
    assert (await get(transport, peer.url(), handles)).status == 200
    with pytest.raises(NotPermitted, match="federation list"):
        await get(transport, peer.url(host="other.localhost"), handles)
    with pytest.raises(NotPermitted, match="federation list"):
        await get(transport, peer.url())
    await transport.close()


async def test_plain_http_is_for_loopback_names_only_and_only_if_switched_on(peer: Peer) -> None:
    async with opened() as transport:
        for url in ("http://kent.example/", "HTTP://kent.example/"):
            with pytest.raises(NotPermitted, match="wanted https"):
                await get(transport, url)
    async with opened(OutboundSection(allow_private_networks=("127.0.0.0/8",))) as transport:
        with pytest.raises(NotPermitted, match="wanted https"):
            await get(transport, peer.url())
    assert peer.connections == 0


async def test_a_port_is_for_loopback_names_only(transport: Transport) -> None:
    with pytest.raises(NotPermitted, match="no port"):
        await get(transport, "https://kent.example:8443/")


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1]/",
        "https://user@kent.localhost/",
        "https://kent.localhost\\@evil.example/",
        "file:///etc/passwd",
        "kent",
    ],
)
async def test_an_address_without_a_plain_host_is_malformed(transport: Transport, url: str) -> None:
    with pytest.raises(Malformed):
        await get(transport, url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0",
        "kent.localhost",
        "localhost",
    ],
)
async def test_without_leave_no_spelling_of_loopback_is_dialled(peer: Peer, host: str) -> None:
    async with opened(OutboundSection(plain_http=True)) as transport:
        with pytest.raises((PeerTrouble, NotPermitted)):
            await get(transport, peer.url(host=host))
        with pytest.raises(PeerTrouble):
            await get(transport, f"https://{host}/")
    assert peer.connections == 0


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"],
)
async def test_a_name_that_leads_to_a_private_network_is_not_dialled(address: str) -> None:
    outbound = OutboundSection(hosts={"evil.example": address})
    async with opened(outbound) as transport:
        with pytest.raises(PeerTrouble, match="private network"):
            await get(transport, "https://evil.example/")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::808:808", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "2002:808:808::", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_no_private_or_disguised_address_may_be_dialled(address: str) -> None:
    assert not may_dial(ipaddress.ip_address(address), ())


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "193.62.0.1", "2a00:1450:4009::1", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert may_dial(ipaddress.ip_address(address), ())


def test_a_private_network_that_is_named_may_be_dialled_and_no_other() -> None:
    private = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd12::/16"))
    assert may_dial(ipaddress.ip_address("10.1.2.3"), private)
    assert may_dial(ipaddress.ip_address("fd12::1"), private)
    assert may_dial(ipaddress.ip_address("64:ff9b::a01:203"), private)
    assert not may_dial(ipaddress.ip_address("10.2.0.1"), private)


async def test_names_below_localhost_are_loopback_whatever_resolvers_say(
    transport: Transport, peer: Peer
) -> None:
    for host in ("localhost", "a.b.c.localhost", "KENT.localhost", "127.0.0.1"):
        assert (await get(transport, peer.url(host=host))).status == 200


async def test_a_name_that_nobody_knows_cannot_be_reached(transport: Transport) -> None:
    with pytest.raises(PeerTrouble, match="cannot be reached"):
        await get(transport, "https://nobody.invalid/")


async def test_a_closed_port_cannot_be_reached(transport: Transport) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(PeerTrouble, match="cannot be reached"):
            await get(transport, f"http://kent.localhost:{port}/")
