"""Tokens made without a browser."""

import pytest

from fedcop.actions import leave, token
from fedcop.actions.account import hash_of
from fedcop.errors import Invalid, NotFound
from storage import audit, oauth
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


async def test_a_token_opens_what_its_scopes_say(scene: Scene, ada: Actor) -> None:
    secret = await token.create(scene.node, "ada", scopes="read,write follow", app_name="Bench", by="test")
    bearer = await scene.node.store.read(oauth.find_token, hash_of(secret))
    assert bearer is not None
    assert (bearer.actor_id, bearer.scopes, bearer.app_name) == (ada.id, "read write follow", "Bench")
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.by_name) == ("token create", "ada", "test")


@pytest.mark.parametrize("scopes", ["", " ", "read wite", "everything"])
async def test_unknown_scopes_are_refused(scene: Scene, scopes: str) -> None:
    with pytest.raises(Invalid, match="scopes"):
        await token.create(scene.node, "ada", scopes=scopes, app_name="Bench", by="test")


async def test_only_active_people_get_one(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await token.create(scene.node, "zed", scopes="read", app_name="Bench", by="test")
    await leave.suspend(scene.node, "ben", by="test")
    with pytest.raises(Invalid, match="suspended"):
        await token.create(scene.node, "ben", scopes="read", app_name="Bench", by="test")
