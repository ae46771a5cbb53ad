"""What goes with a removal, and with what is put back."""

from datetime import timedelta

import pytest

from fedcop.actions import leave, moderate, post, removal, upload
from fedcop.actions.draft import Draft
from fedcop.errors import NotFound, NotPermitted
from fedcop.workers import upkeep
from storage import activities, media
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.support.pictures import png


async def test_the_authors_own_word_goes_only_to_whom_the_community_does_not_tell(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    # One who follows the author, at a node that understands communities and has nobody in this one.
    await scene.joined(await scene.remote("fay", "devon.example"), ben)
    thread = await scene.write(ben, "@roads Buy my grit")
    await scene.sent()
    await scene.delivered()
    await moderate.remove_post(scene.node, ada, thread.id)
    assert await scene.forms() == [
        ("https://devon.example/inbox", "Delete"),
        ("https://lemmy.example/inbox", "Announce Delete"),
    ]


async def test_what_its_own_author_removed_as_a_facilitator_is_final(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    thread = await scene.write(ada, "@roads Grit")
    await moderate.remove_post(scene.node, ada, thread.id)
    with pytest.raises(NotFound):
        await moderate.restore_post(scene.node, ada, thread.id)


async def test_a_removed_post_comes_back_as_it_was(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    picture = await upload.take(scene.node, ben, png(), description="Grit")
    thread = await scene.write(ben, "Grit\n\n@roads Old #winter", media=(picture.id,))
    await post.edit(scene.node, ben, thread.id, Draft(text="Grit\n\n@roads New #winter"))
    before = await scene.held(thread.id)
    await moderate.remove_post(scene.node, ada, thread.id)
    assert await scene.node.store.read(media.of_post, SYSTEM, thread.id) == []
    await moderate.restore_post(scene.node, ada, thread.id)
    after = await scene.held(thread.id)
    assert "New" in after.content
    for name in ("title", "source", "language", "community_id", "audience", "root_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert [one.id for one in await scene.node.store.read(media.of_post, SYSTEM, thread.id)] == [picture.id]
    assert await scene.rows("SELECT tag FROM post_tags WHERE post_id = :id", id=thread.id) == ["winter"]
    with pytest.raises(NotFound):
        await moderate.restore_post(scene.node, ada, thread.id)


async def test_the_outbox_lists_what_was_put_back_once_by_its_new_announce(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    thread = await scene.write(ben, "@roads Grit")
    (before,) = await scene.node.store.read(activities.outbox_of_community, SYSTEM, roads.id, 9)
    await moderate.remove_post(scene.node, ada, thread.id)
    assert await scene.node.store.read(activities.outbox_of_community, SYSTEM, roads.id, 9) == []
    await moderate.restore_post(scene.node, ada, thread.id)
    (after,) = await scene.node.store.read(activities.outbox_of_community, SYSTEM, roads.id, 9)
    assert (after.uri, after.body) == (before.uri, before.body)
    assert after.plain_by not in (None, before.plain_by)


async def test_only_who_facilitates_puts_back(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    thread = await scene.write(ben, "@roads Grit")
    await moderate.remove_post(scene.node, ada, thread.id)
    with pytest.raises(NotPermitted):
        await moderate.restore_post(scene.node, ben, thread.id)
    assert (await scene.held(thread.id)).content == ""


async def test_after_thirty_days_nobody_has_the_text_any_more(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    thread = await scene.write(ben, "@roads Grit")
    await moderate.remove_post(scene.node, ada, thread.id)
    scene.node.clock.move(removal.KEPT_FOR + timedelta(seconds=1))  # type: ignore[attr-defined]
    await upkeep.work(scene.node)
    assert await scene.rows("SELECT uri FROM withheld") == []
    with pytest.raises(NotFound):
        await moderate.restore_post(scene.node, ada, thread.id)


async def test_who_leaves_takes_the_text_along(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    thread = await scene.write(ben, "@roads Grit")
    await moderate.remove_post(scene.node, ada, thread.id)
    await leave.delete_person(scene.node, "ben", by="ada")
    assert await scene.rows("SELECT uri FROM withheld") == []
    with pytest.raises(NotFound):
        await moderate.restore_post(scene.node, ada, thread.id)


async def test_all_that_somebody_said_goes_a_few_at_a_time(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor, bids: Actor
) -> None:
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), roads)
    for number in range(removal.AT_ONCE + 2):
        await scene.write(ben, f"@roads Grit {number}")
    other = await scene.write(ben, "Elsewhere")
    await scene.sent()
    await scene.delivered()
    done = await removal.remove_all(scene.node, ben, roads, ada.id, "Spam")
    assert done == removal.AT_ONCE + 2
    forms = [form for _, form in await scene.forms()]
    assert forms.count("Undo Announce") == forms.count("Delete") == done
    assert (await scene.held(other.id)).removed_at is None
