"""A thread of another node is read as whole as its nodes give it, within a budget, and nothing else is."""

from typing import Any

import pytest

from fedcop import fetch
from fedcop.fetch import posts as fetched
from fedcop.fetch import threads
from storage.posts import Post
from tests.support.attacked import Scene
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))


def note(peer: Peer, number: int, by: str, **more: Any) -> dict[str, Any]:
    """Serve a note and give it."""
    document = {
        "id": f"{peer.base}/notes/{number}",
        "type": "Note",
        "attributedTo": by,
        "to": [PUBLIC],
        "cc": [],
        "content": f"<p>{number}</p>",
        "published": "2026-03-02T11:00:00Z",
    } | more
    peer.put(f"/notes/{number}", document)
    return document


def listing(peer: Peer, path: str, *items: Any, kind: str = "OrderedCollection", **more: Any) -> str:
    """Serve a collection and give its id."""
    key = "orderedItems" if kind.startswith("Ordered") else "items"
    peer.put(path, {"id": peer.base + path, "type": kind, key: list(items)} | more)
    return peer.base + path


def crowd(peer: Peer, number: int) -> None:
    """Serve one more person, with the key of another: making one takes a while."""
    uri = peer.uri(f"p{number}")
    peer.put(
        f"/users/p{number}", peer.documents["/users/sam"] | {"id": uri, "preferredUsername": f"p{number}"}
    )


async def opened(scene: Scene, uri: str) -> Post:
    """Let a post be here, have its thread read, and give the post as it then stands."""
    post_id = await fetch.post(scene.kent.node, uri, budget=1)
    assert post_id is not None
    scene.network.router.take()
    await fetch.thread(scene.kent.node, post_id)
    post = await scene.kent.post(uri)
    assert post is not None
    return post


async def held(scene: Scene, *uris: str) -> list[bool]:
    return [await scene.kent.post(uri) is not None for uri in uris]


async def test_a_context_gives_the_whole_thread(scene: Scene) -> None:
    surrey, lemmy = scene.surrey, scene.lemmy
    context = f"{surrey.base}/topic/1"
    root = note(surrey, 1, scene.sam, context=context)
    answer = note(lemmy, 2, scene.cal, inReplyTo=root["id"], context=context)
    below = note(surrey, 3, scene.bea, inReplyTo=answer["id"], context=context)
    listing(surrey, "/topic/1", root["id"], below["id"], answer["id"])

    found = await opened(scene, root["id"])
    low = await scene.kent.post(below["id"])
    assert low is not None
    assert (found.replies_count, low.root_id) == (1, found.id), "whatever the order in which it is listed"
    assert not [line for line in scene.network.fetches() if "replies" in line]


async def test_without_a_context_replies_are_read_as_mastodon_lists_them(scene: Scene) -> None:
    surrey = scene.surrey
    replies = f"{surrey.base}/notes/1/replies"
    page = {"type": "CollectionPage", "partOf": replies, "next": f"{replies}?page=true", "items": []}
    root = note(
        surrey, 1, scene.sam, replies={"id": replies, "type": "Collection", "first": page},
        context="tag:surrey.example,2026:1",
    )  # fmt: skip
    low = f"{scene.lemmy.base}/notes/2/replies"  # of another server, which may speak for its own posts only
    answer = note(scene.lemmy, 2, scene.cal, inReplyTo=root["id"], replies=low)
    deep = note(surrey, 3, scene.bea, inReplyTo=answer["id"])
    listing(surrey, "/notes/1/replies", kind="Collection", first=page)
    listing(surrey, "/notes/1/replies?page=true", answer["id"], kind="CollectionPage")
    listing(scene.lemmy, "/notes/2/replies", deep["id"])
    await opened(scene, root["id"])
    assert await held(scene, answer["id"], deep["id"]) == [True, True]


