"""What stays dead, and whose word that is."""

from datetime import timedelta

from storage import posts, tombstones
from storage.engine import Store
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

LATER = NOON + timedelta(hours=1)
YORK = "york.example"


async def test_an_id_that_was_deleted_stays_dead(store: Store) -> None:
    ada = await people.add(store, "ada", YORK)
    new = written.new_post(ada, host=YORK)
    ada_uri = f"https://{YORK}/people/ada"
    assert not await store.read(tombstones.is_dead, new.uri, ada_uri)
    await store.write(tombstones.bury, new.uri, ada_uri, NOON)
    await store.write(tombstones.bury, new.uri, ada_uri, LATER)
    assert await store.read(tombstones.is_dead, new.uri, ada_uri)
    assert not await store.write(posts.add, new)
    assert await store.read(posts.find, SYSTEM, new.id) is None


async def test_only_its_author_ends_an_id(store: Store) -> None:
    ada, bea = await people.add(store, "ada", YORK), await people.add(store, "bea", YORK)
    new = written.new_post(ada, host=YORK)
    await store.write(tombstones.bury, new.uri, f"https://{YORK}/people/bea", NOON)
    assert await store.write(posts.add, new)
    await store.write(tombstones.bury, new.uri, f"https://{YORK}/people/ada", LATER)
    assert not await store.write(posts.add, written.new_post(ada, uri=new.uri, host=YORK))
    assert not await store.write(posts.add, written.new_post(bea, uri=new.uri, host=YORK))
