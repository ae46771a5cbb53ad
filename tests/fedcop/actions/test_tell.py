"""One activity to everybody who should hear of it, kept as long as its post."""

from fedcop.actions import tell
from fedcop.as2 import activities as as2_activities
from storage import activities
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

URI = "https://kent.example/activities/1"


async def say(scene: Scene, me: Actor, **more: object) -> tell.Told:
    document = as2_activities.like_of(URI, me.uri, "https://kent.example/posts/1", to=[], community=None)
    told = await tell.prepare(scene.node, me, document, **more)
    await scene.node.store.write(tell.add, scene.node, told)
    return told


async def test_people_here_need_no_inbox(scene: Scene, ada: Actor, ben: Actor) -> None:
    await say(scene, ada, people=[ben])

    assert await scene.sent() == []


async def test_what_is_private_goes_to_personal_inboxes_all_else_to_shared_ones(
    scene: Scene, ada: Actor
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    shared = await say(scene, ada, people=[dee])
    personal = await say(scene, ada, people=[dee], audience="direct")

    assert shared.targets == (("lemmy.example", dee.shared_inbox),)
    assert personal.targets == (("lemmy.example", dee.inbox),)


async def test_what_is_about_no_post_is_not_kept(scene: Scene, ada: Actor) -> None:
    await say(scene, ada)

    assert await scene.node.store.read(activities.find, URI) is None


async def test_what_is_about_a_post_is_kept_as_it_went_out(scene: Scene, ada: Actor) -> None:
    held = await scene.write(ada, "Hello")
    told = await say(scene, ada, post_id=held.id)

    kept = await scene.node.store.read(activities.find, URI)
    assert kept is not None
    assert (kept.body, kept.wrapped_by) == (told.parcel.body.body, None)


async def test_a_community_here_keeps_it_with_its_announce(scene: Scene, ada: Actor, roads: Actor) -> None:
    held = await scene.write(ada, "Hello")
    told = await say(scene, ada, post_id=held.id, community=roads)

    kept = await scene.node.store.read(activities.find, URI)
    assert kept is not None
    assert told.passed is not None
    assert kept.wrapped_by == told.passed.wrapped.body.uri
    assert told.parcel.body.body in told.passed.wrapped.body.body
