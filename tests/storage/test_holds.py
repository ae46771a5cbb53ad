"""What is on hold, and how much of it there is."""

import msgspec
import pytest

from storage import holds, posts
from storage.engine import Store
from storage.holds import Hold, Kind
from tests.storage import people, written
from tests.storage.people import NOON


def on(kind: Kind, target_id: int, **more: str) -> Hold:
    """Give a hold on something."""
    given = {"uri": f"urn:{target_id}", "name": "x", "reason": "Complaint 17", "by_name": "ada"} | more
    return Hold(kind=kind, target_id=target_id, at=NOON, **given)


async def test_a_hold_is_placed_once_found_and_lifted(store: Store) -> None:
    ada = await people.add(store, "ada")
    assert await store.write(holds.place, on("person", ada))
    assert not await store.write(holds.place, on("person", ada, reason="another"))
    assert await store.read(holds.find, "person", ada) == on("person", ada)
    assert await store.read(holds.find, "community", ada) is None
    assert await store.read(holds.is_person_held, ada)
    assert await store.write(holds.lift, "person", ada) == on("person", ada)
    assert await store.write(holds.lift, "person", ada) is None
    assert not await store.read(holds.is_person_held, ada)


@pytest.mark.parametrize("kind", ["person", "community", "thread"])
async def test_a_post_is_on_hold_by_its_author_its_community_or_its_thread(store: Store, kind: Kind) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    roads = await people.add(store, "roads", kind="Group")
    root = await written.add(store, ada, community_id=roads)
    reply = await written.add(store, ada, community_id=roads, in_reply_to=root.uri)
    other = await written.add(store, bea)
    target = {"person": ada, "community": roads, "thread": root.id}[kind]
    await store.write(holds.place, on(kind, target))
    assert await store.read(holds.held_among, [root.id, reply.id, other.id]) == {root.id, reply.id}


async def test_the_list_says_what_stands_and_what_is_sealed(store: Store) -> None:
    ada = await people.add(store, "ada")
    first, _ = [await written.add(store, ada) for _ in range(2)]
    await store.write(holds.place, on("person", ada))
    await store.write(holds.place, on("thread", first.id))
    await store.write(posts.remove, first.id, NOON, ada, "")
    found = {one.kind: one for one in await store.read(holds.all_of)}
    assert (found["person"].posts, found["person"].sealed) == (1, 1)
    assert (found["thread"].posts, found["thread"].sealed) == (0, 1)
    assert (
        msgspec.structs.asdict(found["person"]).items()
        >= {"reason": "Complaint 17", "by_name": "ada"}.items()
    )
