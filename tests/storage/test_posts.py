"""Posts: stored once, edited by newer texts only, removed for good; and the counts that go with them."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import actors, bookmarks, entries, likes, media, posts, tombstones, visible
from storage.engine import Reader, Store, Transaction
from storage.ids import ActorId, EntryId, PostId
from storage.posts import NewPost, Post
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import HOME, NOON

LATER = NOON + timedelta(hours=1)
YORK = "york.example"


async def _post(store: Store, post_id: int) -> Post:
    found = await store.read(posts.find, SYSTEM, PostId(post_id))
    assert found is not None
    return found


async def _edit(store: Store, post_id: PostId, content: str, at: timedelta, **given: Any) -> bool:
    values: dict[str, Any] = {
        "title": "",
        "source": "",
        "summary": "",
        "sensitive": False,
        "language": "cy",
        "tags": (),
        **given,
    }
    return await store.write(
        posts.edit, post_id, content=content, edited_at=NOON + at, revision_id=people.new_id(), **values
    )


async def test_a_post_is_stored_as_it_came(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    new = written.new_post(ada, title="Sandbags", language="en", locked=True, mentions=((bea, False),))
    assert await store.write(posts.add, new)
    found = await _post(store, new.id)
    for name in set(NewPost.__struct_fields__) & set(Post.__struct_fields__):
        assert getattr(found, name) == getattr(new, name), name
    author = await store.read(actors.find, SYSTEM, ada)
    assert author is not None
    assert (author.posts_count, author.last_post_at) == (1, NOON)


async def test_an_id_that_is_held_is_not_stored_again(store: Store) -> None:
    ada = await people.add(store, "ada")
    new = await written.add(store, ada)
    again = written.new_post(ada, uri=new.uri, content="other")
    assert not await store.write(posts.add, again)
    assert (await _post(store, new.id)).content == new.content
    author = await store.read(actors.find, SYSTEM, ada)
    assert author is not None
    assert author.posts_count == 1


async def test_a_reply_that_came_first_is_adopted_with_all_below_it(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods = await people.add(store, "floods", kind="Group")
    root = written.new_post(ada, community_id=floods)
    early = await written.add(store, ada, in_reply_to=root.uri)
    below = await written.answer(store, ada, early)
    private = await written.answer(store, ada, early, audience="followers")
    assert (await _post(store, below.id)).root_id == early.id
    await store.write(posts.add, root)
    for post_id, parent_id in ((early.id, root.id), (below.id, early.id), (private.id, early.id)):
        found = await _post(store, post_id)
        assert (found.parent_id, found.root_id) == (parent_id, root.id)
    assert (await _post(store, below.id)).community_id == floods
    assert (await _post(store, private.id)).community_id is None
    assert (await _post(store, root.id)).replies_count == 1


async def test_what_is_for_members_never_moves_to_another_community(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods, roads = [await people.add(store, name, kind="Group") for name in ("floods", "roads")]
    root = written.new_post(ada, community_id=roads)
    early = await written.add(store, ada, in_reply_to=root.uri, community_id=floods, audience="members")
    await store.write(posts.add, root)
    assert (await _post(store, early.id)).community_id == floods


async def test_a_reply_finds_a_parent_that_came_while_it_was_made_ready(store: Store) -> None:
    ada = await people.add(store, "ada")
    root = await written.add(store, ada)
    middle = await written.answer(store, ada, root)
    late = await written.add(store, ada, in_reply_to=middle.uri)
    found = await _post(store, late.id)
    assert (found.parent_id, found.root_id) == (middle.id, root.id)


async def test_two_posts_that_answer_each_other_make_no_circle(store: Store) -> None:
    ada = await people.add(store, "ada", YORK)
    first, second = [written.new_post(ada, host=YORK) for _ in range(2)]
    await written.add(store, ada, post_id=first.id, uri=first.uri, in_reply_to=second.uri)
    await written.add(store, ada, post_id=second.id, uri=second.uri, in_reply_to=first.uri)
    itself = written.new_post(ada, host=YORK)
    await written.add(store, ada, post_id=itself.id, uri=itself.uri, in_reply_to=itself.uri)
    assert (await _post(store, first.id)).parent_id is None
    assert (await _post(store, second.id)).parent_id == first.id
    assert (await _post(store, itself.id)).parent_id is None


async def test_only_a_newer_text_replaces_what_is_held(store: Store) -> None:
    ada = await people.add(store, "ada")
    new = await written.add(store, ada, content="one", tags=(("roads", "Roads"),))
    assert await _edit(store, new.id, "two", timedelta(minutes=2))
    assert not await _edit(store, new.id, "late", timedelta(minutes=2))
    assert not await _edit(store, new.id, "older", timedelta(minutes=1))
    assert (await _post(store, new.id)).content == "two"
    texts = await store.read(posts.revisions, SYSTEM, new.id)
    assert [(text.content, text.at) for text in texts] == [
        ("one", NOON),
        ("two", NOON + timedelta(minutes=2)),
    ]
    await store.write(posts.remove, new.id, LATER, ada, "")
    assert not await _edit(store, new.id, "back", timedelta(hours=2))
    assert await store.read(posts.revisions, SYSTEM, new.id) == []


async def test_an_edit_replaces_what_it_names_and_leaves_the_rest(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    one, two = written.new_file(ada), written.new_file(ada)
    new = await written.add(store, ada, audience="direct", mentions=((bea, True),), media=(one,))
    await _edit(store, new.id, "same people", timedelta(minutes=1))
    assert await store.read(posts.find, visible.person(bea), new.id) is not None
    assert [file.id for file in await store.read(media.of_post, SYSTEM, new.id)] == [one.id]
    await _edit(store, new.id, "others", timedelta(minutes=2), mentions=((cat, True),), files=(two, one.id))
    assert await store.read(posts.find, visible.person(bea), new.id) is None
    assert await store.read(posts.find, visible.person(cat), new.id) is not None
    assert [file.id for file in await store.read(media.of_post, SYSTEM, new.id)] == [two.id, one.id]


async def test_a_removed_post_leaves_its_place_and_nothing_else(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    root = await written.add(store, ada, title="t", source="s", tags=(("roads", "Roads"),))
    reply = await written.answer(store, bea, root, mentions=((ada, True),))
    below = await written.answer(store, ada, reply)
    await store.write(likes.add, people.new_id(), ada, reply.id, None)
    await store.write(bookmarks.add, people.new_id(), ada, reply.id)
    await written.pass_on(store, ada, reply.id)
    assert await store.write(posts.remove, reply.id, LATER, ada, "off topic")
    assert not await store.write(posts.remove, reply.id, LATER, ada, "again")
    found = await _post(store, reply.id)
    assert (found.content, found.removed_at, found.removed_by, found.removed_for) == (
        "",
        LATER,
        ada,
        "off topic",
    )
    assert (found.likes_count, found.boosts_count) == (0, 0)
    assert (await _post(store, below.id)).parent_id == reply.id
    assert (await _post(store, root.id)).replies_count == 0
    assert await store.read(tombstones.is_dead, reply.uri, f"https://{HOME}/people/bea")
    assert await store.read(likes.find, ada, reply.id) is None
    assert await store.read(entries.find, bea, reply.id) is None


async def test_a_post_that_its_author_boosted_counts_twice_and_goes_whole(store: Store) -> None:
    ada = await people.add(store, "ada")
    new = await written.add(store, ada)
    await written.pass_on(store, ada, new.id)
    author = await store.read(actors.find, SYSTEM, ada)
    assert author is not None
    assert author.posts_count == 2
    await store.write(posts.remove, new.id, LATER, ada, "")
    author = await store.read(actors.find, SYSTEM, ada)
    assert author is not None
    assert author.posts_count == 0


async def test_the_tombstone_names_the_author_when_the_system_removed_it(store: Store) -> None:
    ada = await people.add(store, "ada")
    new = await written.add(store, ada)
    await store.write(posts.remove, new.id, LATER, None, "")
    assert await store.read(_by_uri, new.uri) == f"https://{HOME}/people/ada"


async def _by_uri(read: Reader, uri: str) -> str:
    return str(await read.value("SELECT by_uri FROM tombstones WHERE uri = :uri", uri=uri))


async def test_pins_of_a_community_come_latest_first_and_go_with_the_post(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods = await people.add(store, "floods", kind="Group")
    one, two, three = [await written.add(store, ada, community_id=floods) for _ in range(3)]
    for minutes, new in enumerate((two, one, three)):
        assert await store.write(posts.set_pinned, new.id, NOON + timedelta(minutes=minutes))
    assert not await store.write(posts.set_pinned, one.id, LATER)
    await store.write(posts.remove, three.id, LATER, ada, "")
    assert not await store.write(posts.set_pinned, three.id, LATER)
    assert [post.id for post in await store.read(posts.pinned, SYSTEM, floods)] == [one.id, two.id]
    assert await store.write(posts.set_pinned, one.id, None)
    assert [post.id for post in await store.read(posts.pinned, SYSTEM, floods)] == [two.id]


async def test_a_thread_is_locked_once(store: Store) -> None:
    new = await written.add(store, await people.add(store, "ada"))
    assert await store.write(posts.set_locked, new.id, locked=True)
    assert not await store.write(posts.set_locked, new.id, locked=True)
    assert (await _post(store, new.id)).locked
    assert await store.write(posts.set_locked, new.id, locked=False)


COUNTS = """
SELECT COUNT(*) FROM posts AS p
 WHERE p.replies_count <> (SELECT COUNT(*) FROM posts AS r WHERE r.parent_id = p.id AND r.removed_at IS NULL
                              AND (r.audience IN ('public', 'unlisted')
                                   OR p.audience = 'members' AND r.audience = 'members'))
    OR p.likes_count <> (SELECT COUNT(*) FROM likes AS l WHERE l.post_id = p.id)
    OR p.boosts_count <> (SELECT COUNT(*) FROM entries AS e WHERE e.post_id = p.id AND e.kind = 'boost')
