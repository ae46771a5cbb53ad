"""Where clients are told, and what is yet to be pushed."""

from datetime import timedelta
from typing import Any

from storage import accounts, notifications, oauth, push
from storage.engine import Store
from storage.ids import ActorId, NotificationId
from storage.notifications import NewNotification
from storage.oauth import App, NewToken
from storage.push import Subscription
from tests.storage import people
from tests.storage.people import NOON

SINCE = NOON - timedelta(days=2)


async def _person(store: Store, name: str) -> ActorId:
    """Give somebody who may use this node."""
    added = await people.add(store, name)
    await store.write(accounts.add, added, email=f"{name}@kent.example", password=None, admin=False, now=NOON)
    return added


async def _token(store: Store, me: ActorId) -> int:
    token_id = people.new_id()
    app = App(token_id, str(token_id), "hash", "Tusky", None, "[]", "push", NOON)
    token = NewToken(
        id=token_id, secret=str(token_id), app_id=token_id, actor_id=me, scopes="push", created_at=NOON
    )
    await store.write(oauth.add_app, app)
    await store.write(oauth.add_token, token)
    return token_id


async def _subscribed(store: Store, me: ActorId, **given: Any) -> Subscription:
    token_id = given.pop("token_id", None) or await _token(store, me)
    values: dict[str, Any] = {
        "endpoint": "https://push.example/1",
        "p256dh": b"p",
        "secret": b"s",
        "standard": True,
        "alerts": ("mention", "follow"),
        "policy": "all",
    }
    await store.write(push.put, token_id, me, **(values | given))
    held = await store.read(push.find, token_id)
    assert held is not None
    return held


async def _tell(store: Store, me: ActorId, by: ActorId, kind: str = "follow", **given: Any) -> int:
    new = NewNotification(
        id=NotificationId(people.new_id()),
        actor_id=me,
        type=kind,
        by_actor=by,
        post_id=None,
        target_id=None,
        created_at=given.get("at", NOON),
    )
    assert await store.write(notifications.add, new)
    return new.id


async def _due(store: Store) -> list[int]:
    return [held.id for held in await store.read(push.due, NOON, [], 10)]


async def test_a_token_has_one_and_begins_with_what_comes_next(store: Store) -> None:
    ada, bea, cat = [await _person(store, name) for name in ("ada", "bea", "cat")]
    await _tell(store, ada, bea)
    first = await _subscribed(store, ada)
    assert await _due(store) == []
    assert await store.read(push.next_of, first, SINCE) is None
    told = await _tell(store, ada, cat)
    assert await _due(store) == [first.id]
    assert await store.read(push.next_of, first, SINCE) == told
    again = await _subscribed(store, ada, token_id=first.token_id, endpoint="https://push.example/2")
    assert (again.id, again.endpoint) == (first.id, "https://push.example/2")
    assert await store.read(push.next_of, again, SINCE) is None
    await store.write(push.remove, first.token_id)
    assert await store.read(push.find, first.token_id) is None


async def test_only_what_is_wanted_is_pushed(store: Store) -> None:
    ada, bea, cat = [await _person(store, name) for name in ("ada", "bea", "cat")]
    held = await _subscribed(store, ada, alerts=("follow",))
    await _tell(store, ada, bea, "follow_request")
    assert await store.read(push.next_of, held, SINCE) is None
    told = await _tell(store, ada, cat)
    assert await store.read(push.next_of, held, SINCE) == told
    assert await store.read(push.next_of, held, NOON) is None


async def test_whom_a_client_hears_of_is_its_choice(store: Store) -> None:
    ada, bea, cat = [await _person(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    await people.follow(store, cat, ada)
    held = {
        policy: await _subscribed(store, ada, policy=policy)
        for policy in ("all", "followed", "follower", "none")
    }
    by_bea, by_cat = await _tell(store, ada, bea), await _tell(store, ada, cat)
    found = {policy: await store.read(push.next_of, one, SINCE) for policy, one in held.items()}
    assert found == {"all": by_bea, "followed": by_bea, "follower": by_cat, "none": None}


async def test_what_was_sent_is_not_sent_again_and_nothing_is_missed(store: Store) -> None:
    ada, bea, cat = [await _person(store, name) for name in ("ada", "bea", "cat")]
    held = await _subscribed(store, ada)
    first, second = await _tell(store, ada, bea), await _tell(store, ada, cat)
    await store.write(push.sent, held.id, NotificationId(first))
    again = await store.read(push.find, held.token_id)
    assert again is not None
    assert await store.read(push.next_of, again, SINCE) == second
    highest = await store.read(push.highest, ada)
    assert highest == second
    late = await _tell(store, ada, await people.add(store, "dan"))
    await store.write(push.rest, held.id, highest)
    assert await _due(store) == [held.id]
    await store.write(push.rest, held.id, NotificationId(late))
    assert await _due(store) == []


async def test_a_service_that_fails_is_tried_later(store: Store) -> None:
    ada, bea = await _person(store, "ada"), await _person(store, "bea")
    held = await _subscribed(store, ada)
    await _tell(store, ada, bea)
    await store.write(push.put_off, held.id, NOON + timedelta(minutes=1))
    assert await _due(store) == []
    again = await store.read(push.find, held.token_id)
    assert again is not None
    assert again.failures == 1
    assert [one.id for one in await store.read(push.due, NOON + timedelta(minutes=1), [], 10)] == [held.id]
    assert await store.read(push.due, NOON + timedelta(minutes=1), [held.id], 10) == []
    await store.write(push.drop, held.id)
    assert await store.read(push.find, held.token_id) is None


async def test_what_a_client_hears_of_is_changed_and_ends_with_its_token(store: Store) -> None:
    ada = await _person(store, "ada")
    held = await _subscribed(store, ada)
    assert await store.write(push.change, held.token_id, alerts=("poll",), policy="none")
    changed = await store.read(push.find, held.token_id)
    assert changed is not None
    assert (changed.kinds, changed.policy) == (("poll",), "none")
    assert not await store.write(push.change, held.token_id + 1, alerts=(), policy="all")
    await store.write(oauth.revoke_all, ada)
    assert await store.read(push.find, held.token_id) is None
