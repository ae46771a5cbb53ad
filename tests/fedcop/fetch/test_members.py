from typing import Any

import pytest

from activitypub.errors import Malformed, WrongOrigin
from fedcop import fetch
from fedcop.errors import PeerTrouble
from fedcop.fetch.members import EVERY, Listed
from fedcop.node import Node
from storage import memberships
from storage.actors import Actor
from tests.support.network import Council, Network
from tests.support.speak import Peer

DAN = "https://essex.example/people/dan"


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example", software="fedcop")
    peer.person("planning", type="Group", manuallyApprovesFollowers=True)
    return peer


def lists(peer: Peer, *uris: str, **more: Any) -> None:
    """Let the community of a peer list its members."""
    url = f"{peer.uri('planning')}/followers"
    peer.put(
        "/users/planning/followers",
        {"id": url, "type": "OrderedCollection", "totalItems": len(uris), "orderedItems": list(uris)} | more,
    )


async def planning_of(kent: Council, peer: Peer) -> Actor:
    return await fetch.actor(kent.node, peer.uri("planning"))


async def knows(node: Node, community: Actor, uri: str) -> bool:
    return await node.store.read(memberships.knows_member, community.id, uri)


async def is_refused(node: Node, community: Actor) -> bool:
    roster = await node.store.read(memberships.roster, community.id)
    return roster is not None and roster.refused_at is not None


async def test_members_are_kept_by_id_and_host_but_for_our_own(kent: Council, surrey: Peer) -> None:
    planning, sam, ana = await planning_of(kent, surrey), surrey.uri("sam"), kent.url("/people/ana")
    lists(surrey, sam, DAN, ana, "nonsense")
    found = await fetch.members(kent.node, planning)
    assert found == Listed(uris=(sam, DAN, ana, "nonsense"), whole=True)
    assert await knows(kent.node, planning, DAN)
    for host, has in (("essex.example", True), ("surrey.example", True), ("kent.example", False)):
        assert await kent.node.store.read(memberships.has_member_at, planning.id, host) is has


async def test_a_community_is_asked_every_ten_minutes_and_when_we_are_out_of_step(
    kent: Council, network: Network, surrey: Peer
) -> None:
    planning = await planning_of(kent, surrey)
    lists(surrey, DAN)
    network.router.take()
    for again in (False, False, True):
        await fetch.members(kent.node, planning, again=again)
    assert network.fetches() == [f"GET {planning.uri}/followers"] * 2
    network.clock.move(EVERY)
    await fetch.members(kent.node, planning)
    assert len(network.fetches()) == 1


async def test_our_own_communities_are_not_asked_for(kent: Council, network: Network) -> None:
    makers = await kent.community("makers", await kent.person("fin"))
    assert await fetch.members(kent.node, makers) is None
    assert network.fetches() == []


@pytest.mark.parametrize("status", [401, 403])
async def test_a_node_that_withholds_its_members_is_noted_until_it_tells_again(
    kent: Council, network: Network, surrey: Peer, status: int
) -> None:
    planning = await planning_of(kent, surrey)
    surrey.status["/users/planning/followers"] = status
    assert await fetch.members(kent.node, planning) is None
    assert await is_refused(kent.node, planning)
    surrey.status.clear()
    lists(surrey, DAN)
    await fetch.members(kent.node, planning, again=True)
    assert not await is_refused(kent.node, planning)


async def test_a_number_from_a_node_that_lists_members_says_that_none_is_ours(
    kent: Council, network: Network, surrey: Peer
) -> None:
    planning = await planning_of(kent, surrey)
    number = {"id": f"{planning.uri}/followers", "type": "OrderedCollection", "totalItems": 7}
    surrey.put("/users/planning/followers", number)
    assert await fetch.members(kent.node, planning) is None
    assert await is_refused(kent.node, planning)


async def test_a_number_from_software_that_never_lists_says_nothing(kent: Council, network: Network) -> None:
    lemmy = network.peer("lemmy.example", software="lemmy")
    lemmy.person("planning", type="Group", manuallyApprovesFollowers=True)
    planning = await planning_of(kent, lemmy)
    number = {"id": f"{planning.uri}/followers", "type": "Collection", "totalItems": 7}
    lemmy.put("/users/planning/followers", number)
    assert await fetch.members(kent.node, planning) is None
    assert not await is_refused(kent.node, planning)


