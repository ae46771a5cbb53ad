"""What a facilitator decides: in one transaction, and only by who facilitates still."""

import pytest

from fedcop.actions import decision, tell
from fedcop.as2 import activities
from fedcop.errors import NotPermitted
from storage import audit, communities
from storage.actors import Actor
from storage.engine import Transaction
from tests.fedcop.actions.scene import Scene


async def _nothing(tx: Transaction) -> None:
    await tx.execute("UPDATE actors SET display_name = 'changed' WHERE handle = 'roads'")


async def test_it_is_done_recorded_and_told_at_once(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    lock = activities.lock_of(decision.new_uri(scene.node), ada.uri, ben.uri, community=roads.uri, reason="")
    told = await tell.prepare(scene.node, ada, lock, community=roads)
    made = decision.made(scene.node, ada, roads, "lock", ben.uri, "Done", [told])
    await scene.node.store.write(decision.write, scene.node, made, _nothing)

    (entry,) = [one for one in await scene.node.store.read(audit.latest, 9) if one.verb == "lock"]
    assert (entry.by_name, entry.object, entry.reason) == ("ada", ben.uri, "Done")
    assert (await scene.actor(roads.id)).display_name == "changed"
    assert [one.form for one in await scene.sent()] == ["Announce Lock"]


async def test_who_was_made_to_leave_meanwhile_decides_nothing(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    made = decision.made(scene.node, ada, roads, "lock", ben.uri, "", [])
    now = scene.node.clock.now()
    await scene.node.store.write(communities.set_facilitators, roads.id, [ben.id], now)
    with pytest.raises(NotPermitted):
        await scene.node.store.write(decision.write, scene.node, made, _nothing)
    assert (await scene.actor(roads.id)).display_name == "Roads"


async def test_elsewhere_it_is_only_said(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, grit.id, ada.id, lead=False, now=now)
    made = decision.made(scene.node, ada, grit, "lock", "x", "", [])
    await scene.node.store.write(decision.write, scene.node, made, _nothing)
    assert [one.verb for one in await scene.node.store.read(audit.latest, 9) if one.verb == "lock"] == []
