"""What ties this node to other hosts."""

from storage import peers, ties
from storage.engine import Store
from storage.ties import Ties
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON


async def _tied(store: Store) -> None:
    """Tie the node to devon.example by people, communities, follows both ways and posts."""
    ada, roads = await people.add(store, "ada"), await people.add(store, "roads", kind="Group")
    cleo, dan = [await people.add(store, name, "devon.example") for name in ("cleo", "dan")]
    pumps = await people.add(store, "pumps", "devon.example", kind="Group")
    await people.add(store, "yan", "york.example")
    for follower, target in ((ada, cleo), (dan, ada), (cleo, roads), (ada, pumps)):
        await people.follow(store, follower, target, accepted=follower != dan)
    for _ in range(3):
        await written.add(store, cleo, host="devon.example")
    await written.add(store, ada)


async def test_what_is_between_this_node_and_a_host_is_counted(store: Store) -> None:
    await _tied(store)
    found = await store.scan(ties.with_hosts, SYSTEM, ["york.example", "devon.example", "nobody.example"])
    assert found == (
        Ties("devon.example", 2, 1, 2, 2, 3, 0),
        Ties("nobody.example", 0, 0, 0, 0, 0, 0),
        Ties("york.example", 1, 0, 0, 0, 0, 0),
    )


async def test_strangers_count_nothing_of_a_host_that_is_hidden(store: Store) -> None:
    await _tied(store)
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.scan(ties.with_hosts, STRANGER, ["devon.example"]) == (
        Ties("devon.example", 0, 0, 0, 0, 0, 0),
    )