async def test_only_what_has_the_origin_of_its_collection_is_taken_as_it_stands(scene: Scene) -> None:
    surrey = scene.surrey
    root = note(surrey, 1, scene.sam, context=f"{surrey.base}/topic/1")
    own = note(surrey, 2, scene.bea, inReplyTo=root["id"])
    foreign = note(scene.lemmy, 3, scene.cal, inReplyTo=root["id"])
    forged = foreign | {"content": "<p>Forged</p>"}
    in_name_of = own | {"id": f"{surrey.base}/notes/4", "attributedTo": scene.cal}
    create = {"id": f"{own['id']}/c", "type": "Create", "actor": scene.bea, "object": own}
    listing(surrey, "/topic/1", create, {"id": f"{surrey.base}/a", "type": "Announce", "actor": scene.sam,
            "object": forged}, in_name_of)  # fmt: skip
    await opened(scene, root["id"])

    asked = [line.partition(" ")[2] for line in scene.network.fetches() if "/notes/" in line]
    assert asked == [root["id"], foreign["id"], in_name_of["id"]]
    found = await scene.kent.post(foreign["id"])
    assert found is not None
    assert found.content == "<p>3</p>"
    assert await held(scene, own["id"], in_name_of["id"]) == [True, False]


async def test_what_a_thread_does_not_hold_is_not_stored(scene: Scene, network: Network) -> None:
    surrey, stranger = scene.surrey, network.peer("unlisted.example")
    root = note(surrey, 1, scene.sam, context=f"{surrey.base}/topic/1")
    another = note(surrey, 2, scene.sam)
    below_another = note(surrey, 3, scene.bea, inReplyTo=another["id"])
    for_few = note(surrey, 4, scene.bea, inReplyTo=root["id"], to=[scene.sam])
    for_followers = note(surrey, 5, scene.bea, inReplyTo=root["id"], to=[f"{scene.bea}/followers"])
    unlisted = note(stranger, 6, stranger.person("eve"), inReplyTo=root["id"])
    uris = [one["id"] for one in (another, below_another, for_few, for_followers, unlisted)]
    listing(surrey, "/topic/1", *uris, scene.kent.url("/posts/1"), "nonsense", {"type": "Note"})
    await opened(scene, root["id"])
    assert await held(scene, *uris) == [False] * 5
    assert not [line for line in network.fetches() if "unlisted" in line or "kent" in line]


async def test_what_may_not_be_asked_for_costs_nothing_of_the_budget(scene: Scene) -> None:
    surrey = scene.surrey
    root = note(surrey, 1, scene.sam, context=f"{surrey.base}/topic/1")
    answer = note(surrey, 2, scene.bea, inReplyTo=root["id"])
    listing(surrey, "/topic/1", *[f"https://unlisted.example/{n}" for n in range(100)], answer["id"])
    await opened(scene, root["id"])
    assert await held(scene, answer["id"]) == [True]


async def test_replies_are_what_the_posts_own_server_says(scene: Scene) -> None:
    answer = note(scene.surrey, 2, scene.bea, inReplyTo=f"{scene.surrey.base}/notes/1")
    elsewhere = listing(scene.lemmy, "/replies", answer["id"])
    root = note(scene.surrey, 1, scene.sam, replies=elsewhere)
    await opened(scene, root["id"])
    assert scene.network.fetches() == [f"GET {root['id']}"]


async def test_a_context_elsewhere_is_not_asked_for(scene: Scene) -> None:
    surrey = scene.surrey
    root = note(surrey, 1, scene.sam, context=f"{scene.lemmy.base}/topic/1")
    listing(scene.lemmy, "/topic/1", note(scene.lemmy, 2, scene.cal, inReplyTo=root["id"])["id"])
    await opened(scene, root["id"])
    assert not [line for line in scene.network.fetches() if "lemmy" in line]


async def test_what_was_deleted_does_not_come_back_by_a_collection(scene: Scene) -> None:
    surrey = scene.surrey
    root = note(surrey, 1, scene.sam, context=f"{surrey.base}/topic/1")
    embedded, named = [note(surrey, n, scene.bea, inReplyTo=root["id"]) for n in (2, 3)]
    await fetch.actor(scene.kent.node, scene.bea)
    for one in (embedded, named):
        delete = {"id": f"{one['id']}/d", "type": "Delete", "actor": scene.bea, "object": one["id"]}
        await scene.send(surrey, delete)
    listing(surrey, "/topic/1", embedded, named["id"])
    await opened(scene, root["id"])
    assert await held(scene, embedded["id"], named["id"]) == [False, False]


