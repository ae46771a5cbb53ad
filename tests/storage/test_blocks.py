"""Blocks, mutes and remarks."""

from datetime import timedelta

from storage import blocks, follows
from storage.blocks import Block
from storage.engine import Store
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON


async def test_a_block_is_made_once_and_given_when_it_ends(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.write(blocks.block, 1, ada, bea, "https://kent.example/activities/1")
    assert not await store.write(blocks.block, 2, ada, bea, None)
    assert await store.read(blocks.is_blocked, ada, bea)
    assert not await store.read(blocks.is_blocked, bea, ada)
    assert await store.read(blocks.find, bea, ada) is None
    assert await store.read(blocks.find, ada, bea) == Block(ada, bea, "https://kent.example/activities/1", 1)
    assert await store.write(blocks.unblock, ada, bea) == Block(
        ada, bea, "https://kent.example/activities/1", 1
    )
    assert await store.write(blocks.unblock, ada, bea) is None


async def test_a_block_is_ended_by_its_id_only_by_who_made_it(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await store.write(blocks.block, 1, ada, bea, "https://kent.example/activities/1")
    assert not await store.write(blocks.unblock_by_uri, bea, "https://kent.example/activities/1")
    assert await store.write(blocks.unblock_by_uri, ada, "https://kent.example/activities/1")
    assert not await store.read(blocks.is_blocked, ada, bea)


async def test_blocked_people_are_paged_by_the_block(store: Store) -> None:
    ada = await people.add(store, "ada")
    for row_id in (1, 2, 3):
        await store.write(blocks.block, row_id, ada, await people.add(store, f"other{row_id}"), None)
    page = await store.read(blocks.blocks, SYSTEM, ada, Page(max_id=3))
    assert [(row_id, actor.handle) for row_id, actor in page] == [(2, "other2"), (1, "other1")]


async def test_mutes_are_paged_and_end_by_themselves(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    later = NOON + timedelta(hours=1)
    await store.write(blocks.mute, 1, ada, bea, notifications=True, until=later)
    await store.write(blocks.mute, 2, ada, cat, notifications=False, until=None)
    listed = await store.read(blocks.mutes, SYSTEM, ada, Page(), NOON)
    assert [row_id for row_id, _ in listed] == [2, 1]
    listed = await store.read(blocks.mutes, SYSTEM, ada, Page(), later)
    assert [actor.id for _, actor in listed] == [cat]
    await store.write(blocks.mute, 3, ada, bea, notifications=True, until=None)
    listed = await store.read(blocks.mutes, SYSTEM, ada, Page(), later)
    assert [row_id for row_id, _ in listed] == [2, 1]
    assert await store.write(blocks.unmute, ada, bea)
    assert not await store.write(blocks.unmute, ada, bea)


async def test_a_remark_is_replaced_and_removed_by_an_empty_one(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")

    async def remark() -> str:
        (found,) = await store.read(follows.relationships, SYSTEM, ada, [bea], NOON)
        return found.remark

    await store.write(blocks.set_remark, ada, bea, "roads")
    await store.write(blocks.set_remark, ada, bea, "bins")
    assert await remark() == "bins"
    await store.write(blocks.set_remark, ada, bea, "")
    assert await remark() == ""
