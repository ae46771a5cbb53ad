"""Nodes that were refused, as far as they are kept."""

from datetime import timedelta
from typing import Any

from storage import knocks
from storage.engine import Store
from storage.knocks import LATEST, MOST, Knock
from tests.storage.people import NOON


def knock(host: str, minute: int = 0, **more: Any) -> Knock:
    at = NOON + timedelta(minutes=minute)
    given = {"times": 1, "way": "inbox", "actor_uri": f"https://{host}/ada", "user_agent": "x"} | more
    return Knock(host=host, first_at=at, last_at=at, **given)


async def hosts(store: Store) -> set[str]:
    return {row.host for row in await store.read(knocks.waiting)}


async def test_a_host_that_comes_again_is_counted_and_said_as_it_was_last(store: Store) -> None:
    await store.write(knocks.add, [knock("a.example", times=3), knock("b.example", 5)])
    again = knock("a.example", 9, times=2, way="fetch", actor_uri="https://a.example/bea", user_agent="y")
    await store.write(knocks.add, [again])
    first, second = await store.read(knocks.waiting)
    assert (first.host, first.times, first.first_at, first.last_at) == ("a.example", 5, NOON, again.last_at)
    assert (first.way, first.actor_uri, first.user_agent) == ("fetch", "https://a.example/bea", "y")
    assert second.host == "b.example"


async def test_names_made_up_for_one_request_push_out_nobody_who_came_again(store: Store) -> None:
    await store.write(knocks.add, [knock("real.example", times=2), knock("once.example")])
    for part in range(12):
        flood = [knock(f"{part}-{number}.example", 1 + part) for number in range(50)]
        await store.write(knocks.add, flood)
    kept = await hosts(store)
    assert len(kept) <= MOST
    assert "real.example" in kept
    assert "once.example" not in kept


async def test_names_that_came_again_and_again_keep_no_new_one_out(store: Store) -> None:
    await store.write(knocks.add, [knock(f"{number}.example", times=9) for number in range(MOST + 20)])
    await store.write(knocks.add, [knock("new.example", 1)])
    await store.write(knocks.add, [knock(f"{number}.later.example", 2) for number in range(LATEST - 2)])
    assert "new.example" in await hosts(store)
    assert len(await hosts(store)) <= MOST


async def test_what_is_dismissed_is_shown_no_more_however_often_it_comes(store: Store) -> None:
    await store.write(knocks.add, [knock("a.example"), knock("b.example")])
    assert await store.write(knocks.dismiss, "a.example", NOON)
    assert not await store.write(knocks.dismiss, "a.example", NOON)
    await store.write(knocks.add, [knock("a.example", 9)])
    assert await hosts(store) == {"b.example"}
    assert await store.read(knocks.hosts) == ["a.example", "b.example"]


async def test_hosts_are_let_go_of_by_name_and_by_age(store: Store) -> None:
    await store.write(knocks.add, [knock("a.example"), knock("b.example", 5), knock("c.example", 5)])
    await store.write(knocks.remove, ["b.example", "z.example"])
    assert await store.write(knocks.forget, NOON + timedelta(minutes=1)) == 1
    assert await hosts(store) == {"c.example"}
