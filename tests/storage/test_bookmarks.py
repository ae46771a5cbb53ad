"""Bookmarks, pins and muted threads."""

from storage import bookmarks, timelines, views, visible
from storage.engine import Store
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people, written


async def test_a_bookmark_is_kept_once(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada)
    assert await store.write(bookmarks.add, 7, ada, post.id)
    assert not await store.write(bookmarks.add, 8, ada, post.id)
    kept = await store.read(timelines.bookmarks, visible.person(ada), ada, Page())
    assert [(row_id, int(entry_id)) for row_id, entry_id in kept] == [(7, post.id)]
    assert await store.write(bookmarks.remove, ada, post.id)
    assert not await store.write(bookmarks.remove, ada, post.id)


async def test_pins_are_counted(store: Store) -> None:
    ada = await people.add(store, "ada")
    one, two = [await written.add(store, ada) for _ in range(2)]
    assert await store.write(bookmarks.pin, 7, ada, one.id)
    assert not await store.write(bookmarks.pin, 8, ada, one.id)
    await store.write(bookmarks.pin, 9, ada, two.id)
    assert await store.read(bookmarks.pinned_count, SYSTEM, ada) == 2
    assert await store.write(bookmarks.unpin, ada, one.id)
    assert not await store.write(bookmarks.unpin, ada, one.id)
    assert await store.read(bookmarks.pinned_count, SYSTEM, ada) == 1


async def test_a_thread_is_muted_by_one_person(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    root = await written.add(store, bea)
    assert await store.write(bookmarks.mute_thread, ada, root.id)
    assert not await store.write(bookmarks.mute_thread, ada, root.id)
    for who, muted in ((ada, True), (bea, False)):
        view = await store.read(views.post_view, visible.person(who), root.id)
        assert view is not None
        assert view.muted is muted
    assert await store.write(bookmarks.unmute_thread, ada, root.id)
    assert not await store.write(bookmarks.unmute_thread, ada, root.id)
