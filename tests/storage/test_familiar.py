"""Familiar followers."""

from storage import familiar, visible
from storage.engine import Store
from tests.storage import people
from tests.storage.people import hide_follows


async def test_they_are_whom_one_follows_and_who_follow_the_other(store: Store) -> None:
    me, ada, bea, cat, dan = [await people.add(store, name) for name in ("me", "ada", "bea", "cat", "dan")]
    for known in (ada, bea):
        await people.follow(store, me, known)
    for follower in (ada, cat):
        await people.follow(store, follower, dan)
    await people.follow(store, bea, dan, accepted=False)
    found = await store.read(familiar.followers, visible.person(me), me, [dan, cat])
    assert {actor_id: [one.handle for one in rows] for actor_id, rows in found.items()} == {dan: ["ada"]}


async def test_who_hides_whom_they_follow_is_told_nobody_of_it(store: Store) -> None:
    me, ada, dan = [await people.add(store, name) for name in ("me", "ada", "dan")]
    await people.follow(store, me, ada)
    await people.follow(store, ada, dan)
    for hidden in (ada, dan):
        await hide_follows(store, hidden, hidden=True)
        assert await store.read(familiar.followers, visible.person(me), me, [dan]) == {}
        await hide_follows(store, hidden, hidden=False)
    assert list(await store.read(familiar.followers, visible.person(me), me, [dan])) == [dan]


async def test_who_belongs_to_a_members_only_community_is_told_to_its_members(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada")
    bids = await people.add(store, "bids", kind="Group", approves=True)
    await people.follow(store, me, ada)
    await people.follow(store, ada, bids)
    assert await store.read(familiar.followers, visible.person(me), me, [bids]) == {}
    await people.follow(store, me, bids)
    assert list(await store.read(familiar.followers, visible.person(me), me, [bids])) == [bids]
