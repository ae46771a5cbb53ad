from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from storage import communities
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import Peer


@pytest.fixture
def lemmy(network: Network) -> Peer:
    peer = network.peer("lemmy.example", software="lemmy")
    for name in ("cal", "dee"):
        peer.person(name)
    uri = peer.uri("planning")
    peer.person("planning", type="Group", attributedTo=f"{uri}/moderators")
    return peer


def lists(lemmy: Peer, *uris: Any) -> None:
    """Let the community list its facilitators."""
    uri = f"{lemmy.uri('planning')}/moderators"
    lemmy.put(
        "/users/planning/moderators", {"id": uri, "type": "OrderedCollection", "orderedItems": list(uris)}
    )


async def known(kent: Council, community: Actor) -> list[str]:
    found = await kent.node.store.read(communities.facilitators_of, SYSTEM, community.id)
    return [one.uri for one in found]


async def test_who_facilitates_is_known_once_somebody_here_asks_to_join(
    kent: Council, network: Network, lemmy: Peer
) -> None:
    ada = await kent.person("ada")
    lists(lemmy, lemmy.uri("dee"), ada.uri, lemmy.uri("cal"))
    planning = await fetch.actor(kent.node, lemmy.uri("planning"))
    assert await known(kent, planning) == []
    await kent.follow(ada, planning)
    found = await known(kent, planning)
    assert found[0] == lemmy.uri("dee"), "the lead comes first"
    assert set(found) == {lemmy.uri("dee"), lemmy.uri("cal"), ada.uri}


async def test_who_cannot_be_had_is_left_out(kent: Council, network: Network, lemmy: Peer) -> None:
    lists(
        lemmy,
        lemmy.uri("cal"),
        lemmy.uri("nobody"),
        lemmy.uri("planning"),
        "https://rogue.example/users/rex",
        kent.url("/people/nobody"),
    )
    planning = await fetch.actor(kent.node, lemmy.uri("planning"))
    await fetch.facilitators(kent.node, planning)
    assert await known(kent, planning) == [lemmy.uri("cal")]
    lists(lemmy, *[f"{lemmy.base}/users/x{number}" for number in range(50)])
    network.router.take()
    await fetch.facilitators(kent.node, planning)
    assert len(network.fetches()) == 1 + 9
    assert await known(kent, planning) == [lemmy.uri("cal")]


async def test_a_community_without_a_list_is_joined_all_the_same(
    kent: Council, network: Network, lemmy: Peer
) -> None:
    ada = await kent.person("ada")
    planning = await fetch.actor(kent.node, lemmy.uri("planning"))
    lemmy.put("/users/planning/moderators", {"id": f"{planning.uri}/moderators", "type": "Note"})
    await fetch.facilitators(kent.node, planning)
    lemmy.documents.pop("/users/planning/moderators")
    await fetch.facilitators(kent.node, planning)
    lemmy.status["/users/planning/moderators"] = 500
    await kent.follow(ada, planning)
    await network.settle()
    assert len(lemmy.sent("Follow")) == 1
    assert await known(kent, planning) == []
    bare = await fetch.actor(kent.node, lemmy.person("bare", type="Group"))
    network.router.take()
    await fetch.facilitators(kent.node, bare)
    assert network.fetches() == []


async def test_who_has_a_say_is_asked_for_again_every_ten_minutes(
    kent: Council, network: Network, lemmy: Peer
) -> None:
    surrey = network.peer("surrey.example")
    sam = await fetch.actor(kent.node, surrey.person("sam"))
    planning = await fetch.actor(kent.node, lemmy.uri("planning"))
    cal = await fetch.actor(kent.node, lemmy.uri("cal"))
    assert await fetch.facilitates(kent.node, planning, sam), "nobody is known, so its word is enough"
    lists(lemmy, lemmy.uri("dee"))
    await fetch.facilitators(kent.node, planning)
    lists(lemmy, lemmy.uri("dee"), sam.uri)
    network.router.take()
    assert not await fetch.facilitates(kent.node, planning, sam)
    assert await fetch.facilitates(kent.node, planning, cal), "whoever keeps its host may act in it"
    assert network.fetches() == []
    network.clock.move(timedelta(minutes=10))
    assert await fetch.facilitates(kent.node, planning, sam)
    assert len(network.fetches()) == 1
