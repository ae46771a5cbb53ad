"""The real way out, on loopback sockets."""

import asyncio
import gzip
import socket
import ssl
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import sending
from activitypub.wire import Request
from fedcop.config import OutboundSection
from fedcop.errors import ConfigFault, NotPermitted, PeerTrouble
from fedcop.transport import Budget, Proxy, Resolver, Transport, socket_factory
from storage.engine import here
from storage.errors import TransactionMisuse
from tests.support.loopback import BUDGET, OK, SHORT, Peer, full, get, opened, post
from tests.support.signed import NOW


async def test_a_request_goes_out_as_it_is_and_its_answer_comes_back(
    transport: Transport, peer: Peer
) -> None:
    peer.answer = full(b"taken", "X-Twice: a", "x-twice: b", status="202 Accepted")
    headers = (("Host", f"kent.localhost:{peer.port}"), ("Digest", "SHA-256=x"), ("User-Agent", "fedcop/1"))
    url = peer.url("/inbox?a=b")
    response = await transport.exchange(
        Request(method="POST", url=url, headers=headers, body=b"said"), BUDGET
    )
    assert (response.status, response.url, response.body) == (202, url, b"taken")
    assert response.header("X-Twice") == "a, b"
    head, body = peer.received[0]
    assert head[0] == "POST /inbox?a=b HTTP/1.1"
    assert body == b"said"
    names = sorted(line.partition(":")[0].lower() for line in head[1:])
    assert names == ["accept-encoding", "content-length", "digest", "host", "user-agent"]
    assert f"Host: kent.localhost:{peer.port}" in head


async def test_connections_are_kept_and_used_again(transport: Transport, peer: Peer) -> None:
    for _ in range(3):
        await post(transport, peer.url())
    assert peer.connections == 1


async def test_a_redirect_is_an_answer_like_any_other(transport: Transport, peer: Peer) -> None:
    peer.answer = full(b"", "Location: http://127.0.0.1:1/", status="302 Found")
    response = await get(transport, peer.url())
    assert (response.status, response.header("location")) == (302, "http://127.0.0.1:1/")
    assert len(peer.received) == 1


async def test_cookies_are_not_kept(transport: Transport, peer: Peer) -> None:
    peer.answer = full(b"", "Set-Cookie: a=b; Path=/")
    for _ in range(2):
        await get(transport, peer.url())
    assert not any(line.lower().startswith("cookie") for line in peer.received[1][0])


PATHS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=60)


@settings(max_examples=10, deadline=None)
@given(st.lists(PATHS, min_size=20, max_size=20))
def test_the_path_that_is_signed_is_the_path_that_arrives(paths: list[str]) -> None:
    async def send_all() -> None:
        peer = await Peer().start()
        async with opened() as transport:
            for path in paths:
                unsigned = sending.get(peer.url(f"/{path}"), key_id="k", now=NOW, user_agent="fedcop")
                await transport.exchange(unsigned.signed(b"signature"), BUDGET)
                method, target, _ = peer.received[-1][0][0].split(" ")
                assert unsigned.base.startswith(f"(request-target): {method.lower()} {target}\n".encode())
        await peer.stop()

    asyncio.run(send_all())


@pytest.mark.parametrize(
    "path", ["/a/../b", "/a/./b", "/%7Ea", "/%7ea", "/a//b", "/a%2Fb", "/?q=%C3%A9+a&b=%20"]
)
async def test_nothing_in_a_path_is_rewritten(transport: Transport, peer: Peer, path: str) -> None:
    await get(transport, peer.url(path))
    assert peer.received[0][0][0] == f"GET {path} HTTP/1.1"


async def test_a_body_over_the_cap_is_trouble_for_a_get(transport: Transport, peer: Peer) -> None:
    peer.answer = full(b"x" * 10_000)
    assert len((await get(transport, peer.url())).body) == 10_000
    peer.answer = full(b"x" * 10_001)
    with pytest.raises(PeerTrouble, match="over 10000 bytes"):
        await get(transport, peer.url())