def chain(peer: Peer, by: str, length: int) -> list[str]:
    """Serve posts each of which answers the one before; give their ids."""
    uris = [note(peer, 0, by)["id"]]
    for number in range(1, length):
        uris.append(note(peer, number, by, inReplyTo=uris[-1])["id"])
    return uris


async def test_the_first_few_parents_come_at_once_and_the_others_when_somebody_opens_the_thread(
    scene: Scene, network: Network
) -> None:
    surrey = scene.surrey
    uris = chain(surrey, scene.sam, 30)
    last = surrey.documents["/notes/29"] | {"cc": [scene.ada.uri]}
    create = {"id": f"{uris[-1]}/c", "type": "Create", "actor": scene.sam, "object": last}
    network.router.take()
    await scene.send(surrey, create)
    assert len(network.fetches()) <= 20, "one activity sets off no more (BL-X03)"
    assert sum(await held(scene, *uris)) == 1 + fetched.MOST_PARENTS

    post = await scene.kent.post(uris[-1])
    assert post is not None
    await fetch.thread(scene.kent.node, post.id)
    first, low = await scene.kent.post(uris[0]), await scene.kent.post(uris[-1])
    assert first is not None
    assert low is not None
    assert low.root_id == first.id


async def test_a_thread_without_end_costs_no_more_than_the_budget(scene: Scene, network: Network) -> None:
    surrey = scene.surrey
    for number in range(300):
        crowd(surrey, number)
        below = [f"{surrey.base}/notes/{2 * number + n}" for n in (1, 2)]
        above = f"{surrey.base}/notes/{(number - 1) // 2}" if number else f"{surrey.base}/notes/1000"
        replies = listing(surrey, f"/replies/{number}", *below)
        note(surrey, number, surrey.uri(f"p{number}"), inReplyTo=above, replies=replies)
    for number in range(1000, 1300):
        note(surrey, number, scene.sam, inReplyTo=f"{surrey.base}/notes/{number + 1}")
    await opened(scene, f"{surrey.base}/notes/0")
    assert 100 < len(network.fetches()) <= threads.MOST_REQUESTS
    above = [f"{surrey.base}/notes/{number}" for number in range(1000, 1300)]
    assert sum(await held(scene, *above)) <= threads.MOST_ABOVE
    assert sum(await held(scene, *[f"{surrey.base}/notes/{n}" for n in range(300)])) <= 1 + threads.MOST_BELOW


async def test_no_more_posts_are_taken_at_once_than_the_budget_allows(scene: Scene) -> None:
    surrey = scene.surrey
    root = note(surrey, 0, scene.sam, context=f"{surrey.base}/topic/1")
    whole = [note(surrey, n, scene.bea, inReplyTo=root["id"]) for n in range(1, 200)]
    listing(surrey, "/topic/1", *whole)
    post = await opened(scene, root["id"])
    assert post.replies_count == threads.MOST_BELOW
    await fetch.thread(scene.kent.node, post.id)
    again = await scene.kent.post(root["id"])
    assert again is not None
    assert again.replies_count == 2 * threads.MOST_BELOW, "what was not read is read the next time"


async def test_a_thread_that_is_kept_here_is_not_asked_for(scene: Scene, network: Network) -> None:
    own = await scene.kent.publish(scene.ada, "Hello")
    begun = note(scene.surrey, 1, scene.sam, type="Page", name="Glue", context=f"{scene.surrey.base}/topic/1",
                 to=[PUBLIC, scene.makers.uri], audience=scene.makers.uri)  # fmt: skip
    post = await opened(scene, begun["id"])
    assert post.community_id == scene.makers.id
    await fetch.thread(scene.kent.node, own)
    assert network.fetches() == []


async def test_a_context_may_be_the_communitys(scene: Scene) -> None:
    planning = await scene.joins_planning()
    context = listing(scene.lemmy, "/topic/1")
    root = note(scene.surrey, 1, scene.sam, type="Page", name="Glue", context=context,
                to=[PUBLIC, planning.uri], audience=planning.uri)  # fmt: skip
    answer = note(scene.lemmy, 2, scene.cal, inReplyTo=root["id"])
    listing(scene.lemmy, "/topic/1", root["id"], answer["id"])
    await opened(scene, root["id"])
    low = await scene.kent.post(answer["id"])
    assert low is not None
    assert low.community_id == planning.id
