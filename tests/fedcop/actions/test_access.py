"""What an admin decides about somebody."""

import pytest

from fedcop.actions import access, token
from fedcop.actions.account import hash_of
from fedcop.errors import Invalid, NotPermitted
from storage import accounts, actors, audit, oauth, posts
from storage.actors import Actor
from storage.visible import STRANGER, SYSTEM
from tests.fedcop.actions.scene import Scene


async def _state(scene: Scene, person: Actor) -> str:
    account = await scene.node.store.read(accounts.find, person.id)
    assert account is not None
    return account.state


async def test_somebody_is_suspended_and_comes_back(scene: Scene, ada: Actor, ben: Actor) -> None:
    post = await scene.write(ben)
    secret = await token.create(scene.node, "ben", scopes="read", app_name="x", by="test")
    await access.suspend(scene.node, ada, ben)
    assert (await _state(scene, ben), (await scene.actor(ben.id)).state) == ("suspended", "suspended")
    bearer = await scene.node.store.read(oauth.find_token, hash_of(secret))
    assert bearer is not None
    assert bearer.state == "suspended"
    assert await scene.node.store.read(posts.find, STRANGER, post.id) is None
    await access.unsuspend(scene.node, ada, ben)
    await access.unsuspend(scene.node, ada, ben)
    assert (await _state(scene, ben), (await scene.actor(ben.id)).state) == ("active", "active")
    assert await scene.node.store.read(posts.find, STRANGER, post.id) is not None
    verbs = [entry.verb for entry in await scene.node.store.read(audit.latest, 3)]
    assert verbs[:1] == ["account unsuspend"]
    assert "account suspend" in verbs


async def test_who_is_disabled_keeps_what_they_wrote_and_their_tokens(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    post = await scene.write(ben)
    secret = await token.create(scene.node, "ben", scopes="read", app_name="x", by="test")
    await access.disable(scene.node, ada, ben)
    bearer = await scene.node.store.read(oauth.find_token, hash_of(secret))
    assert bearer is not None
    assert bearer.state == "disabled"
    assert await scene.node.store.read(posts.find, STRANGER, post.id) is not None
    await access.enable(scene.node, ada, ben)
    assert await _state(scene, ben) == "active"


async def test_enabling_lets_nobody_back_who_is_suspended(scene: Scene, ada: Actor, ben: Actor) -> None:
    await access.suspend(scene.node, ada, ben)
    await access.enable(scene.node, ada, ben)
    assert await _state(scene, ben) == "suspended"


async def test_only_who_is_suspended_is_deleted(scene: Scene, ada: Actor, ben: Actor) -> None:
    with pytest.raises(NotPermitted):
        await access.delete(scene.node, ada, ben)
    await access.suspend(scene.node, ada, ben)
    await access.delete(scene.node, ada, await scene.actor(ben.id))
    assert (await scene.actor(ben.id)).state == "deleted"


async def test_nobody_decides_about_themself_or_a_community(scene: Scene, ada: Actor) -> None:
    with pytest.raises(NotPermitted, match="themself"):
        await access.disable(scene.node, ada, ada)
    roads = await scene.node.store.read(actors.find_by_handle, SYSTEM, "roads", ada.domain)
    assert roads is not None
    with pytest.raises(Invalid, match="not a person"):
        await access.suspend(scene.node, ada, roads)


async def test_a_person_becomes_an_admin_and_is_one_no_longer(scene: Scene, ada: Actor, ben: Actor) -> None:
    for to_admin in (True, True, False):
        await access.set_role(scene.node, ada, ben, to_admin=to_admin)
        account = await scene.node.store.read(accounts.find, ben.id)
        assert account is not None
        assert account.admin is to_admin
    roles = [one for one in await scene.node.store.read(audit.latest, 9) if one.verb == "account role"]
    assert [(one.before, one.after) for one in roles] == [
        ('{"admin":"yes"}', '{"admin":"no"}'),
        ('{"admin":"no"}', '{"admin":"yes"}'),
    ]
    with pytest.raises(NotPermitted):
        await access.set_role(scene.node, ada, ada, to_admin=False)
    with pytest.raises(Invalid):
        await access.set_role(scene.node, ada, await scene.remote("dee", "lemmy.example"), to_admin=True)


async def test_somebody_is_signed_out_everywhere(scene: Scene, ada: Actor, ben: Actor) -> None:
    secret = await token.create(scene.node, "ben", scopes="read", app_name="x", by="test")
    await access.sign_out(scene.node, ada, ben)
    assert await scene.node.store.read(oauth.find_token, hash_of(secret)) is None
    assert await _state(scene, ben) == "active"
    with pytest.raises(Invalid):
        await access.sign_out(scene.node, ada, await scene.remote("dee", "lemmy.example"))
