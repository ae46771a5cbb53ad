import json
from typing import Any

import pytest

from activitypub.wire import Request
from storage import posts
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def seen(peer: Peer, url: str) -> dict[str, Any]:
    answer = await peer.get(url, by=peer.uri("sam"))
    assert answer.status == 200
    assert answer.header("content-type") == ACTIVITY
    found: dict[str, Any] = json.loads(answer.body)
    assert found["id"] == url
    return found


async def test_a_communitys_outbox_holds_its_threads_as_announced(
    kent: Council, network: Network, surrey: Peer
) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    first = await kent.publish(fin, "Glue\n\n@makers Which?")
    await kent.publish(fin, "A reply", in_reply_to=first)
    second = await kent.publish(fin, "Tape\n\n@makers Which?")
    outbox = await seen(surrey, f"{makers.uri}/outbox")
    announced = [item["object"]["object"]["id"] for item in outbox["orderedItems"]]
    assert sorted(announced) == sorted([await kent.uri_of(second), await kent.uri_of(first)])
    assert all(item["type"] == "Announce" for item in outbox["orderedItems"])


async def test_facilitators_are_listed_by_id(kent: Council, network: Network, surrey: Peer) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    document = await seen(surrey, f"{makers.uri}/facilitators")
    assert document["orderedItems"] == [fin.uri]
    assert document["attributedTo"] == makers.uri
    answer = await surrey.get(f"{fin.uri}/facilitators", by=surrey.uri("sam"))
    assert answer.status == 404


async def test_pinned_posts_stand_whole_in_featured(kent: Council, network: Network, surrey: Peer) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    post_id = await kent.publish(fin, "Glue\n\n@makers Which?")
    await kent.node.store.write(posts.set_pinned, post_id, network.clock.now())
    document = await seen(surrey, f"{makers.uri}/featured")
    (item,) = document["orderedItems"]
    assert (item["id"], item["type"], item["name"]) == (await kent.uri_of(post_id), "Page", "Glue")
    assert (await seen(surrey, f"{fin.uri}/featured"))["orderedItems"] == []


async def test_a_persons_outbox_is_a_number(kent: Council, network: Network, surrey: Peer) -> None:
    fin = await kent.person("fin")
    await kent.publish(fin, "Hello")
    document = await seen(surrey, f"{fin.uri}/outbox")
    assert (document["totalItems"], document["orderedItems"]) == (1, [])


async def test_whom_a_community_follows_is_a_number(kent: Council, network: Network, surrey: Peer) -> None:
    makers = await kent.community("makers", await kent.person("fin"))
    document = await seen(surrey, f"{makers.uri}/following")
    assert (document["totalItems"], "orderedItems" in document) == (0, False)


async def test_the_node_actor_has_its_collections(kent: Council, network: Network, surrey: Peer) -> None:
    for name in ("outbox", "followers", "following"):
        assert (await seen(surrey, kent.url(f"/actor/{name}")))["totalItems"] == 0


async def test_strangers_and_the_unknown(kent: Council, network: Network, surrey: Peer) -> None:
    fin = await kent.person("fin")
    asked = Request(method="GET", url=f"{fin.uri}/outbox", headers=(("Accept", ACTIVITY),))
    assert (await network.router.send(asked)).status == 401
    answer = await surrey.get(kent.url("/people/nobody/outbox"), by=surrey.uri("sam"))
    assert answer.status == 404
