from fedcop.actions import follow
from fedcop.actions.reconcile import reconcile
from storage import follows
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


async def state(scene: Scene, me: Actor, target: Actor) -> str | None:
    found = await scene.node.store.read(follows.find, me.id, target.id)
    return found.state if found is not None else None


async def test_what_both_sides_know_stays_as_it_is(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await follow.follow(scene.node, ada, dee)
    await scene.node.store.write(follows.accept, ada.id, dee.id, scene.node.clock.now())
    await scene.sent()
    await reconcile(scene.node, dee, [ada.uri])
    assert (await state(scene, ada, dee), await scene.sent()) == ("accepted", [])


async def test_a_follow_that_the_other_side_does_not_know_ends_and_is_said_to_end(
    scene: Scene, ada: Actor
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    held = await follow.follow(scene.node, ada, dee)
    await scene.node.store.write(follows.accept, ada.id, dee.id, scene.node.clock.now())
    await scene.sent()
    await reconcile(scene.node, dee, [])
    (sent,) = await scene.sent()
    assert await state(scene, ada, dee) is None
    assert (sent.form, sent.document["object"]["id"]) == ("Undo Follow", held.uri)


async def test_one_that_waits_is_neither_ended_nor_believed_but_asked_for_again(
    scene: Scene, ada: Actor
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    held = await follow.follow(scene.node, ada, dee)
    (first,) = await scene.sent()
    await reconcile(scene.node, dee, [])
    assert (await state(scene, ada, dee), await scene.sent()) == ("requested", [])
    await reconcile(scene.node, dee, [ada.uri])
    (again,) = await scene.sent()
    assert (await state(scene, ada, dee), again.document["id"]) == ("requested", held.uri)
    assert again.body == first.body


async def test_one_that_nobody_here_wants_is_taken_back_by_who_is_named(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    nobody, other = f"{scene.node.uris.base_url}/people/nobody", await scene.remote("cy", "devon.example")
    await reconcile(scene.node, dee, [ben.uri, nobody, other.uri])
    (sent,) = await scene.sent()
    undone = sent.document["object"]
    assert (sent.form, sent.inbox) == ("Undo Follow", dee.inbox)
    assert (undone["actor"], undone["object"]) == (ben.uri, dee.uri)
