"""Routed asks to people here: so many in a week, each ask once, and what was published for them."""

from datetime import datetime, timedelta

import pytest

from storage import asks, routed
from storage.asks import NewAsk
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.routed import Routed
from tests.storage import people, written
from tests.storage.people import NOON

WEEK = timedelta(days=7)


@pytest.fixture
async def nia(store: Store) -> ActorId:
    """Give a person of this node."""
    return await people.add(store, "nia")


async def _routed(store: Store, person: ActorId, at: datetime, *, again: Routed | None = None) -> Routed:
    """Give a routed ask to somebody: of an ask of its own, or of that of another."""
    planning = await people.add(store, f"c{people.new_id()}", "kent.example", kind="Group")
    note = await written.add(store, planning, audience="direct")
    ask = again.ask_id if again else (await written.add(store, planning, community_id=planning)).id
    return Routed(note.id, person, planning, ask, at)


async def _add(store: Store, new: Routed) -> bool:
    return await store.write(routed.add, new, most=2, since=new.asked_at - WEEK)


async def test_nobody_is_asked_more_than_so_often_in_a_week(store: Store, nia: ActorId) -> None:
    added = [await _add(store, await _routed(store, nia, NOON + n * timedelta(days=1))) for n in range(4)]
    assert added == [True, True, False, False]
    since = NOON - timedelta(days=1)
    assert await store.read(routed.asked_since, [nia], since) == [
        (nia, NOON), (nia, NOON + timedelta(days=1)),
    ]  # fmt: skip
    assert await store.read(routed.asked_since, [nia], NOON) == [(nia, NOON + timedelta(days=1))]

    assert await _add(store, await _routed(store, nia, NOON + WEEK))
    assert await _add(store, await _routed(store, await people.add(store, "bob"), NOON + timedelta(days=2)))


async def test_the_same_ask_is_taken_once(store: Store, nia: ActorId) -> None:
    first = await _routed(store, nia, NOON)

    assert await _add(store, first)
    assert not await _add(store, await _routed(store, nia, NOON, again=first))


async def test_a_note_is_known_to_whom_it_was_sent(store: Store, nia: ActorId) -> None:
    new = await _routed(store, nia, NOON)
    await _add(store, new)
    bob = await people.add(store, "bob")

    assert await store.read(routed.by_note, nia, new.note_id) == new
    assert await store.read(routed.by_note, bob, new.note_id) is None


async def test_whoever_was_asked_is_admitted_until_the_ask_closes(store: Store, nia: ActorId) -> None:
    new = await _routed(store, nia, NOON)
    await _add(store, new)
    assert await store.read(routed.admits, new.ask_id, nia)
    assert not await store.read(routed.admits, new.ask_id, await people.add(store, "bob"))

    await store.write(asks.put, new.ask_id, NewAsk())
    assert await store.read(routed.admits, new.ask_id, nia)
    await store.write(asks.put, new.ask_id, NewAsk(withdrawn_at=NOON))
    assert not await store.read(routed.admits, new.ask_id, nia)


async def test_what_was_published_can_be_found_until_it_is_taken_back(store: Store, nia: ActorId) -> None:
    new = await _routed(store, nia, NOON)
    await _add(store, new)
    await store.write(routed.set_reply, new.note_id, PostId(5), NOON)
    held = await store.read(routed.by_note, nia, new.note_id)
    assert held is not None
    assert (held.reply_id, held.replied_at) == (5, NOON)

    await store.write(routed.set_reply, new.note_id, None, None)
    assert await store.read(routed.by_note, nia, new.note_id) == new
