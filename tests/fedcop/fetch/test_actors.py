import asyncio
from datetime import timedelta

import pytest

from activitypub.errors import Malformed, WrongOrigin
from fedcop import fetch
from fedcop.errors import NotFound, NotPermitted, PeerTrouble
from storage import actors, keys
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


FINGER = "GET https://surrey.example/.well-known/webfinger?resource=acct:sam@surrey.example"
SAM = "GET https://surrey.example/users/sam"


async def test_an_actor_is_fetched_once_a_day(kent: Council, network: Network, surrey: Peer) -> None:
    first = await fetch.actor(kent.node, surrey.uri("sam"))
    assert (first.handle, first.domain, first.display_name) == ("sam", "surrey.example", "Sam")
    assert network.fetches() == [SAM, FINGER]
    assert (await fetch.actor(kent.node, surrey.uri("sam"))).id == first.id
    assert network.fetches() == []

    network.clock.move(timedelta(days=1))
    surrey.documents["/users/sam"]["name"] = "Samira"
    again = await fetch.actor(kent.node, surrey.uri("sam"))
    assert (again.id, again.display_name) == (first.id, "Samira")
    # The handle is the same, so nobody has to be asked for it.
    assert network.fetches() == [SAM]


async def test_ten_wishes_at_once_are_one_fetch(kent: Council, network: Network, surrey: Peer) -> None:
    await asyncio.gather(*(fetch.actor(kent.node, surrey.uri("sam")) for _ in range(10)))
    assert network.fetches() == [SAM, FINGER]


async def test_its_keys_come_with_it(kent: Council, network: Network, surrey: Peer) -> None:
    await fetch.actor(kent.node, surrey.uri("sam"))
    held = await kent.node.store.read(keys.find_public, f"{surrey.uri('sam')}#main-key")
    assert held is not None
    assert held.owner == surrey.uri("sam")


async def test_keys_that_are_somebody_elses_are_left_out(
    kent: Council, network: Network, surrey: Peer
) -> None:
    surrey.documents["/users/sam"]["publicKey"]["owner"] = surrey.uri("bea")
    await fetch.actor(kent.node, surrey.uri("sam"))
    assert await kent.node.store.read(keys.find_public, f"{surrey.uri('sam')}#main-key") is None


async def test_one_that_is_held_is_given_when_its_node_does_not_answer(
    kent: Council, network: Network, surrey: Peer
) -> None:
    await fetch.actor(kent.node, surrey.uri("sam"))
    network.clock.move(timedelta(days=2))
    network.router.down.add("surrey.example")
    assert (await fetch.actor(kent.node, surrey.uri("sam"))).handle == "sam"
    found = await fetch.handle(kent.node, "sam", "surrey.example")
    assert found is not None
    with pytest.raises(PeerTrouble):
        await fetch.actor(kent.node, surrey.uri("bea"))
    with pytest.raises(PeerTrouble):
        await fetch.handle(kent.node, "bea", "surrey.example")


async def test_who_is_not_there_and_whose_host_is_not_allowed(
    kent: Council, network: Network, surrey: Peer
) -> None:
    with pytest.raises(NotFound):
        await fetch.actor(kent.node, surrey.uri("nobody"))
    network.router.take()
    with pytest.raises(NotPermitted):
        await fetch.actor(kent.node, "https://rogue.example/users/rex")
    with pytest.raises(NotPermitted):
        await fetch.handle(kent.node, "rex", "rogue.example")
    assert network.fetches() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"inbox": "https://victim.example/inbox"},
        {"endpoints": {"sharedInbox": "https://victim.example/inbox"}},
    ],
)
async def test_an_inbox_elsewhere_is_refused(
    kent: Council, network: Network, surrey: Peer, changed: dict[str, object]
) -> None:
    surrey.documents["/users/sam"] |= changed
    with pytest.raises(WrongOrigin):
        await fetch.actor(kent.node, surrey.uri("sam"))


@pytest.mark.parametrize("missing", ["inbox", "preferredUsername"])
async def test_an_actor_needs_an_inbox_and_a_name(
    kent: Council, network: Network, surrey: Peer, missing: str
) -> None:
    del surrey.documents["/users/sam"][missing]
    with pytest.raises(Malformed):
        await fetch.actor(kent.node, surrey.uri("sam"))


async def test_a_post_is_no_actor(kent: Council, network: Network, surrey: Peer) -> None:
    surrey.put("/notes/1", {"id": f"{surrey.base}/notes/1", "type": "Note", "content": "x"})
    with pytest.raises(Malformed):
        await fetch.actor(kent.node, f"{surrey.base}/notes/1")


async def test_a_handle_is_looked_up_and_kept(kent: Council, network: Network, surrey: Peer) -> None:
    found = await fetch.handle(kent.node, "Sam", "SURREY.example")
    assert found is not None
    assert found.uri == surrey.uri("sam")
    assert network.fetches() == [FINGER, SAM]
    assert await fetch.handle(kent.node, "sam", "surrey.example") == found
    assert network.fetches() == []
    assert await fetch.handle(kent.node, "nobody", "surrey.example") is None


