from datetime import timedelta

from storage import counted, ids, received
from storage.engine import Store
from storage.ids import RowId
from storage.received import NewReceived
from tests.storage import people
from tests.storage.people import NOON

LIKE = "https://devon.example/likes/1"


async def test_an_activity_counts_once_for_whoever_did_it(store: Store) -> None:
    ben, cat = [await people.add(store, name, "devon.example") for name in ("ben", "cat")]
    assert await store.write(counted.first, LIKE, ben, NOON)
    assert not await store.write(counted.first, LIKE, ben, NOON)
    # A neighbour cannot use up somebody else's id.
    assert await store.write(counted.first, LIKE, cat, NOON)


async def test_what_was_taken_back_before_it_came_does_not_count(store: Store) -> None:
    ben = await people.add(store, "ben", "devon.example")
    for _ in range(2):
        await store.write(counted.spend, LIKE, ben, NOON)
    assert not await store.write(counted.first, LIKE, ben, NOON)


async def test_what_its_author_delivered_has_counted(store: Store) -> None:
    ben, cat = [await people.add(store, name, "devon.example") for name in ("ben", "cat")]
    uri = "https://devon.example/people/ben"
    new = NewReceived(
        uri=LIKE, type="Like", actor_uri=uri, host="devon.example", key_id=f"{uri}#main-key", body=b"{}"
    )
    await store.write(received.put, new, RowId(ids.at(NOON)))
    assert not await store.write(counted.first, LIKE, ben, NOON)
    assert await store.write(counted.first, LIKE, cat, NOON)


async def test_old_ones_are_forgotten_in_steps(store: Store) -> None:
    ben = await people.add(store, "ben", "devon.example")
    for number in range(4):
        await store.write(counted.first, f"{LIKE}{number}", ben, NOON + timedelta(days=number))
    assert await store.write(counted.forget, NOON + timedelta(days=3), 2) == 2
    assert await store.write(counted.forget, NOON + timedelta(days=3), 2) == 1
    assert await store.write(counted.first, f"{LIKE}0", ben, NOON)
    assert not await store.write(counted.first, f"{LIKE}3", ben, NOON)
