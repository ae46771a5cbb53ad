"""Posts with all that showing them needs."""

from storage import actors, bookmarks, entries, likes, peers, posts, views, visible
from storage.engine import Store
from storage.ids import PostId, time_of
from storage.visible import STRANGER
from tests.storage import people, written
from tests.storage.people import NOON

YORK = "york.example"


async def test_a_view_holds_all_that_showing_a_post_needs(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea", YORK)
    floods = await people.add(store, "floods", kind="Group")
    root = await written.add(store, bea, host=YORK, community_id=floods)
    one, two = written.new_file(ada, description="a bridge"), written.new_file(ada)
    reply = await written.answer(
        store,
        ada,
        root,
        mentions=((bea, True), (floods, False)),
        tags=(("roads", "Roads"),),
        media=(two, one),
    )
    view = await store.read(views.post_view, visible.person(ada), reply.id)
    assert view is not None
    assert (int(view.entry_id), view.wrapper, view.post.content) == (reply.id, None, reply.content)
    assert view.community is not None
    assert (view.author.id, view.community.id, view.parent_author_id) == (ada, floods, bea)
    assert {(one.actor_id, one.named, one.handle, one.domain) for one in view.mentions} == {
        (bea, True, "bea", YORK),
        (floods, False, "floods", people.HOME),
    }
    assert [(tag.tag, tag.name) for tag in view.tags] == [("roads", "Roads")]
    assert [(file.id, file.description) for file in view.media] == [(two.id, ""), (one.id, "a bridge")]
    top = await store.read(views.post_view, STRANGER, root.id)
    assert top is not None
    assert (top.parent_author_id, top.mentions, top.tags, top.media) == (None, (), (), ())


async def test_marks_are_the_viewers_own(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    root = await written.add(store, bea)
    reply = await written.answer(store, bea, root)
    marks = (
        ("liked", likes.add, (people.new_id(), ada, reply.id, None)),
        ("bookmarked", bookmarks.add, (people.new_id(), ada, reply.id)),
        ("muted", bookmarks.mute_thread, (ada, root.id)),
        ("pinned", bookmarks.pin, (people.new_id(), bea, reply.id)),
    )
    names = [name for name, _, _ in marks]
    for name, mark, args in marks:
        before = await store.read(views.post_view, visible.person(ada), reply.id)
        assert not getattr(before, name)
        await store.write(mark, *args)
    after = await store.read(views.post_view, visible.person(ada), reply.id)
    assert [getattr(after, name) for name in names] == [True] * 4
    assert after is not None
    assert not after.boosted
    await written.pass_on(store, ada, reply.id)
    boosted = await store.read(views.post_view, visible.person(ada), reply.id)
    assert boosted is not None
    assert boosted.boosted
    theirs = await store.read(views.post_view, visible.person(bea), reply.id)
    assert [getattr(theirs, name) for name in names] == [False, False, False, True]


async def test_views_come_in_the_order_asked_for_each_wrapper_with_its_maker(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    floods = await people.add(store, "floods", kind="Group")
    post = await written.add(store, ada)
    announce = await written.pass_on(store, floods, post.id, kind="announce", uri="https://kent.example/a/1")
    boost = await written.pass_on(store, bea, post.id)
    found = await store.read(views.views, STRANGER, [post.id, boost, announce, 7])
    assert [view.entry_id for view in found] == [post.id, boost, announce]
    assert [view.wrapper and view.wrapper.by.id for view in found] == [None, bea, floods]
    wrapper = found[2].wrapper
    assert wrapper is not None
    assert (wrapper.id, wrapper.kind, wrapper.uri, wrapper.at) == (
        announce,
        "announce",
        "https://kent.example/a/1",
        time_of(announce),
    )


async def test_what_may_not_be_seen_has_no_view(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    private = await written.add(store, ada, audience="direct")
    gone = await written.add(store, ada)
    await store.write(posts.remove, gone.id, NOON, ada, "")
    post = await written.add(store, ada)
    narrow = await written.pass_on(store, dan, post.id, audience="followers")
    assert await store.read(views.views, STRANGER, [private.id, gone.id, narrow]) == []
    assert await store.read(views.post_view, STRANGER, PostId(5)) is None


async def test_a_boost_by_somebody_hidden_has_no_view(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    post = await written.add(store, ada, mentions=((dan, True),))
    boost = await written.pass_on(store, dan, post.id)
    await store.write(peers.met, YORK, NOON)
    await store.write(peers.hide, YORK, NOON)
    found = await store.read(views.views, visible.person(ada), [post.id, boost])
    assert [int(view.entry_id) for view in found] == [post.id]
    assert found[0].mentions == ()
    assert await store.read(entries.find_by_id, visible.person(ada), boost) is None
    assert await store.read(actors.find, visible.person(ada), dan) is None
