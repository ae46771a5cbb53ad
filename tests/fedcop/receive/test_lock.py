from storage import actors, communities
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note


async def held(scene: Scene, uri: str) -> Post:
    found = await scene.kent.post(uri)
    assert found is not None
    return found


async def test_a_community_elsewhere_locks_its_threads(scene: Scene) -> None:
    planning = await scene.planning()
    await scene.join(scene.surrey, "sam")
    page = note(
        scene.lemmy, 1, "How?", attributedTo=scene.lemmy.uri("cal"), audience=planning.uri, to=[planning.uri]
    ) | {"cc": ["as:Public"]}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(page)))
    lock = act(scene.surrey, "Lock", 1, page["id"])
    await scene.arrives(scene.surrey, lock)
    assert not (await held(scene, page["id"])).locked, "only in the community's Announce"

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, lock))
    assert (await held(scene, page["id"])).locked
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 3, act(scene.surrey, "Undo", 2, lock)))
    assert not (await held(scene, page["id"])).locked


async def test_a_facilitator_elsewhere_locks_a_thread_of_ours(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    cal = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.lemmy.uri("cal"))
    assert cal is not None
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Lock", 5, uri, by="cal"))
    assert (await held(scene, uri)).locked
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Create", "Lock"]


async def test_a_lock_of_nothing_held_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Lock", 1, "https://kent.example/posts/1"))
    assert await scene.outcomes() == {"ignored": 1}
