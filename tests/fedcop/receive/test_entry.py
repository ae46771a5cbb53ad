from fedcop.receive.entry import NewEntry, enter
from storage import entries, posts
from storage.ids import EntryId
from tests.fedcop.receive.conftest import Scene


def entry(scene: Scene, number: int) -> NewEntry:
    return NewEntry(
        id=EntryId(number),
        by_actor=scene.makers.id,
        kind="announce",
        uri=f"https://kent.example/announces/{number}",
        audience="public",
    )


async def test_a_post_is_listed_once_for_each_who_announces_it(scene: Scene) -> None:
    post_id = await scene.kent.publish(scene.ada, "Hello")
    uri = await scene.kent.uri_of(post_id)
    assert await scene.kent.node.store.write(enter, entry(scene, 1), uri)
    assert not await scene.kent.node.store.write(enter, entry(scene, 2), uri)
    kept = await scene.kent.node.store.read(entries.find, scene.makers.id, post_id)
    assert kept is not None
    assert kept.uri == "https://kent.example/announces/1"


async def test_what_is_not_held_or_was_removed_is_not_listed(scene: Scene) -> None:
    post_id = await scene.kent.publish(scene.ada, "Hello")
    uri = await scene.kent.uri_of(post_id)
    assert not await scene.kent.node.store.write(enter, entry(scene, 1), "https://surrey.example/notes/1")
    now = scene.network.clock.now()
    await scene.kent.node.store.write(posts.remove, post_id, now, scene.ada.id, "")
    assert not await scene.kent.node.store.write(enter, entry(scene, 1), uri)
