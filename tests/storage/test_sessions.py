"""Who is signed in at the pages, and wrong passwords."""

from datetime import timedelta

from storage import accounts, sessions
from storage.engine import Store
from storage.ids import ActorId
from storage.sessions import Failures, Session
from tests.storage import people
from tests.storage.people import NOON

LATER = NOON + timedelta(days=14)


async def _ada(store: Store) -> ActorId:
    ada = await people.add(store, "ada")
    await store.write(accounts.add, ada, email="ada@kent.example", password=None, admin=True, now=NOON)
    return ada


async def test_a_session_is_found_until_it_expires_or_ends(store: Store) -> None:
    ada = await _ada(store)
    await store.write(sessions.add, "one", ada, "csrf", NOON, LATER)
    assert await store.read(sessions.find, "one", NOON) == Session(ada, "csrf", NOON, LATER, True, "active")
    assert await store.read(sessions.find, "one", LATER) is None
    await store.write(sessions.end, "one")
    assert await store.read(sessions.find, "one", NOON) is None


async def test_all_sessions_of_a_person_end_at_once(store: Store) -> None:
    ada = await _ada(store)
    for secret in ("one", "two"):
        await store.write(sessions.add, secret, ada, "csrf", NOON, LATER)
    await store.write(sessions.end_all, ada)
    assert await store.read(sessions.find, "two", NOON) is None


async def test_a_session_says_who_is_suspended_and_none_is_of_who_is_disabled(store: Store) -> None:
    ada = await _ada(store)
    await store.write(sessions.add, "one", ada, "csrf", NOON, LATER)
    await store.write(accounts.set_state, ada, "suspended", NOON)
    found = await store.read(sessions.find, "one", NOON)
    assert found is not None
    assert found.state == "suspended"
    await store.write(accounts.set_state, ada, "disabled", NOON)
    assert await store.read(sessions.find, "one", NOON) is None


async def test_failures_count_for_the_pair_and_for_the_address(store: Store) -> None:
    for account, address in (
        ("ada", "192.0.2.1"),
        ("ada", "192.0.2.1"),
        ("bea", "192.0.2.1"),
        ("ada", "192.0.2.2"),
    ):
        await store.write(sessions.add_failure, account, address, NOON)
    before = NOON - timedelta(minutes=5)
    assert await store.read(sessions.failures_since, "ada", "192.0.2.1", before) == Failures(2, 3)
    assert await store.read(sessions.failures_since, "ada", "192.0.2.1", NOON) == Failures(0, 0)
    await store.write(sessions.clear_failures, "ada", "192.0.2.1")
    assert await store.read(sessions.failures_since, "ada", "192.0.2.1", before) == Failures(0, 1)


async def test_what_has_expired_is_removed_and_the_rest_stays(store: Store) -> None:
    ada = await _ada(store)
    await store.write(sessions.add, "old", ada, "csrf", NOON, NOON)
    await store.write(sessions.add, "new", ada, "csrf", NOON, LATER)
    await store.write(accounts.add_invitation, "old", ada, NOON)
    await store.write(accounts.add_invitation, "new", ada, LATER)
    await store.write(sessions.add_failure, "ada", "192.0.2.1", NOON)
    await store.write(sessions.add_failure, "ada", "192.0.2.1", LATER)
    await store.write(sessions.clean, NOON, NOON)
    earlier = NOON - timedelta(days=1)
    assert await store.read(sessions.find, "old", earlier) is None
    assert await store.read(sessions.find, "new", NOON) is not None
    assert await store.read(accounts.find_invitation, "old", earlier) is None
    assert await store.read(accounts.find_invitation, "new", NOON) == ada
    assert await store.read(sessions.failures_since, "ada", "192.0.2.1", earlier) == Failures(1, 1)


async def test_all_sessions_end_but_the_one_that_asks(store: Store) -> None:
    ada = await _ada(store)
    for name in ("this", "that"):
        await store.write(sessions.add, name, ada, f"csrf of {name}", NOON, LATER)
    await store.write(sessions.end_others, ada, "csrf of this")
    assert await store.read(sessions.find, "this", NOON) is not None
    assert await store.read(sessions.find, "that", NOON) is None
