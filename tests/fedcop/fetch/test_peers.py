from datetime import timedelta

import pytest

from fedcop import fetch
from storage import peers
from tests.support.network import Council, Network
from tests.support.speak import Peer


@pytest.mark.parametrize(
    ("software", "kind"), [("mastodon", "plain"), ("lemmy", "group"), ("fedcop", "group")]
)
async def test_the_kind_of_a_peer_is_what_it_runs(
    kent: Council, network: Network, software: str, kind: str
) -> None:
    network.peer("surrey.example", software=software)
    assert await fetch.peer_kind(kent.node, "surrey.example") == kind
    assert network.fetches() == [
        "GET https://surrey.example/.well-known/nodeinfo",
        "GET https://surrey.example/nodeinfo/2.1",
    ]


async def test_it_is_asked_once_a_day(kent: Council, network: Network) -> None:
    surrey = network.peer("surrey.example")
    await fetch.peer_kind(kent.node, "surrey.example")
    surrey.documents["/nodeinfo/2.1"]["software"]["name"] = "lemmy"
    assert await fetch.peer_kind(kent.node, "surrey.example") == "plain"
    network.clock.move(timedelta(days=1))
    assert await fetch.peer_kind(kent.node, "surrey.example") == "group"


def say_nothing(peer: Peer) -> None:
    peer.documents.clear()


def say_nonsense(peer: Peer) -> None:
    peer.documents["/nodeinfo/2.1"] = {"version": "2.1"}


def point_elsewhere(peer: Peer) -> None:
    for link in peer.documents["/.well-known/nodeinfo"]["links"]:
        link["href"] = "https://devon.example/nodeinfo/2.1"


def fail(peer: Peer) -> None:
    peer.status["/nodeinfo/2.1"] = 500


@pytest.mark.parametrize("change", [say_nothing, say_nonsense, point_elsewhere, fail])
async def test_without_a_readable_answer_the_kind_is_unknown(
    kent: Council, network: Network, change: object
) -> None:
    surrey = network.peer("surrey.example", software="lemmy")
    assert callable(change)
    change(surrey)
    assert await fetch.peer_kind(kent.node, "surrey.example") == "unknown"
    assert [line for line in network.fetches() if "devon" in line] == []


async def test_what_a_peer_showed_stays_when_it_does_not_answer(kent: Council, network: Network) -> None:
    await kent.node.store.write(peers.met, "surrey.example", network.clock.now())
    await kent.node.store.write(peers.set_kind, "surrey.example", "group")
    assert await fetch.peer_kind(kent.node, "surrey.example") == "group"


async def test_the_host_of_a_domains_ids_is_asked_by_webfinger(network: Network) -> None:
    kent = await network.open("kent.example")
    await network.open("devon.example", node={"domain": "devon.example", "base_url": "https://essex.example"})
    # WebFinger is asked at the domain of handles, where the council's website answers for its node.
    network.router.apps["devon.example"] = network.router.apps["essex.example"]
    assert await fetch.node_host(kent.node, "devon.example") == "essex.example"
    assert await fetch.node_host(kent.node, "surrey.example") is None
    assert await fetch.node_host(kent.node, "rogue.example") is None
