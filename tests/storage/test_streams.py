"""In whose timelines a change stands: what a page shows and what is streamed agree."""

from storage import entries, notifications, posts, streams, tags, visible
from storage.engine import Change, Store
from storage.ids import ActorId, EntryId, PostId
from storage.notifications import NewNotification
from tests.storage import people, written
from tests.storage.people import NOON


async def _near(store: Store, change: Change, *who: ActorId) -> set[int]:
    return await store.read(streams.near_homes, change, who)


async def test_an_entry_comes_near_the_homes_of_those_who_follow_its_maker_or_a_tag(store: Store) -> None:
    ada, bea, cat, dan = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan")]
    await people.follow(store, bea, ada)
    await store.write(tags.follow, people.new_id(), cat, "gullies")
    post = await written.add(store, ada, tags=(("gullies", "Gullies"),))
    everybody = (ada, bea, cat, dan)
    assert await _near(store, Change("entry", post.id), *everybody) == {ada, bea, cat}
    assert await _near(store, Change("edit", post.id), *everybody) == {ada, bea, cat}
    assert await _near(store, Change("entry", post.id), dan) == set()
    assert await _near(store, Change("entry", 1), *everybody) == set()


async def test_home_is_asked_of_single_entries(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, bea, ada)
    post = await written.add(store, cat)
    boost = await written.pass_on(store, ada, post.id)
    viewer = visible.person(bea)
    found = await store.read(streams.entries_at_home, viewer, [EntryId(post.id), boost], NOON)
    assert found == [boost]
    assert await store.read(streams.is_at_home, viewer, post.id, NOON)
    assert not await store.read(streams.is_at_home, visible.person(cat), PostId(boost), NOON)


async def test_public_and_tagged_are_asked_of_single_posts(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    open_post = await written.add(store, ada, tags=(("gullies", "Gullies"),))
    private = await written.add(store, ada, audience="followers", tags=(("gullies", "Gullies"),))
    viewer = visible.person(bea)
    for asked in (streams.is_public, streams.is_tagged):
        assert await store.read(asked, viewer, open_post.id, NOON)
        assert not await store.read(asked, viewer, private.id, NOON)


async def _heard(store: Store) -> list[Change]:
    heard: list[Change] = []
    store.on_change = heard.append
    return heard


async def test_what_is_added_edited_and_removed_is_told_after_the_commit(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    heard = await _heard(store)
    post = await written.add(store, ada, tags=(("gullies", "Gullies"),))
    boost = await written.pass_on(store, bea, post.id)
    await store.write(entries.remove, bea, post.id)
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert heard == [
        Change("entry", post.id),
        Change("entry", boost),
        Change("removal", boost),
        Change("removal", post.id, tags=frozenset({"gullies"})),
    ]


async def test_what_was_for_few_is_gone_for_those_few(store: Store) -> None:
    ada, bea, cat, dan = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan")]
    floods = await people.add(store, "floods", kind="Group")
    await people.follow(store, bea, ada)
    await people.follow(store, dan, floods)
    told: dict[str, frozenset[int] | None] = {}
    heard = await _heard(store)
    for audience in ("followers", "direct", "members"):
        community = floods if audience == "members" else None
        mentions = ((cat, True),) if audience == "direct" else ()
        post = await written.add(store, ada, audience=audience, community_id=community, mentions=mentions)
        await store.write(posts.remove, post.id, NOON, ada, "")
        told[audience] = heard[-1].readers
    assert told == {
        "followers": frozenset({ada, bea}),
        "direct": frozenset({ada, cat}),
        "members": frozenset({ada, dan}),
    }


async def test_only_who_is_told_hears_of_a_notification(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    heard = await _heard(store)
    new = NewNotification(
        id=people.new_id(),  # type: ignore[arg-type]
        actor_id=ada,
        type="follow",
        by_actor=bea,
        post_id=None,
        target_id=None,
        created_at=NOON,
    )
    await store.write(notifications.add, new)
    await store.write(notifications.add, new)
    assert heard == [Change("notification", new.id, frozenset({ada}))]
