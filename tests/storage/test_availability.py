"""When somebody may be asked: what they said, and nothing where they said nothing."""

from datetime import date

from storage import availability
from storage.availability import Availability
from storage.engine import Store
from tests.storage import people
from tests.storage.people import NOON


async def test_who_said_nothing_may_be_asked(store: Store) -> None:
    ada = await people.add(store, "ada")
    assert await store.read(availability.find, ada) == Availability(ada)
    assert await store.read(availability.of, [ada]) == {}


async def test_what_somebody_says_replaces_what_they_said(store: Store) -> None:
    ada = await people.add(store, "ada")
    away = Availability(ada, None, date(2026, 6, 1), date(2026, 6, 14))

    await store.write(availability.put, away)
    assert await store.read(availability.of, [ada]) == {ada: away}

    await store.write(availability.put, Availability(ada))
    assert await store.read(availability.find, ada) == Availability(ada)


async def test_stopping_keeps_the_days_and_the_first_moment(store: Store) -> None:
    ada = await people.add(store, "ada")
    await store.write(availability.put, Availability(ada, None, None, date(2026, 6, 14)))

    await store.write(availability.stop, ada, NOON)
    await store.write(availability.stop, ada, NOON.replace(hour=20))

    assert await store.read(availability.find, ada) == Availability(ada, NOON, None, date(2026, 6, 14))
    assert await store.write(availability.resume, ada)
    assert not await store.write(availability.resume, ada)
    assert await store.read(availability.find, ada) == Availability(ada, None, None, date(2026, 6, 14))
