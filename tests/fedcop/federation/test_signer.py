from datetime import timedelta

import pytest

from activitypub.wire import Request
from fedcop.actions import knock
from storage import knocks
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer, pem, signed


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def status(network: Network, request: Request) -> int:
    return (await network.router.send(request)).status


async def test_a_key_that_changed_is_asked_for_again(kent: Council, network: Network, surrey: Peer) -> None:
    url, sam = kent.url("/people/ask"), surrey.uri("sam")
    assert (await surrey.get(url, by=sam)).status == 200
    surrey.documents["/users/sam"]["publicKey"]["publicKeyPem"] = pem("the new key")
    now = network.clock.now()
    forged = signed("GET", url, b"", key_id=f"{sam}#main-key", by="the new key", now=now)
    assert await status(network, forged) == 401, "the key was fetched a moment ago"

    network.clock.move(timedelta(minutes=1))
    now = network.clock.now()
    renewed = signed("GET", url, b"", key_id=f"{sam}#main-key", by="the new key", now=now)
    assert await status(network, renewed) == 200
    network.clock.move(timedelta(minutes=1))
    now = network.clock.now()
    wrong = signed("GET", url, b"", key_id=f"{sam}#main-key", by="another key", now=now)
    assert await status(network, wrong) == 401
    network.clock.move(timedelta(minutes=10))
    now = network.clock.now()
    wrong = signed("GET", url, b"", key_id=f"{sam}#main-key", by="another key", now=now)
    assert await status(network, wrong) == 401


async def test_who_is_not_on_the_list_is_noted_and_not_asked(kent: Council, network: Network) -> None:
    key_id = "https://rogue.example/users/rex#main-key"
    now = network.clock.now()
    asked = signed("GET", kent.url("/people/ask"), b"", key_id=key_id, by="rex", now=now, user_agent="x/1")
    assert await status(network, asked) == 403
    assert network.fetches() == [f"GET {asked.url}"]
    await knock.keep(kent.node)
    (row,) = await kent.node.store.read(knocks.waiting)
    assert (row.host, row.way, row.actor_uri, row.user_agent) == (
        "rogue.example",
        "fetch",
        "https://rogue.example/users/rex",
        "x/1",
    )


async def test_the_signature_may_leave_the_query_out(kent: Council, network: Network, surrey: Peer) -> None:
    # Mbin, NodeBB, PieFed and Fedify sign the path only (federation.md 2.1).
    url, sam = kent.url("/people/ask"), surrey.uri("sam")
    bare = signed("GET", url, b"", key_id=f"{sam}#main-key", by=sam, now=network.clock.now())
    asked = Request(method="GET", url=f"{url}?page=1", headers=bare.headers)
    assert await status(network, asked) == 200


async def test_where_signed_fetch_is_off_a_stranger_may_ask(network: Network) -> None:
    kent = await network.open("kent.example", federation={"signed_fetch": False})
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    asked = Request(method="GET", url=uri, headers=(("Accept", ACTIVITY),))
    assert await status(network, asked) == 200
    private = await kent.uri_of(await kent.publish(ada, "Hush", audience="followers"))
    asked = Request(method="GET", url=private, headers=(("Accept", ACTIVITY),))
    assert await status(network, asked) == 404
