from typing import Any

import pytest

from activitypub.errors import WrongOrigin
from fedcop import fetch
from fedcop.actions import moderate
from fedcop.errors import Invalid, NotPermitted, PeerTrouble
from storage import posts, tombstones
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


def serve(peer: Peer, number: int, **more: Any) -> str:
    """Serve a note and give its id."""
    uri = f"{peer.base}/notes/{number}"
    document = {
        "id": uri,
        "type": "Note",
        "attributedTo": peer.uri("sam"),
        "to": [PUBLIC],
        "cc": [],
        "content": f"<p>{number}</p>",
        "published": "2026-03-02T11:00:00Z",
    }
    peer.put(f"/notes/{number}", document | more)
    return uri


async def held(kent: Council, uri: str) -> Post:
    found = await kent.node.store.read(posts.find_by_uri, SYSTEM, uri)
    assert found is not None
    return found


async def test_a_post_is_fetched_once(kent: Council, network: Network, surrey: Peer) -> None:
    uri = serve(surrey, 1)
    post_id = await fetch.post(kent.node, uri)
    assert post_id == (await held(kent, uri)).id
    network.router.take()
    assert await fetch.post(kent.node, uri) == post_id
    assert network.fetches() == []


async def test_its_thread_comes_with_it_within_the_budget(
    kent: Council, network: Network, surrey: Peer
) -> None:
    uris = [serve(surrey, 0)]
    for number in range(1, 6):
        uris.append(serve(surrey, number, inReplyTo=uris[-1]))
    await fetch.post(kent.node, uris[-1], budget=3)
    assert [await kent.post(uri) is not None for uri in uris] == [False] * 3 + [True] * 3
    # What comes later finds its place above.
    await fetch.post(kent.node, uris[2])
    assert (await held(kent, uris[5])).root_id == (await held(kent, uris[0])).id


async def test_two_posts_that_answer_each_other_end(kent: Council, network: Network, surrey: Peer) -> None:
    first, second = f"{surrey.base}/notes/1", f"{surrey.base}/notes/2"
    serve(surrey, 1, inReplyTo=second)
    serve(surrey, 2, inReplyTo=first)
    assert await fetch.post(kent.node, first) is not None
    assert network.fetches().count(f"GET {first}") == 1


async def test_a_parent_that_cannot_be_had_is_left_out(kent: Council, network: Network, surrey: Peer) -> None:
    for number, parent in enumerate(
        (f"{surrey.base}/notes/gone", "https://rogue.example/1", "https://devon.example/1")
    ):
        uri = serve(surrey, number, inReplyTo=parent)
        assert await fetch.post(kent.node, uri) is not None
        assert (await held(kent, uri)).in_reply_to == parent


async def test_a_post_may_stand_in_its_create(kent: Council, network: Network, surrey: Peer) -> None:
    uri = serve(surrey, 1)
    create = {"id": f"{uri}/activity", "type": "Create", "actor": surrey.uri("sam")}
    surrey.put("/notes/1/activity", create | {"object": surrey.documents["/notes/1"]})
    assert await fetch.post(kent.node, f"{uri}/activity") == (await held(kent, uri)).id


async def test_a_create_does_not_speak_for_another_origin(
    kent: Council, network: Network, surrey: Peer
) -> None:
    devon = network.peer("devon.example")
    devon.person("sam")
    uri = serve(devon, 1)
    forged = devon.documents["/notes/1"] | {"content": "<p>forged</p>"}
    create = {"id": f"{surrey.base}/c", "type": "Create", "actor": surrey.uri("sam"), "object": forged}
    surrey.put("/c", create)
    await fetch.post(kent.node, f"{surrey.base}/c")
    assert (await held(kent, uri)).content == "<p>1</p>"


async def test_what_is_no_post_is_none(kent: Council, network: Network, surrey: Peer) -> None:
    assert await fetch.post(kent.node, surrey.uri("sam")) is None
    assert await fetch.post(kent.node, f"{surrey.base}/nothing") is None
    assert await fetch.post(kent.node, "https://kent.example/posts/1") is None
    serve(surrey, 1, attributedTo=None)
    assert await fetch.post(kent.node, f"{surrey.base}/notes/1") is None


async def test_what_its_author_deleted_stays_dead(kent: Council, network: Network, surrey: Peer) -> None:
    uri = serve(surrey, 1)
    await kent.node.store.write(tombstones.bury, uri, surrey.uri("sam"), network.clock.now())
    assert await fetch.post(kent.node, uri) is None
    assert network.fetches() == [f"GET {uri}"], "nobody asks for its author"


async def test_what_a_neighbour_deleted_is_there(kent: Council, network: Network, surrey: Peer) -> None:
    uri = serve(surrey, 1)
    await kent.node.store.write(tombstones.bury, uri, surrey.uri("bea"), network.clock.now())
    assert await fetch.post(kent.node, uri) is not None


async def test_trouble_with_the_peer_is_said(kent: Council, network: Network, surrey: Peer) -> None:
    uri = serve(surrey, 1)
    surrey.status["/notes/1"] = 500
    with pytest.raises(PeerTrouble):
        await fetch.post(kent.node, uri)
    with pytest.raises(NotPermitted):
        await fetch.post(kent.node, "https://rogue.example/1")
    stolen = serve(surrey, 2, attributedTo="https://kent.example/people/ask")
    with pytest.raises(WrongOrigin):
        await fetch.post(kent.node, stolen)


async def test_what_a_community_of_ours_refuses_has_no_place_there_by_being_fetched(
    kent: Council, network: Network, surrey: Peer
) -> None:
    fin = await kent.person("fin")
    makers = await kent.community("makers", fin)
    root = await kent.publish(fin, "Glue\n\n@makers Which?")
    free = serve(surrey, 1, inReplyTo=await kent.uri_of(root))
    await fetch.post(kent.node, free)
    assert (await held(kent, free)).community_id == makers.id

    locked = await kent.publish(fin, "Paint\n\n@makers Which?")
    await moderate.lock(kent.node, fin, locked)
    late = serve(surrey, 2, inReplyTo=await kent.uri_of(locked))
    with pytest.raises(Invalid, match="locked"):
        await fetch.post(kent.node, late)
    await moderate.ban(kent.node, fin, makers, await fetch.actor(kent.node, surrey.uri("sam")))
    banned = serve(surrey, 3, inReplyTo=await kent.uri_of(root))
    with pytest.raises(NotPermitted, match="banned"):
        await fetch.post(kent.node, banned)
    below = serve(surrey, 4, inReplyTo=banned, attributedTo=surrey.person("bea"))
    await fetch.post(kent.node, below)
    assert (await held(kent, below)).community_id is None, "a parent that has no place here is left out"


async def test_creates_that_point_at_each_other_lead_nowhere(
    kent: Council, network: Network, surrey: Peer
) -> None:
    """Each stands at an id of its own host and holds a post of the other."""
    york = network.peer("mastodon.example")
    york.person("yan")
    for peer, other in ((surrey, york), (york, surrey)):
        for number in range(40):
            uri = f"{peer.base}/creates/{number}"
            inner = {
                "id": f"{other.base}/creates/{number + 1}",
                "type": "Note",
                "attributedTo": peer.uri("sam"),
                "content": "x",
            }
            create = {"id": uri, "type": "Create", "actor": peer.uri("sam"), "object": inner}
            peer.put(f"/creates/{number}", create)
    assert await fetch.post(kent.node, f"{surrey.base}/creates/0") is None
    assert len(network.fetches()) == 2
