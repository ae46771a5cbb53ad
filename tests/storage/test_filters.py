"""Filters with their words and posts."""

from datetime import timedelta
from typing import Any

import msgspec

from storage import filters
from storage.engine import Store
from storage.filters import Chosen, Filter, Keyword
from storage.ids import ActorId
from tests.storage import people, written
from tests.storage.people import NOON


async def _put(store: Store, me: ActorId, *words: str, **given: Any) -> Filter:
    values = {"title": "Snow", "contexts": ("home",), "action": "warn", "expires_at": None} | given
    new = Filter(id=people.new_id(), **values)
    await store.write(filters.put, me, new)
    await store.write(filters.put_keywords, [Keyword(people.new_id(), new.id, word, True) for word in words])
    return next(row for row in await store.read(filters.all_of, me) if row.id == new.id)


async def test_a_filter_comes_with_its_words_and_posts(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.read(filters.all_of, ada) == ()
    first, second = await _put(store, ada, "snow", "ice"), await _put(store, ada, "hail")
    post = await written.add(store, bea)
    chosen = Chosen(people.new_id(), first.id, post.id)
    assert await store.write(filters.add_post, chosen)
    assert not await store.write(filters.add_post, msgspec.structs.replace(chosen, id=people.new_id()))
    rows = await store.read(filters.all_of, ada)
    assert [[word.keyword for word in row.keywords] for row in rows] == [["snow", "ice"], ["hail"]]
    assert [row.posts for row in rows] == [(chosen,), ()]
    assert await store.read(filters.all_of, bea) == ()
    assert not await store.write(filters.remove_post, second.id, chosen.id)
    assert await store.write(filters.remove_post, first.id, chosen.id)


async def test_what_is_put_again_is_changed(store: Store) -> None:
    ada = await people.add(store, "ada")
    held = await _put(store, ada, "snow", "ice")
    changed = msgspec.structs.replace(held, title="Winter", contexts=("public", "home"), action="hide")
    await store.write(filters.put, ada, changed)
    snow, ice = held.keywords
    await store.write(filters.put_keywords, [msgspec.structs.replace(snow, keyword="sleet")])
    await store.write(filters.remove_keywords, held.id + 1, [ice.id])
    await store.write(filters.remove_keywords, held.id, [ice.id])
    (row,) = await store.read(filters.all_of, ada)
    assert (row.title, row.contexts, row.action) == ("Winter", ("public", "home"), "hide")
    assert [word.keyword for word in row.keywords] == ["sleet"]


async def test_a_filter_is_removed_by_whose_it_is(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    held = await _put(store, ada, "snow")
    assert not await store.write(filters.remove, bea, held.id)
    assert await store.write(filters.remove, ada, held.id)
    assert await store.read(filters.all_of, ada) == ()


async def test_a_filter_runs_out(store: Store) -> None:
    ada = await people.add(store, "ada")
    held = await _put(store, ada, "snow", expires_at=NOON)
    assert held.is_in_force(NOON - timedelta(seconds=1))
    assert not held.is_in_force(NOON)
    assert (await _put(store, ada, "ice")).is_in_force(NOON)
