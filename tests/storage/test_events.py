"""Events that posts tell of."""

from datetime import timedelta

import msgspec

from storage import events, posts
from storage.engine import Store
from storage.events import NewEvent
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

MEETING = NewEvent(starts_at=NOON, ends_at=NOON + timedelta(hours=1), place="Depot", join_mode="free")


async def test_an_event_is_stored_changed_and_removed_with_its_post(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada, type="Event", event=MEETING)
    held = await store.read(events.find, SYSTEM, post.id)
    assert held is not None
    assert {name: getattr(held, name) for name in NewEvent.__struct_fields__} == msgspec.structs.asdict(
        MEETING
    )
    await store.write(events.put, post.id, msgspec.structs.replace(MEETING, state="cancelled", ends_at=None))
    changed = await store.read(events.find, SYSTEM, post.id)
    assert changed is not None
    assert (changed.state, changed.ends_at, changed.place) == ("cancelled", None, "Depot")
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert await store.read(events.find, SYSTEM, post.id) is None


async def test_an_event_is_given_to_who_may_see_its_post(store: Store) -> None:
    ada = await people.add(store, "ada")
    public = await written.add(store, ada, type="Event", event=MEETING)
    narrow = await written.add(store, ada, type="Event", event=MEETING, audience="direct")
    assert (await store.read(events.of_posts, STRANGER, [public.id, narrow.id])).keys() == {public.id}
