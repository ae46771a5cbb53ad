"""Hashtags that people follow, and the search for one."""

from storage import tags
from storage.engine import Store
from storage.pages import Page
from storage.visible import STRANGER
from tests.storage import people, written


async def test_a_tag_is_followed_once(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.write(tags.follow, 7, ada, "roads")
    assert not await store.write(tags.follow, 8, ada, "roads")
    await store.write(tags.follow, 9, ada, "floods")
    assert await store.read(tags.is_followed, ada, "roads")
    assert not await store.read(tags.is_followed, bea, "roads")
    assert await store.read(tags.followed_among, ada, ["roads", "bins"]) == ["roads"]
    rows = await store.read(tags.followed, ada, Page())
    assert [(row.id, row.tag) for row in rows] == [(9, "floods"), (7, "roads")]
    assert [row.tag for row in await store.read(tags.followed, ada, Page(max_id=9))] == ["roads"]
    assert await store.write(tags.unfollow, ada, "roads")
    assert not await store.write(tags.unfollow, ada, "roads")


async def test_a_search_gives_tags_of_public_posts_each_once(store: Store) -> None:
    ada = await people.add(store, "ada")
    for tag in ("roads", "roadworks", "roads", "bins"):
        await written.add(store, ada, tags=((tag, tag),))
    await written.add(store, ada, tags=(("roadmap", "roadmap"),), audience="unlisted")
    assert await store.read(tags.search, STRANGER, "road", limit=5) == ["roads", "roadworks"]
    assert await store.read(tags.search, STRANGER, "road", limit=1) == ["roads"]
