"""What is not there, and who gets their post at an inbox."""

from datetime import timedelta

from storage import absent, actors
from storage.engine import Store
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON

INBOX = "https://devon.example/inbox"


async def test_it_is_kept_since_when_and_when_it_was_asked_for_last(store: Store) -> None:
    assert await store.read(absent.find, INBOX) is None
    await store.write(absent.note, INBOX, NOON)
    await store.write(absent.note, INBOX, NOON + timedelta(days=1))
    held = await store.read(absent.find, INBOX)
    assert held is not None
    assert (held.since, held.looked_at) == (NOON, NOON + timedelta(days=1))
    await store.write(absent.clear, INBOX)
    assert await store.read(absent.find, INBOX) is None


async def test_those_at_an_inbox_have_a_tie_with_us_and_take_turns(store: Store) -> None:
    ada = await people.add(store, "ada")
    late = await people.add(store, "ben", "devon.example", fetched_at=NOON)
    early = await people.add(store, "cat", "devon.example", fetched_at=NOON - timedelta(days=1))
    own = await people.add(store, "dee", "devon.example", shared_inbox=None)
    gone = await people.add(store, "eve", "devon.example")
    stranger = await people.add(store, "flo", "devon.example")
    for follower in (late, early, own, gone):
        await people.follow(store, follower, ada)
    await store.write(actors.mark_deleted, gone, NOON)

    found = await store.read(absent.at_inbox, SYSTEM, "devon.example", INBOX, limit=10)
    assert [actor.id for actor in found] == [early, late]
    assert stranger not in [actor.id for actor in found]
    personal = "https://devon.example/people/dee/inbox"
    (alone,) = await store.read(absent.at_inbox, SYSTEM, "devon.example", personal, limit=10)
    assert alone.id == own
