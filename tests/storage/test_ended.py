"""What ended when the list was narrowed."""

from storage import ended
from storage.ended import Ended
from storage.engine import Store
from tests.storage.people import NOON


async def test_what_ended_with_a_host_is_kept(store: Store) -> None:
    follow = Ended(1, "devon.example", "follow", "@ada of @cleo", NOON)
    other = Ended(2, "york.example", "delivery", "3 not sent", NOON)
    await store.write(ended.add, [follow, other])
    assert await store.read(ended.of_host, "devon.example") == [follow]
    assert await store.read(ended.of_host, "leeds.example") == []


async def test_the_latest_that_ended_comes_first(store: Store) -> None:
    rows = [Ended(number, f"{number % 2}.example", "follow", "@ada of @cleo", NOON) for number in range(5)]
    await store.write(ended.add, rows)
    assert [row.id for row in await store.read(ended.latest, 3)] == [4, 3, 2]
    assert [row.id for row in await store.read(ended.latest, 3, "1.example")] == [3, 1]
