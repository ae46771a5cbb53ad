"""Received activities are worked on."""

import json
from datetime import timedelta
from typing import Any

from fedcop.node import Node
from fedcop.workers import inbox
from fedcop.workers.inbox import AGAIN_AFTER
from storage import received
from storage.engine import Reader
from storage.ids import RowId
from storage.received import NewReceived
from tests.support.network import Network

DEVON = "mastodon.example"
ADA = f"https://{DEVON}/users/ada"


async def put(node: Node, name: str, *, kind: str = "Dance", actor: str = ADA, body: bytes = b"") -> None:
    uri = f"https://{DEVON}/activities/{name}"
    document: dict[str, Any] = {"id": uri, "type": kind, "actor": actor, "object": f"{actor}/{name}"}
    new = NewReceived(
        uri=uri,
        type=kind,
        actor_uri=actor,
        host=DEVON,
        key_id=f"{actor}#main-key",
        body=body or json.dumps(document).encode(),
    )
    await node.store.write(received.put, new, RowId(node.ids.next(node.clock.now())))


async def outcomes(node: Node) -> dict[str, tuple[str, int]]:
    """Give the state and the attempts of each activity."""

    async def read(read: Reader) -> dict[str, tuple[str, int]]:
        names = await read.values("SELECT uri FROM received ORDER BY id")
        states = await read.values("SELECT state FROM received ORDER BY id")
        attempts = await read.values("SELECT attempt FROM received ORDER BY id")
        return {
            uri.rpartition("/")[2]: (state, attempt)
            for uri, state, attempt in zip(names, states, attempts, strict=True)
        }

    return await node.store.read(read)


async def test_what_came_of_each_is_written(network: Network, node: Node) -> None:
    network.peer(DEVON).person("ada")
    await put(node, "unknown")
    await put(node, "broken", body=b"{")
    assert await inbox.work(node) == 2
    assert await outcomes(node) == {"unknown": ("ignored", 0), "broken": ("refused", 0)}
    assert await inbox.work(node) == 0


async def test_what_cannot_be_done_now_is_tried_again_and_in_the_end_given_up(
    network: Network, node: Node
) -> None:
    await put(node, "early", kind="Like")
    tried = []
    for wait in (*AGAIN_AFTER, timedelta(0)):
        tried.append(await inbox.work(node))
        assert await inbox.work(node) == 0
        network.clock.move(wait)
    assert tried == [1] * 7
    assert await outcomes(node) == {"early": ("dead", 6)}


async def test_what_takes_back_waits_for_what_was_put_off_and_others_pass(
    network: Network, node: Node
) -> None:
    await put(node, "first", kind="Like")
    await put(node, "second", kind="Undo")
    await put(node, "third", kind="Like")
    await put(node, "bobs", actor=f"https://{DEVON}/users/bob", kind="Undo")
    assert await inbox.work(node) == 4
    assert await outcomes(node) == {
        "first": ("waiting", 1),
        "second": ("waiting", 0),
        "third": ("waiting", 1),
        "bobs": ("waiting", 1),
    }

    network.peer(DEVON).person("ada")
    network.clock.move(timedelta(hours=1))
    assert await inbox.work(node) == 3
    assert (await outcomes(node))["second"] == ("waiting", 0)
    assert await inbox.work(node) == 1
    assert (await outcomes(node))["second"][0] != "waiting"


async def test_no_more_are_taken_at_once_than_there_is_room_for(network: Network, node: Node) -> None:
    network.peer(DEVON).person("ada")
    for n in range(inbox.ROWS + 3):
        await put(node, str(n))
    assert [await inbox.work(node) for _ in range(3)] == [inbox.ROWS, 3, 0]