async def test_a_handle_of_ours_is_never_asked_for(kent: Council, network: Network) -> None:
    ada = await kent.person("ada")
    found = await fetch.handle(kent.node, "ada", "kent.example")
    assert found is not None
    assert found.id == ada.id
    assert await fetch.handle(kent.node, "nobody", "kent.example") is None
    assert network.fetches() == []


def serve_finger(peer: Peer, asked: str, subject: str, uri: str) -> None:
    """Let a host answer WebFinger for a handle."""
    peer.put(
        f"/.well-known/webfinger?resource=acct:{asked}",
        {"subject": f"acct:{subject}", "links": [{"rel": "self", "type": ACTIVITY, "href": uri}]},
    )


async def test_handles_may_have_another_domain_than_ids_when_both_say_so(
    kent: Council, network: Network, surrey: Peer
) -> None:
    uri = surrey.uri("sam")
    serve_finger(surrey, "sam@surrey.example", "sam@devon.example", uri)
    devon = network.peer("devon.example")
    serve_finger(devon, "sam@devon.example", "sam@devon.example", uri)
    assert (await fetch.actor(kent.node, uri)).domain == "devon.example"
    found = await fetch.handle(kent.node, "sam", "devon.example")
    assert found is not None
    assert found.uri == uri


async def test_a_handle_at_a_domain_that_does_not_confirm_it_is_refused(
    kent: Council, network: Network, surrey: Peer
) -> None:
    serve_finger(surrey, "sam@surrey.example", "mayor@devon.example", surrey.uri("sam"))
    devon = network.peer("devon.example")
    devon.person("mayor")
    with pytest.raises(WrongOrigin):
        await fetch.actor(kent.node, surrey.uri("sam"))


async def test_a_handle_that_is_passed_on_twice_is_refused(
    kent: Council, network: Network, surrey: Peer
) -> None:
    devon = network.peer("devon.example")
    serve_finger(surrey, "sam@surrey.example", "sam@devon.example", surrey.uri("sam"))
    serve_finger(devon, "sam@devon.example", "sam@essex.example", surrey.uri("sam"))
    with pytest.raises(WrongOrigin):
        await fetch.handle(kent.node, "sam", "surrey.example")


async def test_a_handle_that_leads_to_somebody_of_another_name_is_refused(
    kent: Council, network: Network, surrey: Peer
) -> None:
    serve_finger(surrey, "mayor@surrey.example", "mayor@surrey.example", surrey.uri("sam"))
    with pytest.raises(WrongOrigin):
        await fetch.handle(kent.node, "mayor", "surrey.example")


async def test_a_handle_elsewhere_never_leads_to_one_of_ours(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    serve_finger(surrey, "ada@surrey.example", "ada@surrey.example", ada.uri)
    with pytest.raises(WrongOrigin):
        await fetch.handle(kent.node, "ada", "surrey.example")


async def test_without_webfinger_the_host_of_the_id_is_the_domain(
    kent: Council, network: Network, surrey: Peer
) -> None:
    surrey.documents = {"/users/sam": surrey.documents["/users/sam"]}
    found = await fetch.actor(kent.node, surrey.uri("sam"))
    assert (found.handle, found.domain) == ("sam", "surrey.example")
    # A domain that may not be asked is not believed either.
    bea = surrey.person("bea")
    serve_finger(surrey, "bea@surrey.example", "bea@rogue.example", bea)
    assert (await fetch.actor(kent.node, bea)).domain == "surrey.example"


async def test_nodes_are_not_looked_up_by_handle(kent: Council, network: Network, surrey: Peer) -> None:
    uri = surrey.person("actor", type="Application")
    network.router.take()
    await fetch.actor(kent.node, uri)
    assert network.fetches() == [f"GET {uri}"]
    assert await kent.node.store.read(actors.find_by_uri, SYSTEM, uri) is not None


async def test_of_one_whose_node_does_not_allow_us_the_stub_is_taken(kent: Council, network: Network) -> None:
    devon = await network.open("devon.example", federation={"allow": []})
    ben = await devon.person("ben")
    found = await fetch.actor(kent.node, ben.uri)
    assert (found.handle, found.domain, found.display_name) == ("ben", "devon.example", "")
    assert await kent.node.store.read(keys.find_public, f"{ben.uri}#main-key") is not None


async def test_a_profile_that_is_held_outlives_its_nodes_leave_to_read_it(
    kent: Council, network: Network, surrey: Peer
) -> None:
    await fetch.actor(kent.node, surrey.uri("sam"))
    network.clock.move(timedelta(days=2))
    surrey.status["/users/sam"] = 403
    network.router.take()
    assert (await fetch.actor(kent.node, surrey.uri("sam"))).display_name == "Sam"
    assert network.fetches() == [SAM]


async def test_one_of_ours_that_is_not_here_is_not_asked_for(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": ["kent.example"]})
    with pytest.raises(NotFound):
        await fetch.actor(kent.node, kent.url("/people/nobody"))
    assert network.fetches() == []
