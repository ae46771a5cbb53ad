"""A person goes."""

from datetime import timedelta

import pytest

from fedcop.actions import leave, token
from fedcop.actions.account import hash_of
from fedcop.errors import Invalid, NotFound
from storage import accounts, activities, changes, copies, follows, oauth, posts, sessions
from storage.actors import Actor
from storage.visible import STRANGER
from tests.fedcop.actions.scene import Scene


async def test_a_suspended_person_is_signed_out_and_hidden(scene: Scene, ben: Actor) -> None:
    post = await scene.write(ben)
    await scene.node.store.write(
        sessions.add,
        "one",
        ben.id,
        "csrf",
        scene.node.clock.now(),
        scene.node.clock.now() + timedelta(days=1),
    )
    await leave.suspend(scene.node, "ben", by="test")
    assert (await scene.actor(ben.id)).state == "suspended"
    assert await scene.rows("SELECT secret FROM sessions") == []
    assert await scene.node.store.read(posts.find, STRANGER, post.id) is None
    with pytest.raises(Invalid, match="already"):
        await leave.suspend(scene.node, "ben", by="test")


async def test_the_tokens_of_a_deleted_person_are_none(scene: Scene, ben: Actor) -> None:
    secret = await token.create(scene.node, "ben", scopes="read", app_name="x", by="test")
    await leave.delete_person(scene.node, "ben", by="test")
    assert await scene.node.store.read(oauth.find_token, hash_of(secret)) is None


async def test_a_deleted_person_leaves_nothing_behind(scene: Scene, ben: Actor, ada: Actor) -> None:
    post = await scene.write(ben, "My number is 01622")
    await scene.joined(ben, ada)
    await leave.delete_person(scene.node, "ben", by="test")
    gone = await scene.actor(ben.id)
    assert (gone.state, gone.display_name) == ("deleted", "")
    assert (await scene.held(post.id)).content == ""
    assert await scene.node.store.read(activities.of_post, post.id) == []
    assert await scene.node.store.read(follows.of_actor, ben.id) == []
    account = await scene.node.store.read(accounts.find, ben.id)
    assert account is not None
    assert (account.state, "ben" in account.email) == ("deleted", False)
    with pytest.raises(NotFound):
        await leave.delete_person(scene.node, "ben", by="test")


async def test_a_deletion_is_told_to_all_who_hold_something_of_it(scene: Scene, ben: Actor) -> None:
    post = await scene.write(ben)
    follower = await scene.remote("cleo", "devon.example")
    await scene.joined(follower, ben)
    followed = await scene.remote("fay", "essex.example")
    await scene.joined(ben, followed)
    await scene.node.store.write(copies.add, post.uri, [("surrey.example", "https://surrey.example/inbox")])
    await scene.node.store.write(copies.add, ben.uri, [("lemmy.example", "https://lemmy.example/inbox")])
    await scene.sent()
    before = (await scene.node.store.read(changes.counters)).get("deliveries", 0)
    await leave.delete_person(scene.node, "ben", by="test")
    assert await scene.forms() == [
        (f"https://{host}/inbox", "Delete")
        for host in ("devon.example", "essex.example", "lemmy.example", "surrey.example")
    ]
    assert (await scene.node.store.read(changes.counters))["deliveries"] == before + 1


async def test_who_was_half_deleted_is_deleted_the_next_time(scene: Scene, ben: Actor) -> None:
    await leave.suspend(scene.node, "ben", by="test")
    await leave.delete_person(scene.node, "ben", by="test")
    assert (await scene.actor(ben.id)).state == "deleted"


@pytest.mark.parametrize("name", ["nobody", "roads", "ask"])
async def test_only_people_go(scene: Scene, name: str) -> None:
    with pytest.raises(NotFound):
        await leave.suspend(scene.node, name, by="test")
