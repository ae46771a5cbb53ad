"""Whom a person points to."""

from storage import endorsements, follows, visible
from storage.engine import Store
from storage.ids import ActorId
from storage.pages import Page
from storage.visible import STRANGER, Viewer
from tests.storage import people


async def _of(store: Store, viewer: Viewer, actor_id: ActorId, page: Page | None = None) -> list[str]:
    return [actor.handle for _, actor in await store.read(endorsements.of, viewer, actor_id, page or Page())]


async def test_one_points_to_whom_one_follows_and_as_long(store: Store) -> None:
    me, ada, bea = [await people.add(store, name) for name in ("me", "ada", "bea")]
    assert not await store.write(endorsements.add, 7, me, ada)
    await people.follow(store, me, ada)
    await people.follow(store, me, bea, accepted=False)
    assert await store.write(endorsements.add, 8, me, ada)
    assert await store.write(endorsements.add, 9, me, ada)
    assert not await store.write(endorsements.add, 10, me, bea)
    assert await _of(store, STRANGER, me) == ["ada"]
    assert await _of(store, STRANGER, me, Page(max_id=8)) == []
    await store.write(follows.remove, me, ada)
    assert await _of(store, STRANGER, me) == []


async def test_one_points_to_somebody_no_more(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada")
    await people.follow(store, me, ada)
    await store.write(endorsements.add, 7, me, ada)
    await store.write(endorsements.remove, me, ada)
    assert await _of(store, STRANGER, me) == []


async def test_who_belongs_to_a_members_only_community_is_not_told_by_it(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada")
    bids = await people.add(store, "bids", kind="Group", approves=True)
    await people.follow(store, me, bids)
    await store.write(endorsements.add, 7, me, bids)
    assert await _of(store, visible.person(ada), me) == []
    assert await _of(store, visible.person(me), me) == ["bids"]
    await people.follow(store, ada, bids)
    assert await _of(store, visible.person(ada), me) == ["bids"]
