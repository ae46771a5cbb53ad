"""Nodes of which somebody hears nothing."""

from storage import muted_hosts, notifications, timelines, visible
from storage.engine import Store
from storage.ids import NotificationId
from storage.notifications import NewNotification
from storage.pages import Page
from tests.storage import people, written
from tests.storage.people import NOON

PAGE = Page(limit=20)


async def test_posts_from_a_muted_node_stay_away_from_whoever_muted_it(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    eve = await people.add(store, "eve", "loud.example")
    for person in (ada, bea):
        await people.follow(store, person, eve)
    post = await written.add(store, eve, host="loud.example")
    await store.write(muted_hosts.mute, 7, ada, "loud.example")
    await store.write(muted_hosts.mute, 8, ada, "loud.example")
    for person, seen in ((ada, []), (bea, [post.id])):
        viewer = visible.person(person)
        assert await store.read(timelines.home, viewer, person, PAGE, NOON) == seen
        assert await store.read(timelines.public, viewer, PAGE, NOON) == seen
    assert [row.host for row in await store.read(muted_hosts.page, ada, PAGE)] == ["loud.example"]
    assert await store.read(muted_hosts.all_of, ada) == {"loud.example"}
    await store.write(muted_hosts.unmute, ada, "loud.example")
    assert await store.read(timelines.home, visible.person(ada), ada, PAGE, NOON) == [post.id]


async def test_nobody_is_told_of_what_comes_from_there(store: Store) -> None:
    ada, eve = await people.add(store, "ada"), await people.add(store, "eve", "loud.example")
    new = NewNotification(
        id=NotificationId(people.new_id()),
        actor_id=ada,
        type="follow",
        by_actor=eve,
        post_id=None,
        target_id=None,
        created_at=NOON,
    )
    await store.write(muted_hosts.mute, 7, ada, "loud.example")
    assert not await store.write(notifications.add, new)
    await store.write(muted_hosts.unmute, ada, "loud.example")
    assert await store.write(notifications.add, new)
