"""Posts that wait for their time."""

import asyncio
from datetime import timedelta

import pytest

from fedcop.actions import access, own_post, post, schedule
from fedcop.actions.draft import Draft, PollDraft
from fedcop.errors import Invalid, NotFound
from storage import actors, posts, scheduled
from storage.actors import Actor
from storage.ids import RowId
from storage.pages import Page
from storage.scheduled import Scheduled
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.support.clock import NOON

TEN = NOON + timedelta(minutes=10)


async def row_of(scene: Scene, author: Actor, row_id: RowId) -> Scheduled | None:
    return await scene.node.store.read(scheduled.find, author.id, row_id)


async def kept(scene: Scene, author: Actor, draft: Draft) -> Scheduled:
    row = await row_of(scene, author, await schedule.schedule(scene.node, author, draft, TEN))
    assert row is not None
    return row


async def written(scene: Scene, author: Actor) -> int:
    return len(await scene.node.store.read(posts.ids_by_author, SYSTEM, author.id, limit=9))


async def test_a_post_is_kept_as_it_was_written(scene: Scene, ada: Actor) -> None:
    draft = Draft(text="Later", title="About", poll=PollDraft(options=("a", "b"), seconds=300))
    assert schedule.draft_of(await kept(scene, ada, draft)) == draft


async def test_two_workers_publish_it_once(scene: Scene, ada: Actor) -> None:
    row = await kept(scene, ada, Draft(text="Later"))
    await asyncio.gather(schedule.publish(scene.node, row), schedule.publish(scene.node, row))
    assert await written(scene, ada) == 1


async def test_what_was_called_off_a_moment_ago_is_not_published(scene: Scene, ada: Actor) -> None:
    row = await kept(scene, ada, Draft(text="Later"))
    await schedule.cancel(scene.node, ada, row.id)
    await schedule.publish(scene.node, row)
    assert await written(scene, ada) == 0
    with pytest.raises(NotFound):
        await schedule.cancel(scene.node, ada, row.id)
    with pytest.raises(NotFound):
        await schedule.move(scene.node, ada, row.id, TEN)


async def test_why_it_could_not_be_published_is_kept(scene: Scene, ada: Actor, ben: Actor) -> None:
    answered = await post.publish(scene.node, ada, Draft(text="Anybody?"))
    row = await kept(scene, ben, Draft(text="I am", in_reply_to=answered))
    await own_post.delete(scene.node, ada, answered)
    await schedule.publish(scene.node, row)
    held = await row_of(scene, ben, row.id)
    assert held is not None
    assert held.refused_for == "the post that you answer is not there"


async def test_who_was_suspended_publishes_nothing(scene: Scene, ada: Actor) -> None:
    row = await kept(scene, ada, Draft(text="Later"))
    await scene.node.store.write(actors.mark_deleted, ada.id, NOON)
    await schedule.publish(scene.node, row)
    assert await written(scene, ada) == 0
    assert await row_of(scene, ada, row.id) is None


async def test_nobody_keeps_more_than_300(scene: Scene, ada: Actor) -> None:
    async def fill(tx: object) -> None:
        for number in range(1, schedule.MOST + 1):
            await scheduled.add(tx, RowId(number), ada.id, TEN, "{}", most=schedule.MOST)  # type: ignore[arg-type]

    await scene.node.store.write(fill)
    with pytest.raises(Invalid, match="exceeded the limit of 300"):
        await schedule.schedule(scene.node, ada, Draft(text="One more"), TEN)


async def test_a_wish_that_comes_twice_at_once_is_kept_once(scene: Scene, ada: Actor) -> None:
    draft = Draft(text="Later", idempotency=(1, "key"))
    wishes = [schedule.schedule(scene.node, ada, draft, TEN) for _ in range(2)]
    first, second = await asyncio.gather(*wishes)
    assert first == second
    assert len(await scene.node.store.read(scheduled.page, ada.id, Page(limit=9))) == 1


async def test_nothing_is_published_for_who_may_not_use_the_node(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    row = await kept(scene, ada, Draft(text="Later"))
    await access.disable(scene.node, ben, ada)
    await schedule.publish(scene.node, row)
    assert await written(scene, ada) == 0
    held = await row_of(scene, ada, row.id)
    assert held is not None
    assert held.refused_for == "the account was disabled at that time"
