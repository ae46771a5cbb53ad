import pytest

from storage import actors, communities, follows
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note


def thread(scene: Scene) -> dict[str, object]:
    return note(scene.surrey, 1, "Which glue?", cc=[scene.makers.uri])


async def held(scene: Scene) -> Post:
    found = await scene.kent.post(f"{scene.surrey.base}/notes/1")
    assert found is not None
    return found


@pytest.mark.parametrize("as_tombstone", [False, True])
async def test_an_authors_delete_empties_the_post_and_reaches_all_members(
    scene: Scene, as_tombstone: bool
) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "bea")
    await scene.arrives(scene.surrey, create(thread(scene)))
    uri = f"{scene.surrey.base}/notes/1"
    gone = {"id": uri, "type": "Tombstone"} if as_tombstone else uri
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, gone))
    assert (await held(scene)).removed_at is not None
    assert (await held(scene)).content == ""
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Create", "Delete"]
    # Whoever got the plain Announce gets its Undo, with the very id that was announced.
    (plain,) = scene.surrey.sent("Announce")
    (undo,) = scene.surrey.sent("Undo")
    assert undo["object"]["id"] == plain["id"]


async def test_nobody_deletes_what_another_wrote(scene: Scene) -> None:
    await scene.arrives(scene.surrey, create(thread(scene)))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Delete", 1, f"{scene.surrey.base}/notes/1", by="cal"))
    # cal is not known yet, so even asking was not worth it.
    await scene.join(scene.lemmy, "cal")
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Delete", 2, f"{scene.surrey.base}/notes/1", by="cal"))
    assert (await held(scene)).removed_at is None


async def test_a_facilitator_elsewhere_removes_a_post_of_our_community(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.arrives(scene.surrey, create(thread(scene)))
    cal = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.lemmy.uri("cal"))
    assert cal is not None
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=scene.network.clock.now()
    )
    removal = act(scene.lemmy, "Delete", 2, f"{scene.surrey.base}/notes/1", by="cal", summary="Off topic")
    await scene.arrives(scene.lemmy, removal)
    assert (await held(scene)).removed_for == "Off topic"
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Create", "Delete"]


async def test_somebody_who_leaves_for_good_is_gone_with_all_they_wrote(scene: Scene) -> None:
    uri = await scene.join(scene.surrey, "sam")
    await scene.arrives(scene.surrey, create(thread(scene)))
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, uri))
    sam = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert sam is not None
    assert sam.state == "deleted"
    assert (await held(scene)).removed_at is not None
    assert await scene.kent.node.store.read(follows.of_actor, sam.id) == []


async def test_a_delete_of_nothing_is_ignored(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, None))
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 2, "https://lemmy.example/notes/1"))
    assert (await scene.outcomes())["ignored"] == 2


async def test_a_neighbour_on_the_same_host_deletes_nothing(scene: Scene) -> None:
    await scene.join(scene.surrey, "bea")
    await scene.arrives(
        scene.surrey, act(scene.surrey, "Delete", 1, f"{scene.surrey.base}/notes/1", by="bea")
    )
    await scene.arrives(scene.surrey, create(thread(scene)))
    await scene.arrives(
        scene.surrey, act(scene.surrey, "Delete", 2, f"{scene.surrey.base}/notes/1", by="bea")
    )
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 3, scene.surrey.uri("sam"), by="bea"))
    assert (await held(scene)).removed_at is None
