"""Who was asked for which ask, what came of it, and which answers wait to be read."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from storage import asks, posts, referrals
from storage.asks import NewAsk
from storage.engine import Store, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.posts import NewPost
from storage.referrals import Counts, Referral
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON, new_id

DAY = timedelta(days=1)


class Asked(msgspec.Struct, frozen=True):
    """An ask, the note that asked nia for it, and the row of that."""

    ask: NewPost
    note: NewPost
    nia: ActorId
    referral: Referral


@pytest.fixture
async def asked(store: Store) -> Asked:
    """Ask nia for an ask of ada's in planning."""
    planning = await people.add(store, "planning", kind="Group")
    nia = await people.add(store, "nia", "powys.example")
    ask = await written.add(store, await people.add(store, "ada"), community_id=planning)
    note = await written.add(store, planning, audience="direct", mentions=((nia, True),))
    referral = referral_of(ask.id, planning, nia, note.id)
    assert await _add(store, referral)
    return Asked(ask, note, nia, referral)


def referral_of(
    post_id: PostId, community: ActorId, person: ActorId, note_id: PostId, **more: Any
) -> Referral:
    reasons = referrals.reasons_of([("service", "service/372", 0), ("helped", "", 2)])
    return Referral(
        RowId(new_id()), post_id, community, person, note_id, "community", None, reasons,
        more.pop("asked_at", NOON), **more,
    )  # fmt: skip


async def _add(store: Store, new: Referral) -> bool:
    return await store.write(referrals.add, new, most=2, since=new.asked_at - 7 * DAY)


async def _write(tx: Transaction, new: NewPost) -> None:
    await posts.add(tx, new)
    await referrals.take_answer(tx, new)


def _reply(to: NewPost, by: ActorId, **more: Any) -> NewPost:
    place = {"in_reply_to": to.uri, "parent_id": to.id, "root_id": to.root_id}
    return written.new_post(by, **(place | more))


async def test_somebody_is_asked_the_same_once(store: Store, asked: Asked) -> None:
    again = msgspec.structs.replace(asked.referral, id=RowId(new_id()))
    assert not await _add(store, again)
    assert await store.read(referrals.of_ask, asked.ask.id) == [asked.referral]
    assert await store.read(referrals.find, asked.ask.id, asked.nia) == asked.referral
    assert await store.read(referrals.by_id, asked.referral.id) == asked.referral
    assert asked.referral.why == [("service", "service/372", 0), ("helped", "", 2)]


async def test_each_time_that_people_were_asked_of_late_is_given(store: Store, asked: Asked) -> None:
    other = await written.add(store, await people.add(store, "bob"))
    earlier = referral_of(
        other.id, asked.referral.community_id, asked.nia, PostId(1), asked_at=NOON - 8 * DAY
    )
    assert await _add(store, earlier)

    assert await store.read(referrals.asked_since, [asked.nia], NOON - 7 * DAY) == [(asked.nia, NOON)]
    assert len(await store.read(referrals.asked_since, [asked.nia], NOON - 9 * DAY)) == 2
    assert await store.read(referrals.asked_since, [ActorId(1)], NOON - 9 * DAY) == []


async def test_nobody_is_asked_more_than_so_often_in_a_week(store: Store, asked: Asked) -> None:
    planning, bob = asked.referral.community_id, await people.add(store, "bob")
    added = []
    for number in (1, 2, 8):
        other = await written.add(store, bob)
        new = referral_of(other.id, planning, asked.nia, PostId(1), asked_at=NOON + number * DAY)
        added.append(await _add(store, new))
    assert added == [True, False, True]


async def test_whoever_was_asked_is_admitted_until_the_ask_closes_or_they_pass(
    store: Store, asked: Asked
) -> None:
    ask = asked.ask
    assert not await store.read(referrals.admits, ask.id, asked.nia)
    await store.write(asks.put, ask.id, NewAsk())
    assert await store.read(referrals.admits, ask.id, asked.nia)
    assert not await store.read(referrals.admits, ask.id, ask.author_id)

    await store.write(asks.put, ask.id, NewAsk(withdrawn_at=NOON))
    assert not await store.read(referrals.admits, ask.id, asked.nia)
    await store.write(asks.put, ask.id, NewAsk())
    await store.write(referrals.end, asked.referral.id, "declined", NOON)
    assert not await store.read(referrals.admits, ask.id, asked.nia)


async def test_a_note_is_known_by_whom_it_asked_and_by_nobody_else(store: Store, asked: Asked) -> None:
    assert await store.read(referrals.by_note, asked.note.id, asked.nia) == asked.referral
    assert await store.read(referrals.by_note, asked.note.id, asked.ask.author_id) is None


async def test_counts_name_nobody(store: Store, asked: Asked) -> None:
    assert await store.read(referrals.counts, asked.ask.id) == Counts(1, 0, 0)
    assert await store.write(referrals.end, asked.referral.id, "declined", NOON)
    assert await store.read(referrals.counts, asked.ask.id) == Counts(1, 0, 1)
    assert not await store.write(referrals.end, asked.referral.id, "answered", NOON)
    assert await store.read(referrals.counts, PostId(1)) == Counts(0, 0, 0)


async def test_a_reply_in_the_thread_answers(store: Store, asked: Asked) -> None:
    await store.write(_write, _reply(asked.ask, asked.nia))

    assert await store.read(referrals.counts, asked.ask.id) == Counts(1, 1, 0)
    assert await store.read(referrals.waiting, 9) == []


async def test_a_private_answer_waits_to_be_read_once(store: Store, asked: Asked) -> None:
    answer = _reply(asked.note, asked.nia, audience="direct")
    await store.write(_write, answer)

    assert [(one.post_id, one.referral_id) for one in await store.read(referrals.waiting, 9)] == [
        (answer.id, asked.referral.id)
    ]
    assert await store.read(referrals.counts, asked.ask.id) == Counts(1, 0, 0)
    assert await store.write(referrals.heard, answer.id)
    assert not await store.write(referrals.heard, answer.id)
    assert await store.read(referrals.waiting, 9) == []


async def test_what_others_write_in_either_place_changes_nothing(store: Store, asked: Asked) -> None:
    other = await people.add(store, "mallory", "evil.example")
    await store.write(_write, _reply(asked.note, other, audience="direct"))
    await store.write(_write, _reply(asked.ask, other))
    await store.write(_write, written.new_post(asked.nia, audience="direct"))

    assert await store.read(referrals.waiting, 9) == []
    assert await store.read(referrals.counts, asked.ask.id) == Counts(1, 0, 0)


async def test_whom_an_answer_names_is_given(store: Store, asked: Asked) -> None:
    bob = await people.add(store, "bob")
    answer = _reply(asked.note, asked.nia, audience="direct", mentions=((bob, True),))
    await store.write(_write, answer)

    assert [one.id for one in await store.read(referrals.named_in, SYSTEM, answer.id)] == [bob]
