"""The clock of an ask: what is due, each step once, and what was done."""

from datetime import timedelta

import pytest

from storage import escalations, posts
from storage.asks import NewAsk
from storage.engine import Store
from storage.escalations import Escalation
from storage.ids import ActorId, PostId, RowId
from tests.storage import people, written
from tests.storage.people import NOON, new_id

HOUR = timedelta(hours=1)


@pytest.fixture
async def ask(store: Store) -> PostId:
    """Give an ask in a community whose first step is due in an hour."""
    community = await people.add(store, "planning", kind="Group")
    post = await written.add(store, await people.add(store, "ada"), community_id=community)
    await store.write(escalations.begin, clock_of(post.id, community))
    return post.id


def clock_of(post_id: PostId, community: ActorId) -> Escalation:
    return Escalation(post_id, community, "wales", NOON, None, None, NOON + HOUR)


async def test_a_step_is_due_from_its_moment_on_the_longest_due_first(store: Store, ask: PostId) -> None:
    first = await store.read(escalations.find, ask)
    assert first is not None
    later = await written.add(store, await people.add(store, "bob"))
    await store.write(escalations.begin, clock_of(later.id, first.community_id))
    await store.write(escalations.move, later.id, "facilitator", NOON, NOON)

    assert await store.read(escalations.due, NOON - HOUR, 9) == []
    assert [one.post_id for one in await store.read(escalations.due, NOON + HOUR, 9)] == [later.id, ask]
    assert [one.post_id for one in await store.read(escalations.due, NOON + HOUR, 1)] == [later.id]


async def test_a_clock_is_started_once(store: Store, ask: PostId) -> None:
    first = await store.read(escalations.find, ask)
    assert first is not None
    assert not await store.write(escalations.begin, clock_of(ask, first.community_id))
    assert await store.read(escalations.find, PostId(1)) is None


async def test_a_step_is_taken_once_and_the_next_one_waits(store: Store, ask: PostId) -> None:
    at = NOON + HOUR
    assert await store.write(escalations.move, ask, "facilitator", at, at + HOUR)
    assert not await store.write(escalations.move, ask, "facilitator", at, at + HOUR)
    assert await store.read(escalations.due, at, 9) == []
    found = await store.read(escalations.find, ask)
    assert found is not None
    assert (found.step, found.step_at, found.due_at) == ("facilitator", at, at + HOUR)


async def test_a_clock_that_stands_still_takes_no_step(store: Store, ask: PostId) -> None:
    await store.write(escalations.stop, ask)

    assert await store.read(escalations.due, NOON + 1000 * HOUR, 9) == []
    assert not await store.write(escalations.move, ask, "facilitator", NOON, NOON)


async def test_what_was_done_is_kept_in_order(store: Store, ask: PostId) -> None:
    for number, step in enumerate(("facilitator", "community")):
        await store.write(
            escalations.add_step, RowId(new_id()), ask, step=step, asked=number,
            passed_over={"away": number} if number else {}, at=NOON + number * HOUR,
        )  # fmt: skip

    found = await store.read(escalations.steps, ask)

    assert [(one.step, one.asked, one.obstacles) for one in found] == [
        ("facilitator", 0, {}),
        ("community", 1, {"away": 1}),
    ]


async def test_open_asks_here_without_a_clock_are_given(store: Store, ask: PostId) -> None:
    found = await store.read(escalations.find, ask)
    assert found is not None
    elsewhere = await people.add(store, "roads", "devon.example", kind="Group")
    bob = await people.add(store, "bob")
    kept = [
        await written.add(store, bob, community_id=place, ask=NewAsk(), published_at=at)
        for place, at in (
            (found.community_id, NOON),
            (elsewhere, NOON),
            (found.community_id, NOON - 99 * HOUR),
        )
    ]

    assert await store.read(escalations.unbegun, NOON - HOUR, 9) == [kept[0].id]
    await store.write(escalations.begin, clock_of(kept[0].id, found.community_id))
    assert await store.read(escalations.unbegun, NOON - HOUR, 9) == []


async def test_a_removed_ask_keeps_no_clock_that_runs(store: Store, ask: PostId) -> None:
    await store.write(posts.remove, ask, NOON, None, "")
    await store.write(escalations.stop, ask)
    found = await store.read(escalations.find, ask)
    assert found is not None
    assert found.due_at is None
