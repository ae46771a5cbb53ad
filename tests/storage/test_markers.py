"""Markers."""

from datetime import timedelta

from storage import markers
from storage.engine import Store
from storage.markers import Marker
from tests.storage import people
from tests.storage.people import NOON


async def test_each_change_of_a_marker_has_a_new_version(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    later = NOON + timedelta(minutes=1)
    await store.write(markers.put, ada, "notifications", 5, NOON)
    await store.write(markers.put, ada, "home", 7, NOON)
    await store.write(markers.put, ada, "home", 6, later)
    assert await store.read(markers.all_of, ada) == [
        Marker("home", 6, 2, later),
        Marker("notifications", 5, 1, NOON),
    ]
    assert await store.read(markers.all_of, bea) == []
