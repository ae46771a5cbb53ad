"""Opening a thread of another node has what is missing of it read, now and then."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions.opened import EVERY, opened
from fedcop.workers import history
from storage.ids import PostId
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def held(kent: Council, surrey: Peer, **more: Any) -> PostId:
    """Give a note of the surrey server, which has one reply there that is not known here."""
    uri = f"{surrey.base}/notes/1"
    note = {"id": uri, "type": "Note", "attributedTo": surrey.uri("sam"), "to": [PUBLIC], "content": "x"}
    answer = note | {"id": f"{surrey.base}/notes/2", "inReplyTo": uri}
    listed = {"id": f"{uri}/context", "type": "OrderedCollection", "orderedItems": [answer["id"]]}
    surrey.put("/notes/1", note | {"context": listed["id"]} | more)
    surrey.put("/notes/2", answer)
    surrey.put("/notes/1/context", listed)
    post_id = await fetch.post(kent.node, uri)
    assert post_id is not None
    return post_id


async def test_a_thread_is_read_in_the_background_every_quarter_of_an_hour_at_most(
    kent: Council, network: Network, surrey: Peer
) -> None:
    post_id = await held(kent, surrey)
    network.router.take()
    await opened(kent.node, post_id)
    assert network.fetches() == [], "whoever opens it does not wait"
    assert await history.work(kent.node) == 1
    assert await kent.post(f"{surrey.base}/notes/2") is not None
    network.router.take()

    for minutes in (0, 14):
        network.clock.move(timedelta(minutes=minutes))
        kent.node.memory = type(kent.node.memory)()  # as after a restart
        await opened(kent.node, post_id)
        assert await history.work(kent.node) == 0
    network.clock.move(EVERY)
    await opened(kent.node, post_id)
    assert await history.work(kent.node) == 1


async def test_any_post_of_a_thread_stands_for_all_of_it(
    kent: Council, network: Network, surrey: Peer
) -> None:
    root = await held(kent, surrey)
    answer = await fetch.post(kent.node, f"{surrey.base}/notes/2")
    assert answer is not None
    for post_id in (answer, root):
        await opened(kent.node, post_id)
    assert await history.work(kent.node) == 1


async def test_nothing_is_asked_for_where_nothing_can_be_missing(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    own = await kent.publish(ada, "Hello")
    makers = await kent.community("makers", ada)
    in_ours = await held(kent, surrey, to=[PUBLIC, makers.uri], audience=makers.uri, type="Page", name="Glue")
    for post_id in (own, in_ours, PostId(1)):
        await opened(kent.node, post_id)
    assert await history.work(kent.node) == 0


async def test_nothing_is_asked_of_a_host_that_was_taken_off_the_list(
    kent: Council, network: Network, surrey: Peer
) -> None:
    post_id = await held(kent, surrey)
    kent.node.rules = type(kent.node.rules)(mode="allowlist")
    network.router.take()
    await opened(kent.node, post_id)
    assert await history.work(kent.node) == 0
    assert network.fetches() == []
