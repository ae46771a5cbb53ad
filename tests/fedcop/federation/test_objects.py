import json
from typing import Any

import pytest

from activitypub.wire import Request
from fedcop.actions import distilling, objections, own_post, post
from fedcop.actions.distilling import Outline
from fedcop.workers import know_how
from storage import activities, copies, know_how_drafts
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


@pytest.fixture
def lemmy(network: Network) -> Peer:
    peer = network.peer("lemmy.example", software="lemmy")
    peer.person("cal")
    return peer


async def join(kent: Council, network: Network, peer: Peer, name: str, community: Actor) -> None:
    uri = peer.uri(name)
    follow = {"id": f"{uri}/follow", "type": "Follow", "actor": uri, "object": community.uri}
    await peer.post(kent.url("/inbox"), follow)
    await network.settle()


async def seen(peer: Peer, url: str, name: str) -> tuple[int, dict[str, Any]]:
    answer = await peer.get(url, by=peer.uri(name))
    body = json.loads(answer.body) if answer.header("content-type") == ACTIVITY else {}
    return answer.status, body


async def test_a_public_post_is_given_to_an_allowed_node(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    status, document = await seen(surrey, uri, "sam")
    assert status == 200
    assert (document["id"], document["type"], document["attributedTo"]) == (uri, "Note", ada.uri)
    assert document["@context"]
    (holder,) = await kent.node.store.read(copies.holders, uri)
    assert holder.host == "surrey.example"


async def test_an_edited_post_is_given_as_it_reads_now(kent: Council, network: Network, surrey: Peer) -> None:
    ada = await kent.person("ada")
    post_id = await kent.publish(ada, "Hello")
    await post.edit(kent.node, ada, post_id, post.Draft(text="Goodbye"))
    _, document = await seen(surrey, await kent.uri_of(post_id), "sam")
    assert document["content"] == "<p>Goodbye</p>"


async def test_a_stranger_has_to_sign(kent: Council, network: Network) -> None:
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    asked = Request(method="GET", url=uri, headers=(("Accept", ACTIVITY),))
    assert (await network.router.send(asked)).status == 401


@pytest.mark.parametrize("audience", ["followers", "direct"])
async def test_what_is_private_is_not_there(
    kent: Council, network: Network, surrey: Peer, audience: str
) -> None:
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello", audience=audience))
    assert (await seen(surrey, uri, "sam"))[0] == 404


async def test_a_removed_post_is_a_tombstone_and_an_unknown_one_is_not_there(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    post_id = await kent.publish(ada, "Hello")
    await own_post.delete(kent.node, ada, post_id)
    status, document = await seen(surrey, await kent.uri_of(post_id), "sam")
    assert status == 410
    assert (document["type"], document["formerType"]) == ("Tombstone", "Note")
    assert (await seen(surrey, kent.url("/posts/1"), "sam"))[0] == 404


async def test_activities_are_there_only_for_peers_that_understand_communities(
    kent: Council, network: Network, surrey: Peer, lemmy: Peer
) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    await join(kent, network, surrey, "sam", makers)
    await join(kent, network, lemmy, "cal", makers)
    await kent.publish(fin, "Glue\n\n@makers Which?")
    await network.settle()
    (whole,) = lemmy.sent("Announce")
    for uri, document in ((whole["id"], whole), (whole["object"]["id"], whole["object"])):
        assert await seen(lemmy, uri, "cal") == (200, document)
        assert (await seen(surrey, uri, "sam"))[0] == 404
    assert (await seen(lemmy, kent.url("/activities/1"), "cal"))[0] == 404
    # The plain form is a mere pointer, and nobody needs to ask for it.
    (plain,) = surrey.sent("Announce")
    assert (await seen(lemmy, plain["id"], "cal"))[0] == 404


async def test_a_private_activity_is_not_there(kent: Council, network: Network, lemmy: Peer) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    await join(kent, network, lemmy, "cal", makers)
    post_id = await kent.publish(fin, "For me", audience="direct")
    (kept,) = await kent.node.store.read(_kept, post_id)
    assert (await seen(lemmy, kept, "cal"))[0] == 404


async def _kept(read: Reader, post_id: PostId) -> list[str]:
    return [one.uri for one in await activities.of_post(read, post_id)]


@pytest.mark.parametrize("text", ["9" * 19, "9" * 30, "9" * 1800, "x", "-1", "%D9%A3"])
async def test_what_is_no_id_is_not_there(kent: Council, network: Network, lemmy: Peer, text: str) -> None:
    for kind in ("posts", "activities"):
        answer = await lemmy.get(kent.url(f"/{kind}/{text}"), by=lemmy.uri("cal"))
        assert answer.status == 404


async def test_know_how_has_an_address_of_its_own(kent: Council, network: Network, surrey: Peer) -> None:
    ada = await kent.person("ada")
    await kent.community("roads", ada)
    asked = await kent.publish(ada, "@roads How?\n\nSo.")
    node = kent.node
    draft_id = await distilling.draft(node, ada, asked, Outline(title="So", picks=(asked,)))
    await objections.tell(node, ada, draft_id)
    await know_how.work(node)
    held = await node.store.read(know_how_drafts.find, SYSTEM, draft_id)
    assert held is not None
    uri = kent.url(f"/know-how/{held.post_id}")
    status, document = await seen(surrey, uri, "sam")
    assert (status, document["id"], document["type"]) == (200, uri, "Article")
    for name in ("context", "replies"):
        status, document = await seen(surrey, f"{uri}/{name}", "sam")
        assert (status, document["id"]) == (200, f"{uri}/{name}")
    assert (await seen(surrey, kent.url(f"/posts/{held.post_id}"), "sam"))[0] == 404
    assert (await seen(surrey, kent.url(f"/know-how/{asked}"), "sam"))[0] == 404
    await own_post.delete(node, ada, PostId(held.post_id or 0))
    status, document = await seen(surrey, uri, "sam")
    assert (status, document["formerType"]) == (410, "Article")
