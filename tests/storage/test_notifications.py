"""What people are told."""

from datetime import timedelta

from storage import blocks, bookmarks, markers, notifications, peers, posts, visible
from storage.engine import Store
from storage.ids import ActorId, NotificationId, PostId
from storage.notifications import NewNotification
from storage.pages import Page
from tests.storage import people, written
from tests.storage.people import NOON

TYPES = ("mention", "like", "follow", "follow_request")


async def _tell(store: Store, me: ActorId, kind: str, by: ActorId, **about: int) -> NotificationId | None:
    new = NewNotification(
        id=NotificationId(people.new_id()),
        actor_id=me,
        type=kind,
        by_actor=by,
        post_id=PostId(about["post"]) if "post" in about else None,
        target_id=ActorId(about["target"]) if "target" in about else None,
        created_at=NOON,
    )
    return new.id if await store.write(notifications.add, new) else None


async def test_one_is_told_each_thing_once(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    floods = await people.add(store, "floods", kind="Group")
    post = await written.add(store, ada)
    assert await _tell(store, ada, "like", bea, post=post.id)
    assert not await _tell(store, ada, "like", bea, post=post.id)
    assert await _tell(store, ada, "mention", bea, post=post.id)
    assert await _tell(store, ada, "follow_request", bea)
    assert not await _tell(store, ada, "follow_request", bea)
    assert await _tell(store, ada, "follow_request", bea, target=floods)


async def test_a_page_is_of_some_kinds_or_of_one_actor(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    viewer = visible.person(ada)
    first = await _tell(store, ada, "follow", bea)
    second = await _tell(store, ada, "follow_request", cat)
    third = await _tell(store, ada, "follow", cat)
    await _tell(store, bea, "follow", ada)

    async def page(page: Page = Page(), types: tuple[str, ...] = TYPES, **given: int) -> list[int]:  # noqa: B008
        rows = await store.read(notifications.page, viewer, ada, page, types=types, **given)
        return [row.id for row in rows]

    assert await page() == [third, second, first]
    assert await page(Page(limit=1, min_id=1)) == [first]
    assert await page(types=("follow",)) == [third, first]
    assert await page(by_actor=cat) == [third, second]


async def test_what_one_may_not_see_any_more_is_not_told(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", "york.example")
    viewer = visible.person(ada)
    reply = await written.add(store, dan, host="york.example", audience="direct", mentions=((ada, True),))
    told = await _tell(store, ada, "mention", dan, post=reply.id)
    followed = await _tell(store, ada, "follow", dan)
    assert told is not None
    assert await store.read(notifications.find, viewer, told) is not None
    assert await store.read(notifications.unread_count, viewer, ada, limit=10) == 2
    await store.write(posts.remove, reply.id, NOON, dan, "")
    assert await store.read(notifications.find, viewer, told) is None
    rows = await store.read(notifications.page, viewer, ada, Page(), types=TYPES)
    assert [row.id for row in rows] == [followed]
    await store.write(peers.met, "york.example", NOON)
    await store.write(peers.hide, "york.example", NOON)
    assert await store.read(notifications.page, viewer, ada, Page(), types=TYPES) == []
    assert await store.read(notifications.unread_count, viewer, ada, limit=10) == 0


async def test_unread_is_what_is_newer_than_the_marker_up_to_a_limit(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    viewer = visible.person(ada)
    first = await _tell(store, ada, "follow", bea)
    await _tell(store, ada, "follow", cat)
    assert first is not None
    assert await store.read(notifications.unread_count, viewer, ada, limit=10) == 2
    assert await store.read(notifications.unread_count, viewer, ada, limit=1) == 1
    await store.write(markers.put, ada, "home", first + 10, NOON)
    await store.write(markers.put, ada, "notifications", first, NOON)
    assert await store.read(notifications.unread_count, viewer, ada, limit=10) == 1


async def test_one_removes_only_what_one_was_told_oneself(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    told = await _tell(store, ada, "follow", bea)
    await _tell(store, ada, "follow_request", bea)
    assert told is not None
    assert await store.read(notifications.find, visible.person(bea), told) is None
    assert not await store.write(notifications.dismiss, bea, told)
    await store.write(notifications.clear, bea)
    assert await store.write(notifications.dismiss, ada, told)
    assert await store.read(notifications.unread_count, visible.person(ada), ada, limit=10) == 1
    await store.write(notifications.clear, ada)
    assert await store.read(notifications.unread_count, visible.person(ada), ada, limit=10) == 0


async def test_nobody_is_told_of_whom_they_block_or_mute(store: Store) -> None:
    ada, bea, cat, dan, eve = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan", "eve")]
    await store.write(blocks.block, 1, ada, bea, None)
    await store.write(blocks.mute, 1, ada, cat, notifications=True, until=NOON + timedelta(hours=1))
    await store.write(blocks.mute, 2, ada, dan, notifications=False, until=None)
    await store.write(blocks.mute, 3, ada, eve, notifications=True, until=NOON)
    assert not await _tell(store, ada, "follow", bea)
    assert not await _tell(store, ada, "follow", cat)
    assert await _tell(store, ada, "follow", dan)
    assert await _tell(store, ada, "follow", eve)
    assert await _tell(store, bea, "follow", ada)


async def test_nobody_is_told_of_a_thread_that_they_muted(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post = await written.add(store, ada)
    await store.write(bookmarks.mute_thread, ada, post.root_id)
    assert not await _tell(store, ada, "like", bea, post=post.id)
    assert await _tell(store, ada, "follow", bea)


async def test_a_request_that_was_decided_is_shown_to_nobody_any_more(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    for told in (ada, bea):
        await _tell(store, told, "follow_request", cat, target=floods)
    kept = [await _tell(store, ada, "follow_request", cat), await _tell(store, ada, "follow", cat)]
    await store.write(notifications.settle_request, cat, floods)

    async def shown(me: ActorId) -> list[int]:
        rows = await store.read(notifications.page, visible.person(me), me, Page(), types=TYPES)
        return [row.id for row in rows]

    assert (await shown(ada), await shown(bea)) == (kept[::-1], [])
    await store.write(notifications.settle_request, cat, ada)
    assert await shown(ada) == kept[1:]
