import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from activitypub.wire import Request
from fedcop.federation.followers import MOST_ASKED
from storage import follows
from storage.actors import Actor
from storage.engine import Transaction
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    for name in ("sam", "bea"):
        peer.person(name)
    return peer


@pytest.fixture
async def makers(kent: Council) -> Actor:
    return await kent.community("makers", await kent.person("fin"))


async def join(network: Network, kent: Council, peer: Peer, target: Actor, name: str = "sam") -> str:
    """Let somebody at a peer follow a person or join a community of kent's."""
    uri = peer.uri(name)
    follow = {"id": f"{uri}/follow/{target.handle}", "type": "Follow", "actor": uri, "object": target.uri}
    assert await peer.post(kent.url("/inbox"), follow) == 202
    await network.settle()
    return uri


async def close(kent: Council, community: Actor) -> None:
    """Let only members read a community."""

    async def write(tx: Transaction) -> None:
        await tx.execute("UPDATE actors SET approves = 1 WHERE id = :id", id=community.id)

    await kent.node.store.write(write)


async def seen(peer: Peer, url: str, name: str = "sam") -> dict[str, Any]:
    answer = await peer.get(url, by=peer.uri(name))
    assert (answer.status, answer.header("content-type")) == (200, ACTIVITY)
    found: dict[str, Any] = json.loads(answer.body)
    assert found["id"] == url
    return found


async def test_who_belongs_to_a_community_is_a_number_and_no_names(
    kent: Council, surrey: Peer, makers: Actor
) -> None:
    document = await seen(surrey, f"{makers.uri}/followers")
    assert document["totalItems"] == 1
    assert "orderedItems" not in document
    assert "first" not in document


async def test_who_is_a_member_is_told_to_nodes_with_a_member(
    kent: Council, network: Network, surrey: Peer, makers: Actor
) -> None:
    sam = await join(network, kent, surrey, makers)
    found = await seen(surrey, f"{makers.uri}/followers")
    assert found["orderedItems"] == [kent.url("/people/fin"), sam]
    other = network.peer("mastodon.example")
    answer = await other.get(f"{makers.uri}/followers", by=other.person("rita"))
    assert sam.encode() not in answer.body


async def test_who_follows_a_person_is_told_to_nobody(kent: Council, network: Network, surrey: Peer) -> None:
    ana = await kent.person("ana")
    await join(network, kent, surrey, ana)
    document = await seen(surrey, f"{ana.uri}/followers")
    assert document["totalItems"] == 1
    assert "orderedItems" not in document


async def test_a_node_gets_those_of_its_own_people_who_follow(
    kent: Council, network: Network, surrey: Peer, makers: Actor
) -> None:
    # FEP-8fcf: the partial collection.
    ana = await kent.person("ana")
    other = network.peer("mastodon.example")
    other.person("rita")
    for target in (ana, makers):
        sam = await join(network, kent, surrey, target)
        rita = await join(network, kent, other, target, "rita")
        url = f"{target.uri}/followers/synchronization"
        assert (await seen(surrey, url, "bea"))["orderedItems"] == [sam]
        assert (await seen(other, url, "rita"))["orderedItems"] == [rita]
    assert (await seen(surrey, f"{kent.url('/people/fin')}/followers/synchronization"))["totalItems"] == 0


@pytest.mark.parametrize("path", ["/followers/synchronization", "/followers?is_follower=x"])
async def test_a_stranger_is_told_nothing_even_where_signatures_are_not_asked_for(
    network: Network, path: str
) -> None:
    kent = await network.open("kent.example", federation={"signed_fetch": False, "mode": "open"})
    makers = await kent.community("makers", await kent.person("fin"))
    await close(kent, makers)
    asked = Request(method="GET", url=f"{makers.uri}{path}", headers=(("Accept", ACTIVITY),))
    assert (await network.router.send(asked)).status == 401


async def ask(peer: Peer, community: Actor, about: str, *, name: str = "sam") -> int:
    url = f"{community.uri}/followers?is_follower={quote(about, safe=':/')}"
    return (await peer.get(url, by=peer.uri(name))).status


async def test_a_node_with_a_member_may_ask_whether_somebody_is_one(
    kent: Council, network: Network, surrey: Peer, makers: Actor
) -> None:
    sam = await join(network, kent, surrey, makers)
    assert await ask(surrey, makers, sam) == 400, "of a public community nobody has to ask"
    await close(kent, makers)
    assert await ask(surrey, makers, sam) == 200
    assert await ask(surrey, makers, kent.url("/people/fin")) == 200
    assert await ask(surrey, makers, surrey.uri("bea")) == 404
    other = network.peer("mastodon.example")
    other.person("rita")
    assert await ask(other, makers, sam, name="rita") == 404, "who has no member learns of none"
    assert await ask(surrey, await kent.person("ana"), sam) == 400


async def test_a_former_member_and_their_node_are_no_members(
    kent: Council, network: Network, surrey: Peer, makers: Actor
) -> None:
    sam, bea = [await join(network, kent, surrey, makers, name) for name in ("sam", "bea")]
    await close(kent, makers)
    gone = await kent.node.store.read(_id_of, sam)
    await kent.node.store.write(follows.remove, gone, makers.id)
    assert await ask(surrey, makers, sam) == 404
    assert await ask(surrey, makers, bea) == 200
    await kent.node.store.write(follows.remove, await kent.node.store.read(_id_of, bea), makers.id)
    assert await ask(surrey, makers, kent.url("/people/fin")) == 404


async def _id_of(read: Any, uri: str) -> Any:
    return await read.value("SELECT id FROM actors WHERE uri = :uri", uri=uri)


async def test_nobody_asks_for_members_more_than_sixty_times_a_minute(
    kent: Council, network: Network, surrey: Peer, makers: Actor
) -> None:
    sam = await join(network, kent, surrey, makers)
    await close(kent, makers)
    name, now = "is_follower surrey.example", network.clock.now()
    for _ in range(MOST_ASKED - 1):
        kent.node.memory.asked.add(name, within=timedelta(minutes=1), now=now)
    assert await ask(surrey, makers, sam) == 200
    assert await ask(surrey, makers, sam) == 429
    assert (await surrey.get(f"{makers.uri}/followers", by=sam)).status == 200
    network.clock.move(timedelta(minutes=1))
    assert await ask(surrey, makers, sam) == 200
