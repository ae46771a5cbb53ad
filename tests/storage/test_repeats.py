"""Idempotency keys."""

from datetime import timedelta

from storage import repeats
from storage.engine import Store
from storage.ids import PostId
from tests.storage.people import NOON


async def test_a_key_gives_the_same_post_to_the_same_token_for_an_hour(store: Store) -> None:
    await store.write(repeats.put, 1, "k", PostId(7), NOON)
    assert await store.read(repeats.find, 1, "k") == 7
    assert await store.read(repeats.find, 2, "k") is None
    await store.write(repeats.put, 2, "k", PostId(8), NOON + timedelta(minutes=59))
    assert await store.read(repeats.find, 1, "k") == 7
    await store.write(repeats.put, 2, "l", PostId(9), NOON + timedelta(minutes=61))
    assert await store.read(repeats.find, 1, "k") is None
    assert await store.read(repeats.find, 2, "k") == 8
