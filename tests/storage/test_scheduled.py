"""Posts that wait for their time."""

from datetime import timedelta

from storage import scheduled
from storage.engine import Store
from storage.ids import ActorId, RowId
from storage.pages import Page
from tests.storage import people
from tests.storage.people import NOON


async def keep(store: Store, actor_id: ActorId, minutes: int = 10, *, most: int = 3) -> RowId | None:
    scheduled_id = RowId(people.new_id())
    due_at = NOON + timedelta(minutes=minutes)
    added = await store.write(scheduled.add, scheduled_id, actor_id, due_at, "{}", most=most)
    return scheduled_id if added else None


async def test_what_is_due_comes_the_longest_first(store: Store) -> None:
    ada = await people.add(store, "ada")
    later, sooner = await keep(store, ada, 20), await keep(store, ada, 10)
    assert await store.read(scheduled.due, NOON, 10) == []
    found = await store.read(scheduled.due, NOON + timedelta(minutes=20), 10)
    assert [row.id for row in found] == [sooner, later]


async def test_nobody_keeps_more_than_so_many(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert [await keep(store, ada, most=2) is not None for _ in range(3)] == [True, True, False]
    assert await keep(store, bea, most=2) is not None


async def test_each_sees_moves_and_removes_their_own(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    first, second = await keep(store, ada), await keep(store, ada)
    assert first is not None
    assert second is not None
    assert [row.id for row in await store.read(scheduled.page, ada, Page(limit=1))] == [second]
    assert [row.id for row in await store.read(scheduled.page, ada, Page(max_id=second))] == [first]
    assert await store.read(scheduled.page, bea, Page()) == []
    assert await store.read(scheduled.find, bea, first) is None
    assert not await store.write(scheduled.move, bea, first, NOON)
    assert not await store.write(scheduled.remove, bea, first)
    assert await store.write(scheduled.move, ada, first, NOON)
    assert [row.id for row in await store.read(scheduled.due, NOON, 10)] == [first]
    assert await store.write(scheduled.remove, ada, first)
    assert not await store.write(scheduled.remove, ada, first)


async def test_what_was_refused_is_not_due_until_it_is_moved(store: Store) -> None:
    ada = await people.add(store, "ada")
    row_id = await keep(store, ada)
    assert row_id is not None
    await store.write(scheduled.refuse, row_id, "this thread is locked")
    late = NOON + timedelta(hours=1)
    assert await store.read(scheduled.due, late, 10) == []
    held = await store.read(scheduled.find, ada, row_id)
    assert held is not None
    assert held.refused_for == "this thread is locked"
    await store.write(scheduled.move, ada, row_id, late)
    assert len(await store.read(scheduled.due, late, 10)) == 1
