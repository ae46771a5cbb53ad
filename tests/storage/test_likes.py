"""Likes."""

from storage import likes, posts, visible
from storage.engine import Store
from storage.ids import PostId
from storage.pages import Page
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written


async def _count(store: Store, post_id: PostId) -> int:
    post = await store.read(posts.find, SYSTEM, post_id)
    assert post is not None
    return post.likes_count


async def test_a_like_counts_once_and_comes_off_again(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada)
    assert await store.write(likes.add, 7, ada, post.id, "https://kent.example/likes/7")
    assert not await store.write(likes.add, 8, ada, post.id, None)
    assert await _count(store, post.id) == 1
    found = await store.read(likes.find, ada, post.id)
    assert found is not None
    assert (found.id, found.uri) == (7, "https://kent.example/likes/7")
    assert await store.write(likes.remove, ada, post.id)
    assert not await store.write(likes.remove, ada, post.id)
    assert await _count(store, post.id) == 0


async def test_who_likes_a_post_is_told_to_those_who_may_see_it(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    post = await written.add(store, ada, audience="followers")
    for like_id, who in ((7, bea), (8, cat)):
        await store.write(likes.add, like_id, who, post.id, None)
    rows = await store.read(likes.likers, visible.person(ada), post.id, Page())
    assert [(row_id, actor.id) for row_id, actor in rows] == [(8, cat), (7, bea)]
    rows = await store.read(likes.likers, visible.person(ada), post.id, Page(min_id=6, limit=1))
    assert [actor.id for _, actor in rows] == [bea]
    assert await store.read(likes.likers, STRANGER, post.id, Page()) == []


async def test_a_like_that_was_taken_back_is_told_no_more_and_anew_when_it_comes_again(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post = await written.add(store, ada)
    await store.write(likes.add, 7, bea, post.id, None)
    assert await written.tell(store, ada, "like", bea, post.id)
    assert not await written.tell(store, ada, "like", bea, post.id)
    await store.write(likes.remove, bea, post.id)
    assert await written.tell(store, ada, "like", bea, post.id)
