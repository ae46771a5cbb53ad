"""What nodes said that left the list goes after a while."""

from datetime import timedelta

from storage import hidden, peers, posts
from storage.engine import Store
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

DEVON, YORK = "devon.example", "york.example"


async def test_hosts_hidden_long_enough_are_given_while_posts_of_theirs_are_held(store: Store) -> None:
    for host in (DEVON, YORK, "leeds.example"):
        author = await people.add(store, "dan", host)
        if host != "leeds.example":
            await written.add(store, author, host=host)
    for host in (DEVON, "leeds.example"):
        await store.write(peers.hide, host, NOON)
    assert await store.read(hidden.hosts, NOON - timedelta(seconds=1), 10) == []
    assert await store.read(hidden.hosts, NOON, 10) == [DEVON]


async def test_all_posts_of_a_hidden_host_go_in_steps_and_no_others(store: Store) -> None:
    ada, yan = await people.add(store, "ada"), await people.add(store, "yan", YORK)
    cleo, dan = [await people.add(store, name, DEVON) for name in ("cleo", "dan")]
    gone = [(await written.add(store, author, host=DEVON)).id for author in (cleo, dan, cleo)]
    stay = [
        (await written.add(store, ada)).id,
        (await written.add(store, yan, host=YORK)).id,
    ]
    await store.write(peers.hide, DEVON, NOON)
    steps = 0
    while await store.bulk(hidden.purge, DEVON, 2) is not None:
        steps += 1
    assert steps == 2
    assert [await store.read(posts.find, SYSTEM, post_id) for post_id in gone] == [None] * 3
    assert None not in [await store.read(posts.find, SYSTEM, post_id) for post_id in stay]
    assert await store.read(hidden.hosts, NOON, 10) == []


async def test_a_host_that_is_shown_again_loses_nothing(store: Store) -> None:
    dan = await people.add(store, "dan", DEVON)
    kept = await written.add(store, dan, host=DEVON)
    await store.write(peers.hide, DEVON, NOON)
    await store.write(peers.show, DEVON)
    assert await store.bulk(hidden.purge, DEVON, 10) is None
    assert await store.read(posts.find, SYSTEM, kept.id) is not None
