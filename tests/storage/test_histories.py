from datetime import timedelta

from storage import histories, posts
from storage.engine import Store
from storage.histories import Settled
from storage.ids import RowId
from tests.storage import people
from tests.storage.people import NOON
from tests.storage.written import new_post

EVERY = timedelta(minutes=15)


async def taken(store: Store, minutes: int, *settled: Settled, limit: int = 9) -> list[int]:
    """Write what came of readings and take what is due so long after noon."""
    now = NOON + timedelta(minutes=minutes)
    until = now + timedelta(minutes=15)
    found = await store.write(histories.turn, settled, now=now, until=until, limit=limit)
    return [history.id for history in found]


async def test_a_thread_is_wanted_again_only_a_while_after_it_was_read(store: Store) -> None:
    ben = await people.add(store, "ben", "devon.example")
    root = new_post(ben, host="devon.example")
    await store.write(posts.add, root)

    async def want(minutes: int) -> bool:
        now = NOON + timedelta(minutes=minutes)
        return await store.write(histories.want_thread, RowId(minutes), root.id, now, before=now - EVERY)

    assert [await want(1), await want(2)] == [True, False], "one that waits is not wanted twice"
    assert await taken(store, 2) == [1]
    assert await taken(store, 3, Settled(id=RowId(1))) == []
    assert [await want(17), await want(18)] == [False, True]
    assert await taken(store, 18) == [1]


async def test_what_a_worker_took_that_died_comes_due_again(store: Store) -> None:
    floods = await people.add(store, "floods", "devon.example", kind="Group")
    await store.write(histories.want_community, RowId(1), floods, NOON)
    assert [await taken(store, minutes) for minutes in (0, 14, 15)] == [[1], [], [1]]


async def test_one_that_is_tried_again_says_how_often_it_was(store: Store) -> None:
    floods = await people.add(store, "floods", "devon.example", kind="Group")
    await store.write(histories.want_community, RowId(1), floods, NOON)
    await taken(store, 0)
    again = NOON + timedelta(minutes=5)
    await store.write(histories.turn, [Settled(id=RowId(1), due_at=again)], now=NOON, until=NOON, limit=0)
    (found,) = await store.write(histories.turn, [], now=again, until=again, limit=1)
    assert (found.community_id, found.post_id, found.attempt) == (floods, None, 1)
    await store.write(histories.want_community, RowId(2), floods, NOON)
    (found,) = await store.write(histories.turn, [], now=NOON, until=NOON, limit=1)
    assert (found.id, found.attempt) == (1, 0), "who joins anew begins anew"


async def test_the_oldest_are_taken_first_and_old_ones_forgotten(store: Store) -> None:
    for number in (1, 2, 3):
        floods = await people.add(store, f"floods{number}", "devon.example", kind="Group")
        await store.write(histories.want_community, RowId(number), floods, NOON - timedelta(minutes=number))
    assert await taken(store, 0, limit=2) == [2, 3]
    await taken(store, 0, Settled(id=RowId(2)), limit=0)
    assert await store.write(histories.forget, NOON, 9) == 0
    assert await store.write(histories.forget, NOON + timedelta(minutes=1), 9) == 1
    assert await taken(store, 60) == [1, 3], "what waits is not forgotten"