async def test_a_long_answer_to_a_delivery_counts_by_its_status(transport: Transport, peer: Peer) -> None:
    peer.answer = full(b"x" * 1_000_000, status="202 Accepted")
    response = await post(transport, peer.url())
    assert response.status == 202
    assert len(response.body) <= 10_000


async def test_a_compressed_body_is_read(transport: Transport, peer: Peer) -> None:
    peer.answer = full(gzip.compress(b"short"), "Content-Encoding: gzip")
    assert (await get(transport, peer.url())).body == b"short"


async def test_a_bomb_is_measured_as_it_unfolds(transport: Transport, peer: Peer) -> None:
    peer.answer = full(gzip.compress(bytes(50_000_000)), "Content-Encoding: gzip")
    tracemalloc.start()
    with pytest.raises(PeerTrouble, match="over 10000 bytes"):
        await get(transport, peer.url())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


async def test_an_endless_body_is_cut_off(transport: Transport, peer: Peer) -> None:
    peer.answer = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1000\r\n" + b"x" * 4096 + b"\r\n" * 1
    )
    peer.answer += (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 50
    with pytest.raises(PeerTrouble, match="over 10000 bytes"):
        await get(transport, peer.url())


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nslow", b"HTTP/1.1 200 OK\r\n", b"HTTP"],
    ids=["body", "head", "status"],
)
async def test_a_slow_answer_ends_with_the_budget(transport: Transport, peer: Peer, answer: bytes) -> None:
    peer.answer = answer
    with pytest.raises(PeerTrouble, match="no answer in time"):
        await get(transport, peer.url(), SHORT)


async def test_an_address_that_never_connects_ends_with_its_own_limit() -> None:
    with socket.socket() as full_up:
        full_up.bind(("127.0.0.1", 0))
        full_up.listen(0)
        host, port = full_up.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for caller in waiting:
            caller.setblocking(False)
            caller.connect_ex((host, port))
        async with opened() as transport:
            budget = Budget(seconds=30, max_bytes=1, connect_seconds=0.1)
            with pytest.raises(PeerTrouble, match="no answer in time"):
                await asyncio.wait_for(get(transport, f"http://kent.localhost:{port}/", budget), 5)
        for caller in waiting:
            caller.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        full(b"no gzip", "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000,
    ],
    ids=["no HTTP", "no gzip", "an endless header"],
)
async def test_an_answer_that_cannot_be_read_is_trouble(
    transport: Transport, peer: Peer, answer: bytes
) -> None:
    peer.answer = answer
    with pytest.raises(PeerTrouble, match=r"^kent"):
        await get(transport, peer.url())


async def test_an_idle_connection_that_was_closed_costs_one_more_try(
    transport: Transport, peer: Peer
) -> None:
    peer.answers = [OK, b"", OK]
    assert (await post(transport, peer.url())).status == 200
    assert (await post(transport, peer.url())).status == 200
    assert (len(peer.received), peer.connections) == (3, 2)


async def test_a_host_that_always_hangs_up_is_trouble(transport: Transport, peer: Peer) -> None:
    peer.answer = b""
    with pytest.raises(PeerTrouble, match="cannot be reached"):
        await post(transport, peer.url())
    assert len(peer.received) == 2


async def test_a_second_try_has_no_budget_of_its_own(transport: Transport, peer: Peer) -> None:
    peer.answers = [b""]
    peer.answer = b"HTTP/1.1 200 OK\r\n"
    with pytest.raises(PeerTrouble, match="no answer in time"):
        await post(transport, peer.url(), SHORT)
    assert len(peer.received) == 2


async def test_a_host_that_hangs_holds_two_connections_and_nobody_else(
    transport: Transport, peer: Peer
) -> None:
    hung = await Peer().start()
    hung.hangs = True
    waiting = [asyncio.ensure_future(post(transport, hung.url(host="hung.localhost"))) for _ in range(20)]
    await asyncio.gather(*(post(transport, peer.url(host=f"h{number}.localhost")) for number in range(20)))
    assert len(peer.received) == 20
    assert hung.connections <= 2
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await hung.stop()


