"""Conversations: who is in one, which post is the last, and what has been read."""

from typing import Any

from storage import blocks, conversations, posts, visible
from storage.engine import Change, Store
from storage.ids import ActorId, PostId
from storage.pages import Page
from tests.storage import people, written
from tests.storage.people import NOON

PAGE = Page(limit=20)


async def _of(store: Store, me: ActorId) -> list[tuple[int, int, bool]]:
    rows = await store.read(conversations.page, visible.person(me), me, PAGE)
    return [(row.root_id, row.last_post_id, row.unread) for row in rows]


def _to(*who: ActorId, **given: Any) -> dict[str, Any]:
    return {"audience": "direct", "mentions": tuple((one, True) for one in who)} | given


async def test_everybody_here_who_is_named_has_the_conversation(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    away = await people.add(store, "dan", "devon.example")
    first = await written.add(store, ada, **_to(bea, away))
    assert await _of(store, ada) == [(first.id, first.id, False)]
    assert await _of(store, bea) == [(first.id, first.id, True)]
    second = await written.answer(store, bea, first, **_to(ada, cat))
    assert await _of(store, ada) == [(first.id, second.id, True)]
    assert await _of(store, bea) == [(first.id, second.id, False)]
    assert await _of(store, cat) == [(first.id, second.id, True)]
    assert await _of(store, away) == []
    await written.add(store, ada, mentions=((bea, True),))
    assert len(await _of(store, bea)) == 1


async def test_reading_and_removing_are_ones_own(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    first = await written.add(store, ada, **_to(bea))
    await store.write(conversations.mark, ada, first.id, unread=False)
    assert await _of(store, bea) == [(first.id, first.id, True)]
    await store.write(conversations.mark, bea, first.id, unread=False)
    assert await _of(store, bea) == [(first.id, first.id, False)]
    await store.write(conversations.mark, bea, first.id, unread=True)
    assert await _of(store, bea) == [(first.id, first.id, True)]
    assert await store.write(conversations.remove, bea, first.id)
    assert not await store.write(conversations.remove, bea, first.id)
    assert await store.read(conversations.find, visible.person(bea), first.id) is None
    assert await store.read(conversations.find, visible.person(ada), first.id) is not None
    second = await written.answer(store, ada, first, **_to(bea))
    assert await _of(store, bea) == [(first.id, second.id, True)]


async def test_a_conversation_ends_with_the_last_post_that_stands(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    first = await written.add(store, ada, **_to(bea))
    second = await written.answer(store, ada, first, **_to(bea, cat))
    await store.write(posts.remove, second.id, NOON, ada, "")
    assert await _of(store, bea) == [(first.id, first.id, True)]
    assert await _of(store, cat) == []
    await store.write(posts.remove, first.id, NOON, ada, "")
    assert await _of(store, ada) == await _of(store, bea) == []


async def test_who_is_blocked_begins_no_conversation(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await store.write(blocks.block, people.new_id(), bea, ada, None)
    await written.add(store, ada, **_to(bea))
    assert await _of(store, bea) == []


async def test_a_reply_that_came_first_goes_on_in_the_thread_that_it_answers(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    uri = "https://devon.example/posts/late"
    reply = await written.add(store, bea, in_reply_to=uri, **_to(ada))
    late = await written.add(store, ada, uri=uri, post_id=people.new_id(), **_to(bea))
    assert [(root, last) for root, last, _ in await _of(store, ada)] == [(late.id, late.id)]
    assert reply.id not in {root for root, _, _ in await _of(store, bea)}


async def test_those_in_it_are_told(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    heard: list[Change] = []
    store.on_change = heard.append
    post = await written.add(store, ada, **_to(bea))
    assert heard == [
        Change("entry", post.id),
        Change("conversation", PostId(post.id), frozenset({ada, bea})),
    ]


async def test_direct_posts_are_ones_own_and_those_that_name_one(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    first = await written.add(store, ada, **_to(bea))
    await written.add(store, cat, **_to(ada))
    second = await written.add(store, cat, **_to(bea))
    await written.add(store, ada, mentions=((bea, True),))
    third = await written.add(store, bea, **_to(ada))

    async def found(page: Page) -> list[int]:
        return list(await store.read(conversations.direct, visible.person(bea), bea, page))

    assert await found(PAGE) == [third.id, second.id, first.id]
    assert await found(Page(limit=1, max_id=third.id)) == [second.id]
    assert await found(Page(limit=1, min_id=first.id)) == [second.id]
    await store.write(blocks.block, people.new_id(), bea, cat, None)
    assert await found(PAGE) == [third.id, first.id]
