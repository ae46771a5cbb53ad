from datetime import timedelta

import pytest

from activitypub.errors import RemoteFault, Unsigned
from fedcop import fetch
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.fetch.keys import MINUTE, MOST_LOOK_UPS
from tests.support.network import Council, Network
from tests.support.speak import Peer, pem


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def test_a_key_survives_a_restart_in_the_store(kent: Council, network: Network, surrey: Peer) -> None:
    key_id = f"{surrey.uri('sam')}#main-key"
    first = await fetch.key(kent.node, key_id)
    network.router.take()
    kent.node.memory.keys.pop(key_id)
    again = await fetch.key(kent.node, key_id)
    assert (again.owner, again.fetched_at) == (first.owner, first.fetched_at)
    assert network.router.take() == []


async def test_a_key_document_of_its_own_leads_to_its_owner(
    kent: Council, network: Network, surrey: Peer
) -> None:
    # GoToSocial serves the key at an address below the actor's (federation.md 2.1).
    uri = surrey.uri("sam")
    key = {"id": f"{uri}/main-key", "owner": uri, "publicKeyPem": pem(uri)}
    surrey.documents["/users/sam"]["publicKey"] = key
    surrey.put("/users/sam/main-key", {"type": "Key"} | key)
    assert (await fetch.key(kent.node, f"{uri}/main-key")).owner == uri


async def test_a_key_document_that_its_owner_does_not_list_is_not_believed(
    kent: Council, network: Network, surrey: Peer
) -> None:
    uri = surrey.uri("sam")
    surrey.put(
        "/keys/1", {"id": f"{surrey.base}/keys/1", "type": "Key", "owner": uri, "publicKeyPem": pem("x")}
    )
    with pytest.raises(Unsigned):
        await fetch.key(kent.node, f"{surrey.base}/keys/1")
    surrey.put("/keys/2", {"id": f"{surrey.base}/keys/2", "type": "Key", "owner": "https://devon.example/a"})
    with pytest.raises(RemoteFault):
        await fetch.key(kent.node, f"{surrey.base}/keys/2")
    loop = {"id": f"{surrey.base}/keys/3", "type": "Key", "owner": f"{surrey.base}/keys/4"}
    surrey.put("/keys/3", loop)
    surrey.put("/keys/4", {"id": f"{surrey.base}/keys/4", "type": "Key", "owner": f"{surrey.base}/keys/3"})
    with pytest.raises(Unsigned):
        await fetch.key(kent.node, f"{surrey.base}/keys/3")


async def test_a_failed_look_up_is_not_repeated_for_a_minute(
    kent: Council, network: Network, surrey: Peer
) -> None:
    for _ in range(3):
        with pytest.raises(Unsigned):
            await fetch.key(kent.node, f"{surrey.uri('nobody')}#main-key")
    assert network.fetches() == [f"GET {surrey.uri('nobody')}"]
    surrey.status["/users/sam"] = 502
    for _ in range(3):
        with pytest.raises(PeerTrouble):
            await fetch.key(kent.node, f"{surrey.uri('sam')}#main-key")
    assert network.fetches() == [f"GET {surrey.uri('sam')}"]
    surrey.status.clear()
    network.clock.move(timedelta(minutes=1))
    assert (await fetch.key(kent.node, f"{surrey.uri('sam')}#main-key")).owner == surrey.uri("sam")


async def test_a_fresh_key_is_asked_for_every_five_minutes_at_most(
    kent: Council, network: Network, surrey: Peer
) -> None:
    key_id = f"{surrey.uri('sam')}#main-key"
    await fetch.key(kent.node, key_id, fresh=True)
    with pytest.raises(Unsigned):
        await fetch.key(kent.node, key_id, fresh=True)
    network.clock.move(timedelta(minutes=5))
    await fetch.key(kent.node, key_id, fresh=True)
    assert len(network.fetches()) == 2


async def test_a_host_that_is_not_allowed_is_not_asked(kent: Council, network: Network) -> None:
    with pytest.raises(NotPermitted):
        await fetch.key(kent.node, "https://rogue.example/users/rex#main-key")
    assert network.router.take() == []