async def test_nothing_is_dialled_inside_a_transaction(transport: Transport, peer: Peer) -> None:
    here.inside_transaction = True
    try:
        with pytest.raises(TransactionMisuse):
            await get(transport, peer.url())
    finally:
        here.inside_transaction = False
    assert peer.connections == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate of kent.localhost, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kent.localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("kent.localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "kent.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
async def tls_peer(certificate: Path) -> AsyncIterator[Peer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    made = await Peer().start(tls=context)
    yield made
    await made.stop()


async def test_a_certificate_of_the_extra_ca_is_believed(tls_peer: Peer, certificate: Path) -> None:
    outbound = OutboundSection(allow_private_networks=("127.0.0.0/8",), ca_file=str(certificate))
    async with opened(outbound) as transport:
        response = await get(transport, f"https://kent.localhost:{tls_peer.port}/")
        assert response.body == b"ok"
        with pytest.raises(PeerTrouble, match="certificate"):
            await get(transport, f"https://devon.localhost:{tls_peer.port}/")


async def test_a_certificate_of_nobody_is_not_believed(transport: Transport, tls_peer: Peer) -> None:
    with pytest.raises(PeerTrouble, match="certificate"):
        await get(transport, f"https://kent.localhost:{tls_peer.port}/")
    assert tls_peer.received == []


def proxied(peer: Peer, host: str = "127.0.0.1") -> OutboundSection:
    return OutboundSection(proxy=f"http://{host}:{peer.port}", hosts={"evil.example": "127.0.0.1"})


@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.localhost"])
async def test_with_a_proxy_only_the_proxy_is_dialled(peer: Peer, host: str) -> None:
    peer.answer = full(b"", status="502 Bad Gateway")
    async with opened(proxied(peer, host)) as transport:
        for name in ("kent.example", "evil.example"):
            with pytest.raises(PeerTrouble):
                await get(transport, f"https://{name}/actor")
    assert [head[0] for head, _ in peer.received] == [
        "CONNECT kent.example:443 HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
    ]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "10.0.0.1", "8.8.8.8", "localhost", "kent.localhost"],
)
async def test_a_proxy_is_asked_for_names_of_public_hosts_only(peer: Peer, host: str) -> None:
    async with opened(proxied(peer)) as transport:
        with pytest.raises(NotPermitted, match="no name of a public host"):
            await get(transport, f"https://{host}/")
    assert peer.connections == 0


async def test_behind_a_proxy_no_other_address_is_dialled() -> None:
    proxy = Proxy("http://proxy.example:3128")
    resolver = Resolver({"proxy.example": "10.1.1.1", "kent.example": "10.1.1.2"}, proxy)
    await resolver.resolve("proxy.example", 3128)
    await resolver.resolve("kent.example", 443)
    make = socket_factory(proxy.fault_of)
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.1.1.1", 3128))).close()
    for target in (("10.1.1.1", 443), ("10.1.1.2", 3128), ("10.1.1.2", 443)):
        with pytest.raises(PermissionError, match="is not the proxy"):
            make((socket.AF_INET, socket.SOCK_STREAM, 0, "", target))
    await resolver.close()


async def test_other_names_are_looked_up() -> None:
    resolver = Resolver({})
    found = await resolver.resolve("8.8.8.8", 443)  # a number, since no network may be there
    assert [(address["host"], address["port"], address["family"]) for address in found] == [
        ("8.8.8.8", 443, socket.AF_INET)
    ]
    await resolver.close()


@pytest.mark.parametrize(
    ("outbound", "fault"),
    [
        (OutboundSection(proxy="proxy.example"), "outbound.proxy"),
        (OutboundSection(proxy="socks5://proxy.example:1080"), "outbound.proxy"),
        (OutboundSection(hosts={"a.example": "b.example"}), "outbound.hosts.a.example"),
        (OutboundSection(hosts={"a.localhost": "10.0.0.1"}), "outbound.hosts.a.localhost"),
        (OutboundSection(ca_file="/nowhere/ca.pem"), "outbound.ca_file"),
        (OutboundSection(ca_file=__file__), "outbound.ca_file"),
    ],
)
async def test_a_configuration_that_cannot_be_used_is_named(outbound: OutboundSection, fault: str) -> None:
    with pytest.raises(ConfigFault, match=fault):
        Transport(outbound, allows=lambda _: True)