"""

POSTS_COUNT = """
SELECT COUNT(*) FROM actors AS a
 WHERE a.posts_count <> (SELECT COUNT(*) FROM entries AS e WHERE e.by_actor = a.id
                           AND e.audience NOT IN ('direct', 'members'))
"""

ROOTS = """
SELECT COUNT(*) FROM posts AS p LEFT JOIN posts AS q ON q.id = p.parent_id
 WHERE p.root_id <> COALESCE(q.root_id, p.id)
"""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "like", "unlike", "boost", "unboost"]),
        st.integers(0, 7),
        st.integers(-1, 7),
        st.sampled_from(["public", "followers", "members", "direct"]),
    ),
    max_size=30,
)


async def _live(tx: Transaction, base: int, steps: list[tuple[str, int, int, str]]) -> list[int]:
    """Do some steps with eight posts that may answer each other, and count what is wrong afterwards."""
    people_ids = [ActorId(base + n) for n in range(2)]
    for step, (verb, one, other, audience) in enumerate(steps):
        post_id, row_id, who = PostId(base + 10 + one), base + 100 + step, people_ids[step % 2]
        if verb == "add":
            answered = f"https://{HOME}/posts/{base + 10 + other}" if other >= 0 else None
            new = written.new_post(who, post_id=post_id, audience=audience, in_reply_to=answered)
            await posts.add(tx, new)
        elif await posts.find(tx, SYSTEM, post_id) is None:
            continue
        elif verb == "remove":
            await posts.remove(tx, post_id, NOON, who, "")
        elif verb == "like":
            await likes.add(tx, row_id, who, post_id, None)
        elif verb == "unlike":
            await likes.remove(tx, who, post_id)
        elif verb == "boost":
            await entries.add(
                tx,
                EntryId(row_id),
                by_actor=who,
                post_id=post_id,
                kind="boost",
                uri=None,
                audience=audience,
            )
        else:
            await entries.remove(tx, who, post_id)
    return [await tx.value(sql) for sql in (COUNTS, POSTS_COUNT, ROOTS)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_counts_and_roots_are_right_whatever_happened(
    store: Store, steps: list[tuple[str, int, int, str]]
) -> None:
    base = people.new_id() * 1000
    for n in range(2):
        new = people.new_actor(f"p{base + n}")
        await store.write(actors.add_local, new, ActorId(base + n))
    assert await store.write(_live, base, steps) == [0, 0, 0]


async def test_the_posts_of_an_author_that_stand_are_given_oldest_first(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    first, second, third = [(await written.add(store, ada)).id for _ in range(3)]
    await written.add(store, bea)
    await store.write(posts.remove, second, NOON, ada, "")
    assert await store.read(posts.ids_by_author, SYSTEM, ada, limit=5) == [first, third]
    assert await store.read(posts.ids_by_author, SYSTEM, ada, limit=1) == [first]
