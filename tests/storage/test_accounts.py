"""People who sign in here."""

from datetime import timedelta

import msgspec

from storage import accounts, everybody
from storage.engine import Store
from storage.ids import ActorId
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON


async def _add(store: Store, handle: str, *, admin: bool = False) -> ActorId:
    actor_id = await people.add(store, handle)
    email = f"{handle}@kent.example"
    assert await store.write(accounts.add, actor_id, email=email, password="hash", admin=admin, now=NOON)
    return actor_id


async def test_an_account_is_found_by_person_address_and_name(store: Store) -> None:
    ada = await _add(store, "ada", admin=True)
    found = await store.read(accounts.find, ada)
    assert found is not None
    assert (found.admin, found.state, found.password, found.created_at) == (True, "active", "hash", NOON)
    assert await store.read(accounts.find_by_email, "ada@kent.example") == found
    assert await store.read(accounts.find_by_name, "ada") == found
    assert await store.read(accounts.find_by_name, "bea") is None


async def test_an_address_belongs_to_one_person(store: Store) -> None:
    await _add(store, "ada")
    bea = await people.add(store, "bea")
    assert not await store.write(
        accounts.add, bea, email="ada@kent.example", password=None, admin=False, now=NOON
    )


async def test_accounts_are_listed_by_handle(store: Store) -> None:
    await _add(store, "bea")
    await _add(store, "ada")
    listed = await store.read(accounts.all_of, SYSTEM)
    assert [(row.handle, row.name, row.email) for row in listed] == [
        ("ada", "Ada", "ada@kent.example"),
        ("bea", "Bea", "bea@kent.example"),
    ]


async def test_password_state_settings_and_last_visit_are_stored(store: Store) -> None:
    ada = await _add(store, "ada")
    before = await store.read(accounts.find, ada)
    assert before is not None
    settings = msgspec.structs.replace(accounts.settings_of(before), locale="cy", audience="followers")
    await store.write(accounts.set_password, ada, "newer")
    await store.write(accounts.set_settings, ada, settings)
    await store.write(accounts.touch, ada, NOON)
    assert await store.write(accounts.set_state, ada, "suspended", NOON)
    assert not await store.write(accounts.set_state, ada, "suspended", NOON)
    assert await store.read(accounts.find, ada) == msgspec.structs.replace(
        before,
        password="newer",
        locale="cy",
        audience="followers",
        last_seen_at=NOON,
        state="suspended",
    )


async def test_whoever_was_here_lately_is_counted(store: Store) -> None:
    ada = await _add(store, "ada")
    await _add(store, "bea")
    await store.write(accounts.touch, ada, NOON)
    assert await store.read(everybody.count_active_people, SYSTEM, NOON - timedelta(days=1)) == 1
    assert await store.read(everybody.count_active_people, SYSTEM, NOON + timedelta(days=1)) == 0


async def test_a_deleted_account_holds_nothing_and_frees_its_address(store: Store) -> None:
    ada = await _add(store, "ada", admin=True)
    await store.write(accounts.forget, ada)
    found = await store.read(accounts.find, ada)
    assert found is not None
    assert (found.state, found.password, found.admin) == ("deleted", None, False)
    bea = await people.add(store, "bea")
    assert await store.write(
        accounts.add, bea, email="ada@kent.example", password=None, admin=False, now=NOON
    )


async def test_an_invitation_is_taken_once_and_ends_the_others_of_that_person(store: Store) -> None:
    ada, bea = await _add(store, "ada"), await _add(store, "bea")
    later = NOON + timedelta(days=7)
    for secret, actor_id in (("one", ada), ("two", ada), ("bea", bea)):
        await store.write(accounts.add_invitation, secret, actor_id, later)
    assert await store.read(accounts.find_invitation, "one", NOON) == ada
    assert await store.write(accounts.take_invitation, "one", NOON) == ada
    assert await store.write(accounts.take_invitation, "one", NOON) is None
    assert await store.write(accounts.take_invitation, "two", NOON) is None
    assert await store.read(accounts.find_invitation, "bea", NOON) == bea


async def test_an_invitation_expires_and_can_be_ended(store: Store) -> None:
    ada = await _add(store, "ada")
    await store.write(accounts.add_invitation, "one", ada, NOON)
    assert await store.read(accounts.find_invitation, "one", NOON) is None
    assert await store.write(accounts.take_invitation, "one", NOON) is None
    await store.write(accounts.add_invitation, "two", ada, NOON + timedelta(days=7))
    await store.write(accounts.end_invitations, ada)
    assert await store.read(accounts.find_invitation, "two", NOON) is None
