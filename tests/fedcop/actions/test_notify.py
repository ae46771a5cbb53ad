"""Who is told: people of this node, each once, and nobody of their own deeds or of whom they silenced."""

from fedcop.actions import notify
from fedcop.actions.notify import Kind
from storage import blocks, bookmarks
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


async def told(scene: Scene, kind: Kind, who: Actor, by: Actor, **more: int) -> list[str]:
    await scene.node.store.write(
        notify.add, notify.prepare(scene.node, kind, [who.id, by.id], by=by.id, **more)
    )
    return [one.type for one in await scene.notices(who)]


async def test_only_people_of_this_node_can_be_told(scene: Scene, ada: Actor, roads: Actor) -> None:
    assert notify.here([ada, roads, await scene.remote("dee", "lemmy.example")]) == [ada.id]


async def test_the_same_is_told_once_and_nobody_of_their_own_deeds(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    await told(scene, "follow", ada, ben)

    assert await told(scene, "follow", ada, ben) == ["follow"]
    assert await scene.notices(ben) == []


async def test_a_request_to_join_is_told_for_each_community(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor, bids: Actor
) -> None:
    await told(scene, "follow_request", ada, ben, target_id=roads.id)

    assert await told(scene, "follow_request", ada, ben, target_id=bids.id) == ["follow_request"] * 2


async def test_who_is_blocked_or_muted_is_not_heard(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    await scene.node.store.write(blocks.block, 1, ada.id, ben.id, None)
    await scene.node.store.write(blocks.mute, 2, ada.id, cat.id, notifications=True, until=None)

    assert await told(scene, "follow", ada, ben) == []
    assert await told(scene, "follow", ada, cat) == []


async def test_a_mute_that_is_over_or_leaves_notices_silences_nothing(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    now = scene.node.clock.now()
    await scene.node.store.write(blocks.mute, 1, ada.id, ben.id, notifications=True, until=now)
    await scene.node.store.write(blocks.mute, 2, ada.id, cat.id, notifications=False, until=None)

    assert await told(scene, "follow", ada, ben) == ["follow"]
    assert await told(scene, "follow", ada, cat) == ["follow", "follow"]


async def test_a_muted_thread_is_not_heard_of(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread = await scene.write(ada, "Hello")
    await scene.node.store.write(bookmarks.mute_thread, ada.id, thread.id)

    assert await told(scene, "like", ada, ben, post_id=thread.id) == []
