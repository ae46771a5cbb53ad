"""Polls, their options, votes, and what is due with them."""

from datetime import timedelta

import msgspec

from storage import polls, posts, visible
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.polls import NewOption, NewPoll, Poll
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

HOUR = NOON + timedelta(hours=1)
TWO = NewPoll(options=(NewOption("Tea"), NewOption("Coffee")), ends_at=HOUR, voters_count=0)


async def asked(store: Store, author: ActorId, new: NewPoll = TWO, **given: object) -> PostId:
    return (await written.add(store, author, type="Question", poll=new, **given)).id


async def poll_of(store: Store, post_id: PostId, viewer: visible.Viewer = SYSTEM) -> Poll:
    found = await store.read(polls.find, viewer, post_id)
    assert found is not None
    return found


async def count(store: Store, post_id: PostId, who: ActorId, place: int, *, first: bool = True) -> bool:
    return await store.write(polls.count_vote, post_id, who, place, vote_id=people.new_id(), first=first)


def counts(poll: Poll) -> list[int]:
    return [option.votes_count for option in poll.options]


async def test_a_poll_is_stored_with_its_post_in_order(store: Store) -> None:
    ada = await people.add(store, "ada")
    post_id = await asked(store, ada)
    poll = await poll_of(store, post_id)
    assert [option.title for option in poll.options] == ["Tea", "Coffee"]
    assert (poll.ends_at, poll.voters_count, poll.votes_count, poll.fetched_at) == (HOUR, 0, 0, None)
    assert await store.read(polls.find, SYSTEM, PostId(1)) is None


async def test_a_vote_counts_once_for_each_choice_and_is_its_voters_to_see(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post_id = await asked(store, ada)
    assert await count(store, post_id, bea, 1)
    assert not await count(store, post_id, bea, 1)
    assert await count(store, post_id, bea, 0, first=False)
    poll = await poll_of(store, post_id, visible.person(bea))
    assert (counts(poll), poll.voters_count) == ([1, 1], 1)
    assert all(option.vote_id for option in poll.options)
    assert [option.vote_id for option in (await poll_of(store, post_id)).options] == [None, None]
    assert sorted(await store.read(polls.voted, post_id, bea)) == [0, 1]
    assert await store.read(polls.voters_here, post_id) == [bea]


async def test_a_poll_is_given_to_who_may_see_its_post(store: Store) -> None:
    ada = await people.add(store, "ada")
    open_to_all, narrow = await asked(store, ada), await asked(store, ada, audience="followers")
    assert (await store.read(polls.of_posts, STRANGER, [open_to_all, narrow])).keys() == {open_to_all}
    assert (await store.read(polls.of_posts, SYSTEM, [narrow])).keys() == {narrow}


async def test_what_is_due_comes_soonest_first_and_once(store: Store) -> None:
    ada = await people.add(store, "ada")
    first, second = await asked(store, ada), await asked(store, ada)
    assert await store.read(polls.due, NOON, 10) == []
    soon = NOON + timedelta(minutes=1)
    await store.write(polls.due_by, second, soon)
    await store.write(polls.due_by, second, soon + timedelta(seconds=30))  # not later than it was
    assert await store.read(polls.due, soon, 10) == [second]
    assert await store.write(polls.settle, second, soon)
    assert not await store.write(polls.settle, second, soon)
    # Its end is due after that; then nothing is.
    assert set(await store.read(polls.due, HOUR, 10)) == {first, second}
    assert await store.write(polls.settle, second, HOUR)
    assert await store.read(polls.due, HOUR + timedelta(days=1), 10) == [first]
    await store.write(polls.put_off, first, HOUR + timedelta(days=2))
    assert await store.read(polls.due, HOUR + timedelta(days=1), 10) == []


async def test_counts_of_another_node_replace_those_held(store: Store) -> None:
    sam = await people.add(store, "sam", "surrey.example")
    held = msgspec.structs.replace(TWO, counted_at=NOON)
    post_id = await asked(store, sam, held, host="surrey.example")
    assert await store.read(polls.due, HOUR, 10) == []
    counted = msgspec.structs.replace(
        held,
        options=(NewOption("Tea", 5), NewOption("Coffee", 2)),
        voters_count=7,
        ends_at=NOON,
        counted_at=HOUR,
    )
    assert await store.write(polls.tally, post_id, counted)
    poll = await poll_of(store, post_id)
    assert (counts(poll), poll.voters_count) == ([5, 2], 7)
    assert (poll.ends_at, poll.fetched_at) == (NOON, HOUR)
    assert poll.has_ended(NOON)
    assert not poll.has_ended(NOON - timedelta(seconds=1))


async def test_counts_of_another_poll_change_nothing(store: Store) -> None:
    ada = await people.add(store, "ada")
    post_id = await asked(store, ada)
    for other in (
        NewPoll(options=(NewOption("Tea", 5), NewOption("Milk", 2))),
        msgspec.structs.replace(TWO, multiple=True),
    ):
        assert not await store.write(polls.tally, post_id, other)
    assert counts(await poll_of(store, post_id)) == [0, 0]
    assert not await store.write(polls.tally, PostId(1), TWO)


async def test_an_edit_that_asks_the_same_keeps_the_votes(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post_id = await asked(store, ada)
    await count(store, post_id, bea, 0)
    later = msgspec.structs.replace(TWO, ends_at=HOUR + timedelta(hours=1), hide_totals=True)
    await store.write(polls.change, post_id, later)
    poll = await poll_of(store, post_id)
    assert (counts(poll), poll.hide_totals, poll.ends_at) == ([1, 0], True, later.ends_at)
    assert await store.read(polls.due, HOUR, 10) == []


async def test_an_edit_that_asks_something_else_begins_anew(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post_id = await asked(store, ada)
    await count(store, post_id, bea, 0)
    await store.write(polls.change, post_id, msgspec.structs.replace(TWO, multiple=True))
    poll = await poll_of(store, post_id)
    assert (counts(poll), poll.multiple, poll.voters_count) == ([0, 0], True, 0)
    assert await store.read(polls.voted, post_id, bea) == []


async def test_an_edit_elsewhere_brings_its_counts(store: Store) -> None:
    sam = await people.add(store, "sam", "surrey.example")
    held = msgspec.structs.replace(TWO, counted_at=NOON)
    post_id = await asked(store, sam, held, host="surrey.example")
    counted = msgspec.structs.replace(held, options=(NewOption("Tea", 5), NewOption("Coffee")))
    await store.write(polls.change, post_id, counted)
    assert counts(await poll_of(store, post_id)) == [5, 0]


async def test_a_removed_post_takes_its_poll_and_the_votes_along(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post_id = await asked(store, ada)
    await count(store, post_id, bea, 0)
    await store.write(posts.remove, post_id, NOON, ada, "")
    assert await store.read(polls.find, SYSTEM, post_id) is None
    assert await store.read(polls.voted, post_id, bea) == []
    assert await store.read(polls.due, HOUR, 10) == []
