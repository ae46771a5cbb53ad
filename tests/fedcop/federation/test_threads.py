import hashlib
import json
from typing import Any

import pytest

from activitypub.wire import Request
from fedcop import fetch
from fedcop.actions import own_post
from fedcop.federation.threads import PAGE
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
    await own_post.delete(kent.node, ada, root)
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


async def test_a_long_thread_comes_in_pages(kent: Council, network: Network, surrey: Peer) -> None:
    ada = await kent.person("ada")
    root = await kent.publish(ada, "Hello")
    uri = await kent.uri_of(root)
    for number in range(PAGE):
        await kent.publish(ada, f"{number}", in_reply_to=root)
    by = surrey.uri("sam")
    assert (await seen(surrey, f"{uri}/replies"))["totalItems"] == PAGE, (
        "what fits into one page comes at once"
    )

    whole = json.loads((await surrey.get(f"{uri}/context", by=by)).body)
    assert (whole["totalItems"], whole["attributedTo"], "orderedItems" in whole) == (PAGE + 1, ada.uri, False)
    assert whole["last"] == f"{uri}/context/2"
    first = json.loads((await surrey.get(whole["first"], by=by)).body)
    assert (first["id"], first["type"]) == (whole["first"], "OrderedCollectionPage")
    assert (first["partOf"], len(first["orderedItems"])) == (whole["id"], PAGE)
    assert first["orderedItems"][0] == uri
    second = json.loads((await surrey.get(first["next"], by=by)).body)
    assert len(second["orderedItems"]) == 1
    assert "next" not in second
    for path in ("context/0", "context/3", "context/x", "replies/2"):
        assert (await surrey.get(f"{uri}/{path}", by=by)).status == 404
    devon = await network.open("devon.example")
    await fetch.actor(devon.node, ada.uri)
    assert len(await fetch.items(devon.node, f"{uri}/context")) == PAGE + 1


async def test_who_holds_all_of_a_thread_is_told_so(kent: Council, network: Network, surrey: Peer) -> None:
    ada = await kent.person("ada")
    root = await kent.publish(ada, "Hello")
    uri = await kent.uri_of(root)
    answer = await surrey.get(f"{uri}/context", by=surrey.uri("sam"))
    tag = answer.header("etag") or ""
    assert tag == f'"{hashlib.sha256(uri.encode()).hexdigest()}"', "as NodeBB makes it"
    again = await surrey.get(f"{uri}/context", by=surrey.uri("sam"), if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    await kent.publish(ada, "Again", in_reply_to=root)
    assert (await surrey.get(f"{uri}/context", by=surrey.uri("sam"), if_none_match=tag)).status == 200
