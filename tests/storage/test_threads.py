"""What stands before and after a post."""

from storage import blocks, posts, threads, visible
from storage.engine import Store
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON


async def test_a_thread_is_told_root_first_and_branch_by_branch(store: Store) -> None:
    ada = await people.add(store, "ada")
    root = await written.add(store, ada)
    one = await written.answer(store, ada, root)
    two = await written.answer(store, ada, root)
    below_one = await written.answer(store, ada, one)
    deep = await written.answer(store, ada, below_one)
    also_below_one = await written.answer(store, ada, one)
    assert await store.read(threads.ancestors, SYSTEM, deep.id) == [root.id, one.id, below_one.id]
    assert await store.read(threads.ancestors, SYSTEM, root.id) == []
    assert await store.read(threads.descendants, SYSTEM, root.id) == [
        one.id,
        below_one.id,
        deep.id,
        also_below_one.id,
        two.id,
    ]
    assert await store.read(threads.descendants, SYSTEM, below_one.id) == [deep.id]


async def test_a_thread_does_not_end_at_what_is_hidden_or_gone(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    root = await written.add(store, ada)
    gone = await written.answer(store, ada, root)
    private = await written.answer(store, ada, gone, audience="direct")
    blocked = await written.answer(store, bea, private)
    last = await written.answer(store, cat, blocked)
    await store.write(posts.remove, gone.id, NOON, ada, "")
    await store.write(blocks.block, people.new_id(), cat, bea, None)
    assert await store.read(threads.ancestors, STRANGER, last.id) == [root.id, blocked.id]
    assert await store.read(threads.descendants, STRANGER, root.id) == [blocked.id, last.id]
    assert await store.read(threads.ancestors, visible.person(cat), last.id) == [root.id]
    assert await store.read(threads.descendants, visible.person(cat), root.id) == [last.id]
    assert await store.read(threads.ancestors, visible.person(ada), last.id) == [
        root.id,
        private.id,
        blocked.id,
    ]


async def test_a_thread_and_the_replies_to_a_post_are_listed_by_their_ids_as_far_as_one_may_see(
    store: Store,
) -> None:
    ada = await people.add(store, "ada")
    root = await written.add(store, ada)
    one = await written.answer(store, ada, root)
    deep = await written.answer(store, ada, one)
    direct = await written.answer(store, ada, root, audience="direct")
    gone = await written.answer(store, ada, root)
    await store.write(posts.remove, gone.id, NOON, ada, "")
    await written.add(store, ada)
    assert await store.read(threads.uris, STRANGER, root.id) == [root.uri, one.uri, deep.uri]
    assert await store.read(threads.uris, SYSTEM, root.id) == [root.uri, one.uri, deep.uri, direct.uri]
    assert await store.read(threads.reply_uris, STRANGER, root.id) == [one.uri]
    assert await store.read(threads.reply_uris, SYSTEM, root.id) == [one.uri, direct.uri]
    assert await store.read(threads.reply_uris, STRANGER, deep.id) == []
