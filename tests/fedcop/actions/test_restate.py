"""A post told anew, where no text of it changed."""

import msgspec
import pytest

from fedcop.actions import restate
from fedcop.errors import NotFound
from storage import activities, views
from storage.actors import Actor
from storage.ids import ActorId
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def test_of_several_the_last_is_kept_and_none_is_an_edit(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dan", "devon.example"), ada)
    mine = await scene.write(ada, "Sandbags")
    view = await scene.node.store.read(views.post_view, SYSTEM, mine.id)
    assert view is not None
    for _ in range(2):
        told = await restate.prepare(scene.node, view, scene.node.clock.now())
        await scene.node.store.write(restate.add, scene.node, told)
    create, first, last = await scene.sent()
    assert [first.form, last.form] == ["Update Note", "Update Note"]
    assert last.document["object"] == create.document["object"]
    kept = await scene.node.store.read(activities.of_post, mine.id)
    assert [one.uri for one in kept] == [create.document["id"], last.document["id"]]


async def test_the_post_of_nobody_is_not_told(scene: Scene, ada: Actor) -> None:
    mine = await scene.write(ada, "Sandbags")
    view = await scene.node.store.read(views.post_view, SYSTEM, mine.id)
    assert view is not None
    orphan = msgspec.structs.replace(view, post=msgspec.structs.replace(view.post, author_id=ActorId(1)))
    with pytest.raises(NotFound):
        await restate.prepare(scene.node, orphan, scene.node.clock.now())
