"""Archives that people asked for."""

from datetime import datetime, timedelta

from storage import archives
from storage.archives import Archive
from storage.engine import Store
from storage.ids import ActorId
from tests.storage import people
from tests.storage.people import NOON

DAY = timedelta(days=1)


async def ask(store: Store, me: ActorId, at: datetime) -> Archive:
    await store.write(archives.ask, me, at, fresh=at - DAY)
    held = await store.read(archives.find, me)
    assert held is not None
    return held


async def test_an_archive_waits_is_ready_and_is_asked_for_anew(store: Store) -> None:
    me = await people.add(store, "me")
    assert await store.read(archives.find, me) is None
    first = await ask(store, me, NOON)
    assert (first.due_at, first.name) == (NOON, None)
    assert await ask(store, me, NOON + DAY * 2) == first
    assert await store.read(archives.due, NOON - DAY, 5) == []
    assert await store.read(archives.due, NOON, 5) == [first]
    assert await store.write(archives.ready, me, name="a.zip", bytes=7, now=NOON)
    assert not await store.write(archives.ready, me, name="b.zip", bytes=7, now=NOON)
    ready = await ask(store, me, NOON + DAY / 2)
    assert (ready.name, ready.bytes, ready.ready_at, ready.due_at) == ("a.zip", 7, NOON, None)
    assert await store.read(archives.names) == {"a.zip"}
    anew = await ask(store, me, NOON + DAY)
    assert (anew.name, anew.due_at) == (None, NOON + DAY)


async def test_one_that_could_not_be_made_may_be_asked_for_at_once(store: Store) -> None:
    me = await people.add(store, "me")
    await ask(store, me, NOON)
    await store.write(archives.put_off, me, NOON + DAY)
    held = await ask(store, me, NOON)
    assert (held.attempt, held.due_at) == (1, NOON + DAY)
    await store.write(archives.put_off, me, None)
    assert (await ask(store, me, NOON)).attempt == 0


async def test_those_that_had_their_time_go(store: Store) -> None:
    ready, failed, waiting = [await people.add(store, name) for name in ("ready", "failed", "waiting")]
    for me in (ready, failed, waiting):
        await ask(store, me, NOON)
    await store.write(archives.ready, ready, name="a.zip", bytes=7, now=NOON + DAY)
    await store.write(archives.put_off, failed, None)
    assert await store.write(archives.forget, NOON) == 1
    assert await store.write(archives.forget, NOON + DAY) == 1
    assert [one.actor_id for one in await store.read(archives.due, NOON, 5)] == [waiting]
    await store.write(archives.remove, waiting)
    assert await store.read(archives.due, NOON, 5) == []
