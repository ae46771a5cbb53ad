"""Counters and facts."""

from storage import changes
from storage.engine import Store


async def test_each_change_of_a_subject_counts(store: Store) -> None:
    assert await store.read(changes.counters) == {}
    for subject in ("rules", "rules", "actors"):
        await store.write(changes.bump, subject)
    assert await store.read(changes.counters) == {"rules": 2, "actors": 1}


async def test_a_fact_is_replaced(store: Store) -> None:
    assert await store.read(changes.find_fact, "node_actor") is None
    await store.write(changes.set_fact, "node_actor", "1")
    await store.write(changes.set_fact, "node_actor", "2")
    assert await store.read(changes.find_fact, "node_actor") == "2"