async def test_the_actor_that_held_a_key_is_not_fetched_twice(
    kent: Council, network: Network, surrey: Peer
) -> None:
    await fetch.key(kent.node, f"{surrey.uri('sam')}#main-key")
    await fetch.actor(kent.node, surrey.uri("sam"))
    assert network.fetches().count(f"GET {surrey.uri('sam')}") == 1


async def test_a_key_that_is_withheld_is_asked_for_once_more_without_a_signature(
    kent: Council, network: Network
) -> None:
    devon = await network.open("devon.example", federation={"allow": []})
    ben = await devon.person("ben")
    assert (await fetch.key(kent.node, f"{ben.uri}#main-key")).owner == ben.uri
    signed, unsigned = network.router.seen
    assert (signed.url, unsigned.url) == (ben.uri, ben.uri)
    assert unsigned.header("signature") is None


async def test_a_node_that_gives_strangers_nothing_is_asked_no_further(
    kent: Council, network: Network, surrey: Peer
) -> None:
    surrey.status["/users/sam"] = 403
    with pytest.raises(PeerTrouble):
        await fetch.key(kent.node, f"{surrey.uri('sam')}#main-key")
    assert network.fetches() == [f"GET {surrey.uri('sam')}"] * 2


async def test_a_host_is_asked_for_so_many_keys_a_minute_and_whoever_sends_is_told_to_come_again(
    kent: Council, network: Network, surrey: Peer
) -> None:
    network.peer("mastodon.example").person("rita")
    held = f"{surrey.uri('sam')}#main-key"
    await fetch.key(kent.node, held)
    for _ in range(MOST_LOOK_UPS - 1):
        kent.node.memory.asked.add("key surrey.example", within=MINUTE, now=network.clock.now())
    with pytest.raises(PeerTrouble, match="come again"):
        await fetch.key(kent.node, f"{surrey.uri('new')}#main-key")
    assert (await fetch.key(kent.node, held)).owner == surrey.uri("sam"), "what is held costs nothing"
    await fetch.key(kent.node, "https://mastodon.example/users/rita#main-key")
    network.clock.move(MINUTE)
    with pytest.raises(Unsigned):
        await fetch.key(kent.node, f"{surrey.uri('new')}#main-key")


async def test_a_stub_at_the_address_of_a_key_leads_to_the_actor_itself(
    kent: Council, network: Network, surrey: Peer
) -> None:
    # GoToSocial gives its actor's stub at the key's address (federation.md 2.3).
    uri = surrey.uri("sam")
    whole = surrey.documents["/users/sam"]
    whole["publicKey"] = {"id": f"{uri}/main-key", "owner": uri, "publicKeyPem": pem(uri)}
    stub = {name: whole[name] for name in ("id", "type", "preferredUsername", "publicKey")}
    surrey.put("/users/sam/main-key", stub)
    assert (await fetch.key(kent.node, f"{uri}/main-key")).owner == uri
    assert network.fetches() == [f"GET {uri}/main-key", f"GET {uri}"]


async def test_an_actors_stub_that_the_actor_does_not_bear_out_is_not_believed(
    kent: Council, network: Network, surrey: Peer
) -> None:
    uri = surrey.uri("sam")
    key = {"id": f"{surrey.base}/uploads/1", "owner": uri, "publicKeyPem": pem("somebody else")}
    surrey.put("/uploads/1", {"id": uri, "type": "Person", "publicKey": key})
    with pytest.raises(Unsigned):
        await fetch.key(kent.node, f"{surrey.base}/uploads/1")


async def test_a_key_may_bear_any_fragment_or_be_the_actors_own_id(
    kent: Council, network: Network, surrey: Peer
) -> None:
    uri = surrey.uri("sam")
    for key_id in (f"{uri}#key", f"{uri}#ed25519-key", uri):
        surrey.documents["/users/sam"]["publicKey"] = [
            {"id": f"{uri}#older", "owner": uri, "publicKeyPem": pem("older")},
            {"id": key_id, "owner": uri, "publicKeyPem": pem(uri)},
        ]
        assert (await fetch.key(kent.node, key_id)).owner == uri
