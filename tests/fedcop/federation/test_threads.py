import json
from typing import Any

import pytest

from activitypub.wire import Request
from fedcop.actions import post
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def seen(peer: Peer, url: str) -> dict[str, Any]:
    answer = await peer.get(url, by=peer.uri("sam"))
    assert (answer.status, answer.header("content-type")) == (200, ACTIVITY)
    found: dict[str, Any] = json.loads(answer.body)
    assert (found["id"], found["type"]) == (url, "OrderedCollection")
    assert found["totalItems"] == len(found["orderedItems"])
    return found


async def test_a_thread_is_listed_where_its_first_post_says(
    kent: Council, network: Network, surrey: Peer
) -> None:
    fin, ada = await kent.person("fin"), await kent.person("ada")
    makers = await kent.community("makers", fin)
    root = await kent.publish(fin, "Glue\n\n@makers Which?")
    one = await kent.publish(fin, "The brown one", in_reply_to=root)
    deep = await kent.publish(fin, "In tins", in_reply_to=one)
    await kent.publish(ada, "Only for you, @fin", in_reply_to=root, audience="direct")
    uris = [await kent.uri_of(each) for each in (root, one, deep)]
    document = json.loads((await surrey.get(uris[0], by=surrey.uri("sam"))).body)

    context = await seen(surrey, document["context"])
    assert context["orderedItems"] == uris
    assert context["attributedTo"] == makers.uri
    assert (await seen(surrey, document["replies"]))["orderedItems"] == [uris[1]]
    assert (await seen(surrey, f"{uris[1]}/replies"))["orderedItems"] == [uris[2]]
    assert (await seen(surrey, f"{uris[2]}/replies"))["orderedItems"] == []
    # A thread is asked for where it began.
    assert (await surrey.get(f"{uris[1]}/context", by=surrey.uri("sam"))).status == 404


async def test_a_thread_outside_communities_is_its_authors(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    assert (await seen(surrey, f"{uri}/context"))["attributedTo"] == ada.uri


async def test_what_was_written_elsewhere_is_listed_too(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    reply = {
        "id": f"{surrey.base}/notes/1",
        "type": "Note",
        "attributedTo": surrey.uri("sam"),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [ada.uri],
        "content": "<p>Hello to you</p>",
        "inReplyTo": uri,
        "published": "2026-03-02T11:00:00Z",
    }
    create = {"id": f"{reply['id']}/create", "type": "Create", "actor": surrey.uri("sam"), "object": reply}
    assert await surrey.post(kent.url("/inbox"), create) == 202
    await network.settle()
    assert (await seen(surrey, f"{uri}/context"))["orderedItems"] == [uri, reply["id"]]
    assert (await surrey.get(kent.url("/posts/1/replies"), by=surrey.uri("sam"))).status == 404


async def test_a_thread_outlives_the_post_that_began_it(
    kent: Council, network: Network, surrey: Peer
) -> None:
    ada = await kent.person("ada")
    root = await kent.publish(ada, "Hello")
    uri = await kent.uri_of(root)
    reply = await kent.uri_of(await kent.publish(ada, "Again", in_reply_to=root))
    await post.delete(kent.node, ada, root)
    assert (await seen(surrey, f"{uri}/context"))["orderedItems"] == [reply]


@pytest.mark.parametrize("name", ["context", "replies"])
async def test_who_may_not_see_the_post_sees_no_thread(
    kent: Council, network: Network, surrey: Peer, name: str
) -> None:
    ada = await kent.person("ada")
    private = await kent.uri_of(await kent.publish(ada, "Hello", audience="followers"))
    assert (await surrey.get(f"{private}/{name}", by=surrey.uri("sam"))).status == 404
    public = await kent.uri_of(await kent.publish(ada, "Hello"))
    asked = Request(method="GET", url=f"{public}/{name}", headers=(("Accept", ACTIVITY),))
    assert (await network.router.send(asked)).status == 401
