"""One activity to rows: each inbox once, hosts that are not allowed left out, copies noted."""

from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.node import Node
from storage import copies, deliveries
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Transaction
from tests.support.network import Council

LEMMY = ("lemmy.example", "https://lemmy.example/inbox")
DEVON = ("devon.example", "https://devon.example/inbox")
DENIED = ("denied.example", "https://denied.example/inbox")
POST = "https://kent.example/posts/1"


def parcel(node: Node, ada: Actor, **more: str) -> Parcel:
    return fanout.parcel(
        node,
        {"type": "Create"},
        uri="https://kent.example/activities/1",
        kind="Create",
        sender_id=ada.id,
        object_uri=POST,
        **more,
    )


async def enqueued(node: Node, sent: Parcel, targets: list[Target]) -> list[tuple[str, int]]:
    await node.store.write(fanout.enqueue, node, sent, targets, node.clock.now())
    return [(row.host, row.waiting) for row in await node.store.read(deliveries.backlog)]


async def test_each_inbox_gets_a_parcel_once(kent: Council) -> None:
    sent = parcel(kent.node, await kent.person("ada"))

    assert await enqueued(kent.node, sent, [LEMMY, DEVON, LEMMY]) == [(DEVON[0], 1), (LEMMY[0], 1)]


async def test_a_host_that_is_not_allowed_gets_none(kent: Council) -> None:
    sent = parcel(kent.node, await kent.person("ada"), copy_of=POST)

    assert await enqueued(kent.node, sent, [DENIED, LEMMY]) == [(LEMMY[0], 1)]
    assert [holder.host for holder in await kent.node.store.read(copies.holders, POST)] == [LEMMY[0]]


async def test_a_parcel_for_nobody_leaves_no_row(kent: Council) -> None:
    sent = parcel(kent.node, await kent.person("ada"))

    assert await enqueued(kent.node, sent, [DENIED, ("lemmy.example", "")]) == []

    async def bodies(tx: Transaction) -> list[int]:
        return await tx.values("SELECT id FROM bodies")

    assert await kent.node.store.write(bodies) == []


async def test_the_worker_is_woken(kent: Council) -> None:
    sent = parcel(kent.node, await kent.person("ada"))
    await enqueued(kent.node, sent, [LEMMY])

    assert await kent.node.hub.wait("deliveries", seconds=0.0)


async def test_bytes_that_are_given_go_out_as_they_are(kent: Council) -> None:
    ada = await kent.person("ada")
    raw = b'{"a":  1}'
    sent = fanout.parcel(kent.node, raw, uri="x", kind="Create", sender_id=ada.id, object_uri=None)

    assert sent.body.body == raw
