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


async def test_what_answers_a_post_for_members_elsewhere_stays_outside_its_thread(store: Store) -> None:
    floods, ada = await people.add(store, "floods", kind="Group"), await people.add(store, "ada")
    closed = written.new_post(ada, audience="members", community_id=floods)
    early = await written.add(store, ada, in_reply_to=closed.uri)
    among = await written.add(store, ada, in_reply_to=closed.uri, audience="members", community_id=floods)
    assert await store.write(posts.add, closed)
    late = await written.add(store, ada, in_reply_to=closed.uri)
    held = [await store.read(posts.find, SYSTEM, one.id) for one in (early, among, late, closed)]
    assert [one and one.parent_id for one in held] == [None, closed.id, None, None]
    assert [one and one.community_id for one in held] == [None, floods, None, floods]
    assert held[3] is not None
    assert held[3].replies_count == 1


async def test_a_reply_for_members_is_not_counted_where_everybody_reads(store: Store) -> None:
    floods, ada = await people.add(store, "floods", kind="Group"), await people.add(store, "ada")
    root = await written.add(store, ada, community_id=floods)
    await written.answer(store, ada, root, audience="members")
    await written.answer(store, ada, root)
    held = await store.read(posts.find, SYSTEM, root.id)
    assert held is not None
    assert held.replies_count == 1


async def test_what_hangs_on_a_locked_post_is_locked_and_what_stands_beside_it_is_not(store: Store) -> None:
    ada = await people.add(store, "ada")
    root = await written.add(store, ada)
    one, two = await written.answer(store, ada, root), await written.answer(store, ada, root)
    below = await written.answer(store, ada, one)
    await store.write(posts.set_locked, one.id, locked=True)
    locked = [await store.read(threads.is_locked, post.id) for post in (root, one, below, two)]
    assert locked == [False, True, True, False]
