"""Messages to push services, over real sockets."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fedcop.content import webpush
from fedcop.delivery import push
from fedcop.delivery.push import Told
from fedcop.node import Node
from fedcop.transport import Transport
from storage.ids import ActorId, NotificationId
from storage.push import Subscription
from tests.support.loopback import LOOPBACK, Peer, full

TOLD = Told(notification_id=7, notification_type="mention", icon="", title="Ada mentioned you", body="Hello")


@pytest.fixture
async def service() -> Any:
    made = await Peer().start()
    yield made
    await made.stop()


def subscription(service: Peer, **given: Any) -> Subscription:
    client = ec.derive_private_key(7, ec.SECP256R1())
    values: dict[str, Any] = {
        "endpoint": service.url("/send/1", host="push.localhost"),
        "p256dh": webpush._point(client.public_key()),
        "secret": b"s" * 16,
        "standard": True,
    } | given
    return Subscription(
        id=1,
        token_id=2,
        actor_id=ActorId(3),
        alerts="[]",
        policy="all",
        sent_to=NotificationId(0),
        failures=0,
        **values,
    )


async def send(node: Node, service: Peer, held: Subscription) -> str:
    """Send over the real way out of a node whose push service is on loopback."""
    await node.transport.close()
    host = f"push.localhost:{service.port}"
    node.transport = Transport(LOOPBACK, allows=lambda _: False, hosts={"push": frozenset({host})})
    return await push.send(node, held, TOLD)


async def test_a_service_gets_what_only_the_client_can_read(node: Node, service: Peer) -> None:
    service.answer = full(b"", status="201 Created")
    assert await send(node, service, subscription(service)) == "sent"
    ((head, body),) = service.received
    headers = {line.split(": ")[0].lower(): line.split(": ")[1] for line in head[1:]}
    assert head[0] == "POST /send/1 HTTP/1.1"
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == "172800"
    assert headers["authorization"].endswith(f"k={push.key_of(node)}")
    assert b"Ada" not in body


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("200 OK", "sent"),
        ("413 Too Large", "sent"),
        ("404 Not Found", "gone"),
        ("410 Gone", "gone"),
        ("429 Too Many", "later"),
        ("500 Oh", "later"),
        ("403 No", "later"),
    ],
)
async def test_what_a_service_answers_decides(node: Node, service: Peer, status: str, outcome: str) -> None:
    service.answer = full(b"", status=status)
    assert await send(node, service, subscription(service)) == outcome


async def test_a_service_that_is_not_listed_is_never_dialled(node: Node, service: Peer) -> None:
    held = subscription(service, endpoint=service.url("/x", host="other.localhost"))
    assert await send(node, service, held) == "gone"
    assert service.connections == 0


async def test_a_service_that_is_down_is_tried_later(node: Node, service: Peer) -> None:
    service.answer = b""
    assert await send(node, service, subscription(service)) == "later"


def test_the_first_words_are_whole_words() -> None:
    assert push.excerpt("<p>Hello</p><p>you</p>") == "Hello you"
    long = push.excerpt("<p>" + "word " * 100 + "</p>")
    assert len(long) <= push.LONGEST_BODY
    assert long.endswith("word…")
