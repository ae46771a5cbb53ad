"""Announces and boosts: one for each actor and post, counted as they come and go."""

from datetime import UTC, datetime

from storage import actors, entries, posts
from storage.engine import Store
from storage.ids import ActorId, EntryId, PostId, at
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON


async def _counts(store: Store, actor_id: ActorId, post_id: PostId) -> tuple[int, int]:
    actor = await store.read(actors.find, SYSTEM, actor_id)
    post = await store.read(posts.find, SYSTEM, post_id)
    assert actor is not None
    assert post is not None
    return actor.posts_count, post.boosts_count


async def test_a_boost_counts_once_and_comes_off_again(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post = await written.add(store, ada)
    boost = await written.pass_on(store, bea, post.id, uri="https://kent.example/b/1")
    again = await store.write(
        entries.add,
        EntryId(people.new_id()),
        by_actor=bea,
        post_id=post.id,
        kind="boost",
        uri=None,
        audience="public",
    )
    assert not again
    assert await _counts(store, bea, post.id) == (1, 1)
    found = await store.read(entries.find, bea, post.id)
    assert found == await store.read(entries.find_by_uri, "https://kent.example/b/1")
    assert found is not None
    assert found.id == boost
    assert await store.write(entries.remove, bea, post.id) == found
    assert await store.write(entries.remove, bea, post.id) is None
    assert await _counts(store, bea, post.id) == (0, 0)


async def test_an_announce_counts_for_its_community_only(store: Store) -> None:
    post = await written.add(store, await people.add(store, "ada"))
    floods = await people.add(store, "floods", kind="Group")
    moment = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    await written.pass_on(store, floods, post.id, kind="announce", entry_id=at(moment))
    assert await _counts(store, floods, post.id) == (1, 0)
    actor = await store.read(actors.find, SYSTEM, floods)
    assert actor is not None
    assert actor.last_post_at == moment
    older = await written.add(store, floods, published_at=NOON)
    assert (await store.read(actors.find, SYSTEM, floods)).last_post_at == moment  # type: ignore[union-attr]
    await store.write(posts.remove, older.id, NOON, None, "")
    await store.write(entries.remove, floods, post.id)
    assert await _counts(store, floods, post.id) == (0, 0)


async def test_an_authors_own_entry_cannot_be_taken_away(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada)
    assert await store.write(entries.remove, ada, post.id) is None
    found = await store.read(entries.find_by_id, SYSTEM, EntryId(post.id))
    assert found is not None
    assert (found.kind, found.by_actor, found.post_id) == ("post", ada, post.id)


async def test_direct_posts_do_not_count(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada, audience="direct")
    assert await _counts(store, ada, post.id) == (0, 0)
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert await _counts(store, ada, post.id) == (0, 0)


async def test_who_boosted_comes_latest_first(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    post = await written.add(store, ada)
    await written.pass_on(store, floods, post.id, kind="announce")
    first, second = [await written.pass_on(store, who, post.id) for who in (bea, cat)]
    rows = await store.read(entries.boosters, SYSTEM, post.id, Page())
    assert [(row_id, actor.id) for row_id, actor in rows] == [(second, cat), (first, bea)]
    rows = await store.read(entries.boosters, SYSTEM, post.id, Page(max_id=second))
    assert [actor.handle for _, actor in rows] == ["bea"]


async def test_what_is_for_members_is_in_no_count_and_tells_no_date(store: Store) -> None:
    floods, ada = await people.add(store, "floods", kind="Group"), await people.add(store, "ada")
    post = await written.add(store, ada, audience="members", community_id=floods)
    await written.pass_on(store, floods, post.id, kind="announce", audience="members")
    for actor_id in (ada, floods):
        actor = await store.read(actors.find, SYSTEM, actor_id)
        assert actor is not None
        assert (actor.posts_count, actor.last_post_at) == (0, None)
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert await _counts(store, ada, post.id) == (0, 0)


async def test_a_boost_that_was_taken_back_is_told_no_more(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post = await written.add(store, ada)
    await written.pass_on(store, bea, post.id)
    assert await written.tell(store, ada, "boost", bea, post.id)
    await store.write(entries.remove, bea, post.id)
    assert await written.tell(store, ada, "boost", bea, post.id)
