"""Who was invited into a community, and to whom it has written."""

from storage import invited
from storage.engine import Store
from tests.storage import people, written
from tests.storage.people import NOON


async def test_somebody_is_invited_once_and_until_it_is_taken_back(store: Store) -> None:
    floods = await people.add(store, "floods", kind="Group")
    roads = await people.add(store, "roads", kind="Group")
    ada = await people.add(store, "ada")
    assert await store.write(invited.add, floods, ada, by_actor=ada, now=NOON)
    assert not await store.write(invited.add, floods, ada, by_actor=ada, now=NOON)
    assert await store.read(invited.is_invited, floods, ada)
    assert not await store.read(invited.is_invited, roads, ada)
    assert await store.write(invited.remove, floods, ada)
    assert not await store.write(invited.remove, floods, ada)
    assert not await store.read(invited.is_invited, floods, ada)


async def test_only_a_direct_note_of_the_community_tells_that_it_has_written(store: Store) -> None:
    floods = await people.add(store, "floods", kind="Group")
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await written.add(store, floods, audience="public", mentions=((ada, True),))
    await written.add(store, bea, audience="direct", mentions=((ada, True),))
    assert not await store.read(invited.has_written_to, floods, ada)
    await written.add(store, floods, audience="direct", mentions=((ada, True),))
    assert await store.read(invited.has_written_to, floods, ada)
    assert not await store.read(invited.has_written_to, floods, bea)
