import json

import msgspec
import pytest

from activitypub.wire import Request, Response
from storage import actors, copies
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def ask(network: Network, url: str, accept: str = ACTIVITY) -> Response:
    """Ask as a stranger."""
    return await network.router.send(Request(method="GET", url=url, headers=(("Accept", accept),)))


async def test_the_node_actor_is_there_for_anybody_also_at_the_root(kent: Council, network: Network) -> None:
    for path in ("/actor", "/"):
        answer = await ask(network, kent.url(path))
        assert answer.status == 200
        assert answer.header("content-type") == "application/activity+json"
        document = json.loads(answer.body)
        assert (document["id"], document["type"]) == ("https://kent.example/actor", "Application")


async def test_a_stranger_gets_what_it_takes_to_check_a_signature(kent: Council, network: Network) -> None:
    ada = await kent.person("ada")
    answer = await ask(network, ada.uri)
    assert answer.status == 200
    assert answer.header("vary") == "Accept, Signature, Signature-Input"
    assert sorted(json.loads(answer.body)) == [
        "@context",
        "assertionMethod",
        "id",
        "inbox",
        "preferredUsername",
        "publicKey",
        "type",
    ]


async def test_an_allowed_node_gets_the_card_and_is_remembered(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    answer = await surrey.get(ada.uri, by=surrey.uri("sam"))
    document = json.loads(answer.body)
    assert document["name"] == "Ada"
    assert "summary" not in document
    (holder,) = await kent.node.store.read(copies.holders, ada.uri)
    assert holder.host == "surrey.example"


async def test_a_fellow_members_node_gets_the_profile(kent: Council, network: Network, surrey: Peer) -> None:
    ada = await kent.person("ada")
    makers = await kent.community("makers", ada)
    follow = {"id": f"{surrey.base}/1", "type": "Follow", "actor": surrey.uri("sam"), "object": makers.uri}
    await surrey.post(kent.url("/inbox"), follow)
    await network.settle()
    document = json.loads((await surrey.get(ada.uri, by=surrey.uri("sam"))).body)
    assert "summary" in document

    profile = msgspec.structs.replace(actors.profile_of(ada), findable="council")
    await kent.node.store.write(actors.set_profile, ada.id, profile, network.clock.now())
    document = json.loads((await surrey.get(ada.uri, by=surrey.uri("sam"))).body)
    assert "summary" not in document


async def test_a_community_is_given_whole(kent: Council, network: Network, surrey: Peer) -> None:
    makers = await kent.community("makers", await kent.person("fin"))
    document = json.loads((await surrey.get(makers.uri, by=surrey.uri("sam"))).body)
    assert document["attributedTo"] == f"{makers.uri}/facilitators"
    assert document["manuallyApprovesFollowers"] is False


async def test_who_is_not_on_the_list_is_refused(kent: Council, network: Network) -> None:
    rogue = network.peer("rogue.example")
    rex = rogue.person("rex")
    ada = await kent.person("ada")
    answer = await rogue.get(ada.uri, by=rex)
    assert answer.status == 403
    assert network.fetches() == [f"GET {ada.uri}"]


async def test_a_signature_that_does_not_hold_is_refused(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    answer = await surrey.get(ada.uri, by=surrey.uri("sam"), date="Mon, 02 Mar 2020 12:00:00 GMT")
    assert answer.status == 401
    forged = await surrey.get(ada.uri, by=surrey.uri("sam"))
    assert forged.status == 200


async def test_nobody_and_who_is_gone(kent: Council, network: Network) -> None:
    assert (await ask(network, kent.url("/people/nobody"))).status == 404
    assert (await ask(network, kent.url("/communities/nothing"))).status == 404
    ada = await kent.person("ada")
    await kent.node.store.write(actors.mark_deleted, ada.id, network.clock.now())
    answer = await ask(network, ada.uri)
    assert answer.status == 410
    assert json.loads(answer.body)["type"] == "Tombstone"


@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json", ""])
async def test_a_page_is_another_doors(kent: Council, network: Network, accept: str) -> None:
    ada = await kent.person("ada")
    # The application of these tests has no other door.
    assert (await ask(network, ada.uri, accept)).status == 404


@pytest.mark.parametrize(
    "accept",
    [
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/ld+json",
        "text/html;q=0.1, application/activity+json",
        "Application/Activity+JSON",
    ],
)
async def test_whatever_names_activitypub_gets_the_document(
    kent: Council, network: Network, accept: str
) -> None:
    ada = await kent.person("ada")
    assert (await ask(network, ada.uri, accept)).status == 200


async def test_where_signed_fetch_is_off_strangers_get_what_an_allowed_node_gets(network: Network) -> None:
    kent = await network.open("kent.example", federation={"mode": "open", "signed_fetch": False})
    ada = await kent.person("ada")
    document = json.loads((await ask(network, ada.uri)).body)
    assert document["name"] == "Ada"
