"""A removed post is put back."""

from datetime import timedelta

from storage import posts, tombstones
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note


async def page(scene: Scene) -> tuple[str, dict[str, object]]:
    """Let planning announce a thread by sam of surrey and its removal by cal; give id and removal."""
    planning = await scene.planning()
    document = note(scene.surrey, 1, "How?", audience=planning.uri, cc=[planning.uri])
    scene.surrey.put("/notes/1", document)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(document)))
    removal = act(scene.lemmy, "Delete", 2, document["id"], by="cal", summary="")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, removal))
    return document["id"], removal


async def held(scene: Scene, uri: str) -> Post:
    found = await scene.kent.post(uri)
    assert found is not None
    return found


async def test_it_is_asked_for_again_while_its_authors_node_has_not_heard(scene: Scene) -> None:
    uri, removal = await page(scene)
    assert (await held(scene, uri)).content == ""
    document = scene.surrey.documents.pop("/notes/1")
    undo = act(scene.lemmy, "Undo", 3, removal, by="cal")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 3, undo))
    assert (await held(scene, uri)).content == ""
    assert (await scene.outcomes())["waiting"] == 1
    scene.surrey.put("/notes/1", document)
    scene.network.clock.move(timedelta(seconds=11))
    await scene.network.settle()
    assert "How?" in (await held(scene, uri)).content
    assert len(await scene.kent.home(scene.ada)) == 1


async def test_what_stands_or_is_not_held_is_not_put_back(scene: Scene) -> None:
    uri, removal = await page(scene)
    for number, about in enumerate((uri, "https://surrey.example/notes/9")):
        undo = act(scene.lemmy, "Undo", 3 + number, removal | {"object": about}, by="cal")
        await scene.arrives(scene.lemmy, announced(scene.lemmy, 3 + number, undo))
        await scene.arrives(scene.lemmy, announced(scene.lemmy, 13 + number, undo))
    assert (await held(scene, uri)).removed_at is None
    assert (await scene.outcomes())["ignored"] == 3


async def test_one_that_says_it_is_anothers_is_not_put_back(scene: Scene) -> None:
    uri, removal = await page(scene)
    document = scene.surrey.documents["/notes/1"]
    scene.surrey.put("/notes/1", document | {"attributedTo": scene.surrey.uri("bea")})
    await scene.arrives(
        scene.lemmy, announced(scene.lemmy, 3, act(scene.lemmy, "Undo", 3, removal, by="cal"))
    )
    assert (await held(scene, uri)).content == ""
    assert await scene.kent.node.store.read(tombstones.is_dead, uri, scene.surrey.uri("sam"))
    assert await scene.kent.node.store.read(posts.find_by_uri, SYSTEM, uri) is not None
