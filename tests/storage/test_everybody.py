"""Everybody met, as an admin looks through them."""

import pytest

from storage import accounts, actors, everybody
from storage.engine import Store
from storage.everybody import Wanted
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON


async def _peopled(store: Store) -> None:
    for name in ("ada", "bea", "cat"):
        made = await people.add(store, name)
        await store.write(
            accounts.add, made, email=f"{name}@kent.example", password=None, admin=name == "ada", now=NOON
        )
        if name == "bea":
            await store.write(accounts.set_state, made, "disabled", NOON)
        if name == "cat":
            await store.write(actors.set_state, made, "suspended", NOON)
    await people.add(store, "dan", "devon.example")
    await people.add(store, "node", kind="Application")
    gone = await people.add(store, "gone")
    await store.write(actors.mark_deleted, gone, NOON)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["dan", "cat", "bea", "ada"]),
        (Wanted(local=True), ["cat", "bea", "ada"]),
        (Wanted(local=False), ["dan"]),
        (Wanted(state="active"), ["dan", "ada"]),
        (Wanted(state="disabled"), ["bea"]),
        (Wanted(state="suspended"), ["cat"]),
        (Wanted(state="pending"), []),
        (Wanted(admin=True), ["ada"]),
        (Wanted(handle="B"), ["bea"]),
        (Wanted(handle="_ea"), []),
        (Wanted(display_name="da"), ["dan"]),
        (Wanted(domain="Devon.example"), ["dan"]),
        (Wanted(email="ada@"), ["ada"]),
    ],
)
async def test_they_are_found_by_what_is_asked(store: Store, wanted: Wanted, found: list[str]) -> None:
    await _peopled(store)
    rows = await store.read(everybody.page, SYSTEM, Page(), wanted)
    assert [row.handle for row in rows] == found


async def test_one_is_shown_with_how_they_sign_in(store: Store) -> None:
    await _peopled(store)
    ada = (await store.read(everybody.page, SYSTEM, Page(), Wanted(handle="ada")))[0]
    found = await store.read(everybody.find, SYSTEM, ada.id)
    assert found is not None
    assert (found.email, found.admin, found.access) == ("ada@kent.example", True, "active")
    dan = (await store.read(everybody.page, SYSTEM, Page(), Wanted(handle="dan")))[0]
    assert (dan.email, dan.admin, dan.access) == (None, None, None)
    assert await store.read(everybody.find, SYSTEM, people.ActorId(1)) is None
