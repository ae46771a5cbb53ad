"""What a person's policy does with what they are told."""

from datetime import timedelta
from typing import Any

import pytest

from storage import notifications, verdicts, visible
from storage.engine import Change, Store
from storage.ids import ActorId, NotificationId
from storage.notifications import NewNotification
from storage.pages import Page
from storage.verdicts import Policy
from tests.storage import people, written
from tests.storage.people import NOON

EVERY = ("mention", "follow", "like", "poll", "follow_request")
LONG_AGO = NOON - timedelta(days=400)


async def _tell(store: Store, me: ActorId, by: ActorId, kind: str = "like", **given: Any) -> bool:
    values: dict[str, Any] = {"post_id": None, "target_id": None, "created_at": NOON} | given
    new = NewNotification(id=NotificationId(people.new_id()), actor_id=me, type=kind, by_actor=by, **values)
    return await store.write(notifications.add, new)


async def _shown(store: Store, me: ActorId, *, filtered: bool = False) -> int:
    viewer = visible.person(me)
    page = Page(limit=20)
    found = await store.read(notifications.page, viewer, me, page, types=EVERY, filtered=filtered)
    return len(found)


async def test_who_said_nothing_accepts_all(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.read(verdicts.policy_of, ada) == Policy()
    assert await _tell(store, ada, bea)
    assert await _shown(store, ada) == 1


@pytest.mark.parametrize("word", ["filter", "drop"])
@pytest.mark.parametrize("kind", ["not_following", "not_followers", "new_accounts"])
async def test_what_is_said_of_strangers_does_not_hold_for_friends(
    store: Store, kind: str, word: str
) -> None:
    ada = await people.add(store, "ada")
    friend = await people.add(store, "bea", created_at=LONG_AGO)
    stranger = await people.add(store, "cat", created_at=NOON)
    await people.follow(store, ada, friend)
    await people.follow(store, friend, ada)
    await store.write(verdicts.put_policy, ada, Policy(**{kind: word}))  # type: ignore[arg-type]
    assert await _tell(store, ada, friend)
    assert await _tell(store, ada, stranger) is (word == "filter")
    assert await _shown(store, ada) == 1
    assert await _shown(store, ada, filtered=True) == (2 if word == "filter" else 1)


async def test_a_direct_post_out_of_nowhere_waits_and_an_answer_does_not(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await store.write(verdicts.put_policy, ada, Policy(private_mentions="filter"))
    naming: dict[str, Any] = {"mentions": ((ada, True),)}
    sudden = await written.add(store, bea, audience="direct", **naming)
    own = await written.add(store, ada)
    reply = await written.answer(store, bea, own, audience="direct", **naming)
    said = await written.add(store, bea, **naming)
    for post in (sudden, reply, said):
        await _tell(store, ada, bea, "mention", post_id=post.id)
    assert await _shown(store, ada) == 2


@pytest.mark.parametrize("kind", ["poll", "follow_request"])
async def test_what_few_are_told_of_is_never_held_back(store: Store, kind: str) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await store.write(verdicts.put_policy, ada, Policy(not_following="drop", not_followers="drop"))
    assert await _tell(store, ada, bea, kind)
    assert await _shown(store, ada) == 1


async def test_what_waits_wakes_nobody_and_is_looked_through_by_sender(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await store.write(verdicts.put_policy, ada, Policy(not_following="filter"))
    heard: list[Change] = []
    store.on_change = heard.append
    post = await written.add(store, ada)
    heard.clear()
    await _tell(store, ada, bea, "like", post_id=post.id)
    await _tell(store, ada, bea, "follow")
    await _tell(store, ada, cat, "follow")
    assert heard == []
    assert await store.read(notifications.unread_count, visible.person(ada), ada, limit=9) == 0
    assert await store.read(verdicts.waiting, ada) == (2, 3)
    viewer = visible.person(ada)
    rows = await store.read(verdicts.requests, viewer, ada, before=1 << 62, limit=9)
    assert [(row.by_actor, row.count, row.last_post_id) for row in rows] == [
        (cat, 1, None),
        (bea, 2, post.id),
    ]
    (older,) = await store.read(verdicts.requests, viewer, ada, before=rows[0].last_id, limit=9)
    assert older == rows[1]
    assert await store.read(verdicts.requests, viewer, ada, before=1 << 62, limit=9, by_actor=bea) == [older]


async def test_whom_a_person_accepts_is_heard_from_then_on(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await store.write(verdicts.put_policy, ada, Policy(not_following="filter"))
    for sender in (bea, cat):
        await _tell(store, ada, sender, "follow")
    assert await store.write(verdicts.accept, ada, bea)
    assert not await store.write(verdicts.accept, ada, bea)
    assert await store.write(verdicts.dismiss, ada, cat)
    assert not await store.write(verdicts.dismiss, ada, cat)
    await _tell(store, ada, bea)
    assert await _shown(store, ada) == await _shown(store, ada, filtered=True) == 2
    assert await store.read(verdicts.waiting, ada) == (0, 0)
