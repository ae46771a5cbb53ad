"""Timelines: what comes home and what does not, that the first sighting stays, and that pages join up."""

import random
from datetime import timedelta
from typing import Any

from storage import actors, blocks, bookmarks, likes, peers, posts, tags, timelines, visible
from storage.actors import Actor
from storage.engine import Store
from storage.ids import ActorId, EntryId
from storage.pages import Page
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

PAGE = Page(limit=20)
HOUR = 3_600_000 << 16  # as ids count
YORK = "york.example"


async def _home(store: Store, me: ActorId, page: Page = PAGE) -> list[int]:
    return list(await store.read(timelines.home, visible.person(me), me, page, NOON))


async def _actor(store: Store, actor_id: ActorId) -> Actor:
    found = await store.read(actors.find, SYSTEM, actor_id)
    assert found is not None
    return found


async def _account(store: Store, actor_id: ActorId, **given: Any) -> list[int]:
    actor = await _actor(store, actor_id)
    return list(await store.read(timelines.account, SYSTEM, actor, PAGE, **given))


async def test_home_is_of_those_one_follows_and_of_oneself(store: Store) -> None:
    ada, bea, cat, dan = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan")]
    await people.follow(store, ada, bea)
    await people.follow(store, ada, dan, accepted=False)
    own = await written.add(store, ada)
    followed = await written.add(store, bea)
    others = await written.add(store, cat)
    await written.add(store, dan)
    boost = await written.pass_on(store, bea, others.id)
    assert await _home(store, ada) == [boost, followed.id, own.id]


async def test_a_page_of_home_is_given_ready_to_be_shown(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea)
    post = await written.add(store, await people.add(store, "cat"))
    boost = await written.pass_on(store, bea, post.id)
    found = await store.read(timelines.home_views, visible.person(ada), ada, PAGE, NOON)
    assert [(int(view.entry_id), view.author.handle) for view in found] == [(boost, "cat")]


