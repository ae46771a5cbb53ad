"""Pictures of actors elsewhere: what is kept counts while the actor names the same address."""

import pytest

from storage import actors, peers, pictures
from storage.engine import Store
from storage.ids import ActorId
from storage.pictures import Picture
from storage.visible import STRANGER, SYSTEM
from tests.storage import people
from tests.storage.people import NOON

YORK = "york.example"
FIRST, SECOND = f"https://{YORK}/1.png", f"https://{YORK}/2.png"


async def test_what_is_kept_counts_until_the_address_changes(store: Store) -> None:
    ida = await people.add(store, "ida", YORK, icon=FIRST)
    assert await store.read(pictures.find, STRANGER, ida, "icon") == Picture(FIRST, None)

    assert await store.write(pictures.put, ida, "icon", FIRST, "a.webp") is None
    assert await store.read(pictures.find, STRANGER, ida, "icon") == Picture(FIRST, "a.webp")
    assert await store.read(pictures.find, STRANGER, ida, "image") == Picture(None, None)

    await people.add(store, "ida", YORK, icon=SECOND)
    assert await store.read(pictures.find, STRANGER, ida, "icon") == Picture(SECOND, None)
    assert await store.write(pictures.put, ida, "icon", SECOND, "b.webp") == "a.webp"
    assert await store.read(pictures.find, STRANGER, ida, "icon") == Picture(SECOND, "b.webp")


async def test_icon_and_image_are_kept_apart(store: Store) -> None:
    ida = await people.add(store, "ida", YORK, icon=FIRST, image=FIRST)
    await store.write(pictures.put, ida, "image", FIRST, "h.png")

    assert await store.read(pictures.find, STRANGER, ida, "image") == Picture(FIRST, "h.png")
    assert await store.read(pictures.find, STRANGER, ida, "icon") == Picture(FIRST, None)


@pytest.mark.parametrize("state", ["suspended", "deleted"])
async def test_whoever_is_not_active_shows_none(store: Store, state: str) -> None:
    ida = await people.add(store, "ida", YORK, icon=FIRST)
    await store.write(actors.set_state, ida, state, NOON)

    assert await store.read(pictures.find, STRANGER, ida, "icon") is None


async def test_nobody_of_a_hidden_node_and_nobody_of_ours_is_found(store: Store) -> None:
    ida = await people.add(store, "ida", YORK, icon=FIRST)
    ada = await people.add(store, "ada", icon="a.png")
    await store.write(peers.hide, YORK, NOON)

    assert await store.read(pictures.find, STRANGER, ida, "icon") is None
    assert await store.read(pictures.find, SYSTEM, ida, "icon") == Picture(FIRST, None)
    for nobody in (ada, ActorId(1)):
        assert await store.read(pictures.find, SYSTEM, nobody, "icon") is None
    assert await store.write(pictures.put, ActorId(1), "icon", FIRST, "a.webp") is None