@pytest.mark.parametrize("status", [404, 500, 503])
async def test_trouble_leaves_what_is_known(
    kent: Council, network: Network, surrey: Peer, status: int
) -> None:
    planning = await planning_of(kent, surrey)
    lists(surrey, DAN)
    await fetch.members(kent.node, planning)
    surrey.status["/users/planning/followers"] = status
    with pytest.raises(PeerTrouble):
        await fetch.members(kent.node, planning, again=True)
    assert await knows(kent.node, planning, DAN)
    assert not await is_refused(kent.node, planning)


async def test_what_goes_on_or_lacks_somebody_is_not_whole(kent: Council, surrey: Peer) -> None:
    url = f"{surrey.uri('planning')}/followers"
    lists(surrey, DAN)
    assert await fetch.listed(kent.node, url) == Listed(uris=(DAN,), whole=True)
    lists(surrey, DAN, totalItems=2)
    assert await fetch.listed(kent.node, url) == Listed(uris=(DAN,), whole=False)
    lists(surrey, DAN, next=f"{url}/2")
    assert await fetch.listed(kent.node, url) == Listed(uris=(DAN,), whole=False)
    lists(surrey)
    assert await fetch.listed(kent.node, url) == Listed(uris=(), whole=True)


async def test_a_first_page_is_read_within_the_origin(kent: Council, surrey: Peer) -> None:
    url = f"{surrey.uri('planning')}/followers"
    surrey.put("/users/planning/followers", {"id": url, "type": "Collection", "first": f"{url}/1"})
    page = {"id": f"{url}/1", "type": "CollectionPage", "items": [DAN]}
    surrey.put("/users/planning/followers/1", page)
    assert await fetch.listed(kent.node, url) == Listed(uris=(DAN,), whole=True)
    away = {"id": url, "type": "Collection", "first": "https://essex.example/1"}
    surrey.put("/users/planning/followers", away)
    with pytest.raises(WrongOrigin):
        await fetch.listed(kent.node, url)
    surrey.put("/users/planning/followers", {"id": url, "type": "Note", "items": [DAN]})
    with pytest.raises(Malformed):
        await fetch.listed(kent.node, url)


async def asked_of(kent: Council, network: Network, peer: Peer, about: str) -> tuple[bool, list[str]]:
    planning = await planning_of(kent, peer)
    await fetch.peer_kind(kent.node, peer.host)
    network.router.take()
    found = await fetch.is_member(kent.node, planning, about)
    return found, network.fetches()


async def test_the_communitys_node_is_asked_whether_somebody_is_a_member_once(
    kent: Council, network: Network, surrey: Peer
) -> None:
    question = f"{surrey.uri('planning')}/followers?is_follower={DAN}"
    surrey.put(f"/users/planning/followers?is_follower={DAN}", {})
    assert await asked_of(kent, network, surrey, DAN) == (True, [f"GET {question}"])
    assert await asked_of(kent, network, surrey, DAN) == (True, [])


async def test_who_is_no_member_is_none(kent: Council, network: Network, surrey: Peer) -> None:
    question = f"{surrey.uri('planning')}/followers?is_follower={DAN}"
    assert await asked_of(kent, network, surrey, DAN) == (False, [f"GET {question}"])
    surrey.status["/users/planning/followers"] = 503
    with pytest.raises(PeerTrouble):
        await asked_of(kent, network, surrey, DAN)


async def test_nobody_is_asked_where_the_answer_would_mean_nothing(
    kent: Council, network: Network, surrey: Peer
) -> None:
    # Of people here only their own follow counts (decision 11).
    assert await asked_of(kent, network, surrey, kent.url("/people/ana")) == (False, [])
    mastodon = network.peer("mastodon.example")
    mastodon.person("planning", type="Group", manuallyApprovesFollowers=True)
    mastodon.put(f"/users/planning/followers?is_follower={DAN}", {})
    assert await asked_of(kent, network, mastodon, DAN) == (False, [])
    lemmy = network.peer("lemmy.example", software="lemmy")
    lemmy.person("planning", type="Group")
    assert await asked_of(kent, network, lemmy, DAN) == (False, [])