async def test_who_is_blocked_on_either_side_or_muted_does_not_come_home(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    for target in (bea, floods):
        await people.follow(store, ada, target)
    post = await written.add(store, cat)
    announce = await written.pass_on(store, floods, post.id, kind="announce")
    naming = await written.add(store, bea, mentions=((cat, True),))
    assert await _home(store, ada) == [naming.id, announce]
    await store.write(blocks.block, people.new_id(), ada, cat, None)
    assert await _home(store, ada) == []
    await store.write(blocks.unblock, ada, cat)
    await store.write(blocks.block, people.new_id(), cat, ada, None)
    assert await _home(store, ada) == []
    await store.write(blocks.unblock, cat, ada)
    for until, shown in ((None, []), (NOON + timedelta(1), []), (NOON, [naming.id, announce])):
        await store.write(blocks.mute, people.new_id(), ada, cat, notifications=True, until=until)
        assert await _home(store, ada) == shown


async def test_nothing_comes_home_from_a_muted_follow(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    await written.add(store, bea)
    await written.pass_on(store, bea, (await written.add(store, cat)).id)
    await store.write(blocks.mute, people.new_id(), ada, bea, notifications=True, until=None)
    assert await _home(store, ada) == []


async def test_replies_come_home_only_between_people_one_follows(store: Store) -> None:
    ada, bea, cat, dan = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan")]
    for target in (bea, dan):
        await people.follow(store, ada, target)
    own, followed, strange = [await written.add(store, author) for author in (ada, dan, cat)]
    to_me = await written.answer(store, bea, own)
    to_followed = await written.answer(store, bea, followed)
    to_itself = await written.answer(store, bea, to_followed)
    await written.answer(store, bea, strange)
    await written.add(store, bea, in_reply_to="https://york.example/posts/never-held")
    mine = await written.answer(store, ada, strange)
    ids = [mine.id, to_itself.id, to_followed.id, to_me.id, followed.id, own.id]
    assert await _home(store, ada) == ids
    announced = await written.pass_on(store, dan, (await written.answer(store, cat, strange)).id)
    assert await _home(store, ada) == [announced, *ids]


async def test_boosts_of_ones_own_posts_and_of_follows_without_boosts_stay_away(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    await people.follow(store, ada, cat, reblogs=False)
    own = await written.add(store, ada)
    await written.pass_on(store, bea, own.id)
    other = await written.add(store, await people.add(store, "dan"))
    await written.pass_on(store, cat, other.id)
    assert await _home(store, ada) == [own.id]
    boost = await written.pass_on(store, bea, other.id)
    mine = await written.pass_on(store, ada, (await written.add(store, bea)).id)
    # What bea wrote was seen before ada boosted it.
    assert await _home(store, ada) == [mine - 1, boost, own.id]


async def test_a_followed_tag_brings_public_posts_of_anybody(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, cat)
    tagged = await written.add(store, bea, tags=(("roads", "Roads"),))
    await written.add(store, bea, tags=(("roads", "Roads"),), audience="unlisted")
    await written.add(store, bea, tags=(("floods", "Floods"),))
    assert await _home(store, ada) == []
    await store.write(tags.follow, people.new_id(), ada, "roads")
    assert await _home(store, ada) == [tagged.id]
    await written.pass_on(store, cat, tagged.id)
    assert await _home(store, ada) == [tagged.id]
    await store.write(blocks.block, people.new_id(), ada, bea, None)
    assert await _home(store, ada) == []


async def test_the_first_sighting_of_a_post_stays(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    for target in (bea, floods):
        await people.follow(store, ada, target)
    post = await written.add(store, cat, post_id=100 * HOUR)
    first = await written.pass_on(store, floods, post.id, kind="announce", entry_id=101 * HOUR)
    again = await written.pass_on(store, bea, post.id, entry_id=140 * HOUR)
    assert await _home(store, ada) == [first]
    assert await _home(store, ada, Page(since_id=first)) == []
    assert await _home(store, ada, Page(min_id=first)) == []
    await people.follow(store, ada, cat)
    assert await _home(store, ada) == [post.id]
    assert again > first


async def test_a_post_may_come_again_after_two_days_and_sixty_rows(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    for target in (bea, cat):
        await people.follow(store, ada, target)
    post = await written.add(store, bea, post_id=100 * HOUR)
    for n in range(59):
        await written.add(store, bea, post_id=101 * HOUR + n)
    again = await written.pass_on(store, cat, post.id, entry_id=149 * HOUR)
    top = Page(limit=1)
    assert await _home(store, ada, top) == [101 * HOUR + 58]
    await written.add(store, bea, post_id=102 * HOUR)
    assert await _home(store, ada, top) == [again]


async def test_a_hidden_first_sighting_is_none(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea, reblogs=False)
    await people.follow(store, ada, cat)
    post = await written.add(store, await people.add(store, "dan"))
    await written.pass_on(store, bea, post.id)
    boost = await written.pass_on(store, cat, post.id)
    assert await _home(store, ada) == [boost]


async def test_home_goes_on_below_rows_that_drop_but_not_for_ever(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    strange = await written.add(store, cat)
    deep = await written.add(store, bea)
    for _ in range(17):
        await written.answer(store, bea, strange)
    page = Page(limit=2)
    assert await _home(store, ada, page) == [deep.id]
    await written.answer(store, bea, strange)
    assert await _home(store, ada, page) == []


async def test_pages_of_home_join_up_in_both_directions(store: Store) -> None:
    rng = random.Random(4)
    ada = await people.add(store, "ada")
    others = [await people.add(store, f"p{n}") for n in range(6)]
    for other in others[:4]:
        await people.follow(store, ada, other)
    held = [await written.add(store, rng.choice(others)) for _ in range(20)]
    for _ in range(60):
        if rng.random() < 0.5:
            held.append(await written.answer(store, rng.choice(others), rng.choice(held)))
        else:
            added = rng.choice(held)
            booster = await people.add(store, f"b{people.new_id()}")
            await people.follow(store, ada, booster)
            await written.pass_on(store, booster, added.id)
    whole = await _home(store, ada, Page(limit=200))
    assert len(whole) > 20
    down: list[int] = []
    while some := await _home(store, ada, Page(limit=7, max_id=down[-1] if down else None)):
        down += some
    up: list[int] = []
    while some := await _home(store, ada, Page(limit=7, min_id=up[0] if up else 1)):
        up = some + up
    assert whole == down == up


async def test_public_shows_top_posts_and_self_replies_of_everybody(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    here = await written.add(store, ada, media=(written.new_file(ada),))
    there = await written.add(store, dan, host=YORK)
    await written.add(store, ada, audience="unlisted")
    gone = await written.add(store, ada)
    await store.write(posts.remove, gone.id, NOON, ada, "")
    await written.answer(store, dan, here, host=YORK)
    own = await written.answer(store, ada, here)
    await written.pass_on(store, dan, here.id)

    async def public(viewer: visible.Viewer = STRANGER, **given: bool) -> list[int]:
        return list(await store.read(timelines.public, viewer, PAGE, NOON, **given))

    assert await public() == [own.id, there.id, here.id]
    assert await public(local=True) == [own.id, here.id]
    assert await public(remote=True) == [there.id]
    assert await public(only_media=True) == [here.id]
    await store.write(blocks.mute, people.new_id(), ada, dan, notifications=True, until=None)
    assert await public(visible.person(ada)) == [own.id, here.id]


async def test_a_tag_timeline_combines_tags(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    a, b, c = ("a", "A"), ("b", "B"), ("c", "C")
    one = await written.add(store, ada, tags=(a,), media=(written.new_file(ada),))
    two = await written.add(store, dan, host=YORK, tags=(a, b))
    three = await written.add(store, ada, tags=(b, c))
    await written.add(store, ada, tags=(a, b, c), audience="unlisted")

    async def tag(any_of: list[str], page: Page = PAGE, **given: Any) -> list[int]:
        found = await store.read(timelines.tag, visible.person(ada), page, NOON, any_of=any_of, **given)
        return list(found)

    assert await tag(["a"]) == [two.id, one.id]
    assert await tag(["a", "b"]) == [three.id, two.id, one.id]
    assert await tag(["a", "b"], Page(limit=2)) == [three.id, two.id]
    assert await tag(["a", "b"], Page(limit=2, min_id=1)) == [two.id, one.id]
    assert await tag(["b"], all_of=["c"]) == [three.id]
    assert await tag(["a", "b"], none_of=["c"]) == [two.id, one.id]
    assert await tag(["a"], local=True) == [one.id]
    assert await tag(["a"], remote=True) == [two.id]
    assert await tag(["a"], only_media=True) == [one.id]
    await store.write(blocks.block, people.new_id(), ada, dan, None)
    assert await tag(["a"]) == [one.id]


async def test_a_persons_timeline_can_leave_out_replies_and_boosts(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    top = await written.add(store, ada, tags=(("roads", "Roads"),), media=(written.new_file(ada),))
    other = await written.add(store, bea, tags=(("roads", "Roads"),), media=(written.new_file(bea),))
    reply = await written.answer(store, ada, other)
    to_self = await written.answer(store, ada, top)
    boost = await written.pass_on(store, ada, other.id)
    assert await _account(store, ada) == [boost, to_self.id, reply.id, top.id]
    assert await _account(store, ada, exclude_replies=True) == [boost, to_self.id, top.id]
    assert await _account(store, ada, exclude_reblogs=True) == [to_self.id, reply.id, top.id]
    assert await _account(store, ada, only_media=True) == [top.id]
    assert await _account(store, ada, tagged="Roads") == [top.id]
    await store.write(blocks.block, people.new_id(), bea, ada, None)
    await store.write(blocks.block, people.new_id(), ada, bea, None)
    cat = await people.add(store, "cat")
    await store.write(blocks.block, people.new_id(), cat, bea, None)
    found = await store.read(timelines.account, visible.person(cat), await _actor(store, ada), PAGE)
    assert list[int](found) == [to_self.id, reply.id, top.id]


async def test_a_communitys_timeline_is_its_announces_whatever_is_left_out(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods = await people.add(store, "floods", kind="Group")
    plain = await written.add(store, ada, community_id=floods)
    full = await written.add(
        store, ada, community_id=floods, tags=(("roads", "Roads"),), media=(written.new_file(ada),)
    )
    reply = await written.answer(store, await people.add(store, "bea"), plain)
    first, second, third = [
        await written.pass_on(store, floods, new.id, kind="announce") for new in (plain, full, reply)
    ]
    assert await _account(store, floods, exclude_reblogs=True) == [third, second, first]
    assert await _account(store, floods, exclude_replies=True) == [second, first]
    assert await _account(store, floods, only_media=True) == [second]
    assert await _account(store, floods, tagged="roads") == [second]
    await store.write(posts.set_pinned, plain.id, NOON)
    await store.write(posts.set_pinned, reply.id, NOON + timedelta(minutes=1))
    assert await _account(store, floods, pinned=True) == [third, first]
    unannounced = await written.add(store, ada, community_id=floods)
    await store.write(posts.set_pinned, unannounced.id, NOON + timedelta(minutes=2))
    assert await _account(store, floods, pinned=True) == [unannounced.id, third, first]


async def test_a_persons_pins_come_latest_first(store: Store) -> None:
    ada = await people.add(store, "ada")
    one, two = [await written.add(store, ada) for _ in range(2)]
    for new in (two, one):
        await store.write(bookmarks.pin, people.new_id(), ada, new.id)
    assert await _account(store, ada, pinned=True) == [one.id, two.id]


async def test_kept_posts_are_paged_by_the_row_that_keeps_them(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    one, two, three = [await written.add(store, dan, host=YORK) for _ in range(3)]
    viewer = visible.person(ada)
    liked: list[tuple[int, EntryId]] = []
    kept: list[tuple[int, EntryId]] = []
    for new in (three, one, two):
        liked.append((people.new_id(), EntryId(new.id)))
        kept.append((people.new_id(), EntryId(new.id)))
        await store.write(likes.add, liked[-1][0], ada, new.id, None)
        await store.write(bookmarks.add, kept[-1][0], ada, new.id)
    page = Page(limit=2)
    assert await store.read(timelines.liked, viewer, ada, page) == [liked[2], liked[1]]
    assert await store.read(timelines.bookmarks, viewer, ada, page) == [kept[2], kept[1]]
    below = Page(limit=2, max_id=kept[1][0])
    assert await store.read(timelines.bookmarks, viewer, ada, below) == [kept[0]]
    await store.write(peers.met, YORK, NOON)
    await store.write(peers.hide, YORK, NOON)
    assert await store.read(timelines.bookmarks, viewer, ada, page) == []
