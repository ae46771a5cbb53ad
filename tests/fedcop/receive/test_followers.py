import pytest

from activitypub.discovery.followers_sync import Synchronization, digest_of
from fedcop import fetch
from fedcop.receive.followers import EVERY
from storage import follows, memberships
from storage.actors import Actor
from tests.fedcop.receive.conftest import Scene, act, announced, create, note


async def followed(scene: Scene, *, accepted: bool = True) -> Actor:
    """Let ada follow sam, and give sam's row."""
    sam = await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    await scene.kent.follow(scene.ada, sam)
    await scene.network.settle()
    if accepted:
        (asked,) = scene.surrey.sent("Follow")
        await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 1, asked))
    scene.network.router.take()
    return sam


def lists(scene: Scene, *uris: str, name: str = "sam") -> None:
    """Let surrey list who of kent follows somebody there."""
    path = f"/users/{name}/followers_synchronization"
    items = {"type": "OrderedCollection", "orderedItems": list(uris), "totalItems": len(uris)}
    scene.surrey.put(path, {"id": f"{scene.surrey.base}{path}"} | items)


def stated(scene: Scene, *uris: str, **changed: str) -> str:
    """Give what surrey says of sam's followers at kent."""
    sam = scene.surrey.uri("sam")
    given = {
        "collection": f"{sam}/followers",
        "url": f"{sam}/followers_synchronization",
        "digest": digest_of(uris),
    }
    return Synchronization(**(given | changed)).header


async def says(scene: Scene, header: str, number: int = 1, *, signed: bool = True) -> list[str]:
    """Let sam write to followers with the header, and give what kent fetched upon it."""
    words = note(scene.surrey, number, "For few", to=[f"{scene.surrey.uri('sam')}/followers"])
    covering = ("collection-synchronization",) if signed else ()
    url = scene.kent.url("/inbox")
    sent = {"covering": covering, "collection_synchronization": header}
    assert await scene.surrey.post(url, create(words), **sent) == 202
    await scene.network.settle()
    return [line for line in scene.network.fetches() if "followers" in line]


async def follow_of(scene: Scene, target: Actor) -> str | None:
    found = await scene.kent.node.store.read(follows.find, scene.ada.id, target.id)
    return found.state if found is not None else None


async def test_a_digest_that_fits_costs_nothing(scene: Scene) -> None:
    await followed(scene)
    assert await says(scene, stated(scene, scene.ada.uri)) == []


async def test_a_follow_that_the_other_side_does_not_know_ends(scene: Scene) -> None:
    sam = await followed(scene)
    lists(scene)
    assert await says(scene, stated(scene)) == [f"GET {sam.uri}/followers_synchronization"]
    assert await follow_of(scene, sam) is None
    (undo,) = scene.surrey.sent("Undo")
    assert (undo["object"]["type"], undo["object"]["actor"]) == ("Follow", scene.ada.uri)


async def test_a_follow_that_nobody_here_wants_is_taken_back(scene: Scene) -> None:
    sam = await followed(scene)
    others = (scene.fin.uri, scene.kent.url("/people/nobody"), "https://lemmy.example/users/cal")
    lists(scene, scene.ada.uri, *others)
    await says(scene, stated(scene, scene.ada.uri, *others[:2]))
    assert await follow_of(scene, sam) == "accepted"
    (undo,) = scene.surrey.sent("Undo")
    undone = undo["object"]
    assert (undone["type"], undone["actor"], undone["object"]) == ("Follow", scene.fin.uri, sam.uri)


async def test_a_follow_that_waits_here_is_asked_for_again_and_holds_by_an_accept_only(scene: Scene) -> None:
    sam = await followed(scene, accepted=False)
    lists(scene, scene.ada.uri)
    await says(scene, stated(scene, scene.ada.uri))
    assert await follow_of(scene, sam) == "requested"
    first, again = scene.surrey.sent("Follow")
    assert first == again
    assert scene.surrey.sent("Undo") == []


async def test_a_node_whose_digest_never_fits_is_asked_every_ten_minutes(scene: Scene) -> None:
    await followed(scene)
    lists(scene, scene.ada.uri)
    assert len(await says(scene, stated(scene))) == 1
    assert await says(scene, stated(scene), 2) == []
    scene.network.clock.move(EVERY)
    assert len(await says(scene, stated(scene), 3)) == 1


async def test_what_is_not_signed_is_not_listened_to(scene: Scene) -> None:
    sam = await followed(scene)
    lists(scene)
    assert await says(scene, stated(scene), signed=False) == []
    assert await follow_of(scene, sam) == "accepted"


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://lemmy.example/users/sam/followers_synchronization"},
        {"collection": "https://surrey.example/users/bea/followers"},
        {"collection": "https://lemmy.example/users/cal/followers"},
    ],
)
async def test_nobody_speaks_for_the_followers_of_another(scene: Scene, changed: dict[str, str]) -> None:
    sam = await followed(scene)
    lists(scene)
    assert await says(scene, stated(scene, **changed)) == []
    assert await follow_of(scene, sam) == "accepted"
    assert await scene.kent.post(f"{scene.surrey.base}/notes/1") is not None, "the post is none the worse"


@pytest.mark.parametrize("answer", ["gone", "number", "page"])
async def test_a_list_that_is_not_there_whole_ends_nothing(scene: Scene, answer: str) -> None:
    sam = await followed(scene)
    path = "/users/sam/followers_synchronization"
    if answer == "number":
        scene.surrey.put(path, {"type": "OrderedCollection", "totalItems": 0})
    elif answer == "page":
        lists(scene)
        scene.surrey.documents[path]["next"] = f"{scene.surrey.base}{path}/2"
    assert len(await says(scene, stated(scene))) == 1
    assert await follow_of(scene, sam) == "accepted"


async def test_a_community_that_is_out_of_step_is_asked_for_its_members(scene: Scene) -> None:
    planning = await scene.planning()
    url = f"{planning.uri}/followers"
    dan = "https://essex.example/people/dan"
    partial = f"{url}_synchronization"
    items = {"type": "OrderedCollection", "totalItems": 1}
    scene.lemmy.put("/users/planning/followers", {"id": url, "orderedItems": [dan]} | items)
    scene.lemmy.put("/users/planning/followers_synchronization", {"orderedItems": [scene.ada.uri]} | items)
    header = Synchronization(collection=url, url=partial, digest=digest_of([])).header
    body = announced(scene.lemmy, 1, act(scene.lemmy, "Like", 1, "https://kent.example/posts/1", by="cal"))
    sent = {"covering": ("collection-synchronization",), "collection_synchronization": header}
    assert await scene.lemmy.post(scene.kent.url("/inbox"), body, **sent) == 202
    await scene.network.settle()
    assert [line for line in scene.network.fetches() if "followers" in line] == [
        f"GET {partial}",
        f"GET {url}",
    ]
    assert await scene.kent.node.store.read(memberships.knows_member, planning.id, dan)
    assert await follow_of(scene, planning) == "accepted"
