"""Hashtags on profiles."""

from storage import featured_tags, visible
from storage.engine import Store
from storage.visible import STRANGER
from tests.storage import people, written
from tests.storage.people import NOON

GULLIES, PUMPS = (("gullies", "Gullies"),), (("pumps", "pumps"),)


async def test_a_tag_is_shown_with_what_the_viewer_may_see_of_its_author(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.write(featured_tags.add, 7, ada, tag="gullies", name="Gullies")
    assert not await store.write(featured_tags.add, 8, ada, tag="gullies", name="GULLIES")
    assert await store.write(featured_tags.add, 9, ada, tag="pumps", name="pumps")
    await written.add(store, ada, tags=GULLIES)
    await written.add(store, ada, tags=GULLIES, audience="followers")
    await written.add(store, bea, tags=GULLIES)
    found = await store.read(featured_tags.of, STRANGER, ada)
    assert [(row.id, row.name, row.posts_count, row.last_post_at) for row in found] == [
        (7, "Gullies", 1, NOON),
        (9, "pumps", 0, None),
    ]
    assert (await store.read(featured_tags.of, visible.person(ada), ada))[0].posts_count == 2


async def test_a_tag_is_taken_off_by_whose_it_is(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    for row_id, name in ((7, "gullies"), (8, "pumps")):
        await store.write(featured_tags.add, row_id, ada, tag=name, name=name)
    assert not await store.write(featured_tags.remove, bea, 7)
    assert await store.write(featured_tags.remove, ada, 7)
    assert await store.read(featured_tags.count, ada) == 1
    await store.write(featured_tags.remove_tag, ada, "pumps")
    assert await store.read(featured_tags.count, ada) == 0


async def test_what_is_used_most_and_not_shown_is_suggested(store: Store) -> None:
    ada = await people.add(store, "ada")
    for tags in (GULLIES, PUMPS, PUMPS, (("shown", "shown"),)):
        await written.add(store, ada, tags=tags)
    await store.write(featured_tags.add, 7, ada, tag="shown", name="shown")
    assert await store.read(featured_tags.used, ada) == ["pumps", "gullies"]
