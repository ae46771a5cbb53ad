"""Who facilitates a community of this node."""

import pytest

from fedcop.actions import facilitate, moderate
from fedcop.errors import Invalid, NotPermitted
from storage import communities
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"


async def listed(scene: Scene, community: Actor) -> list[str]:
    found = await scene.node.store.read(communities.facilitators_of, SYSTEM, community.id)
    return [one.handle for one in found]


async def test_a_facilitator_appoints_people_of_any_node(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    eve = await scene.remote("eve", "lemmy.example")
    await facilitate.appoint(scene.node, ada, roads, ben)
    await facilitate.appoint(scene.node, ben, roads, eve)
    assert await listed(scene, roads) == ["ada", "ben", "eve"]
    sent = [one for one in await scene.sent() if one.document["object"] == eve.uri]
    assert [(one.inbox, one.document["type"], one.document["target"]) for one in sent] == [
        (LEMMY, "Add", f"{roads.uri}/facilitators")
    ]


async def test_nobody_else_appoints_and_not_everybody_is_appointed(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    with pytest.raises(NotPermitted):
        await facilitate.appoint(scene.node, ben, roads, ben)
    with pytest.raises(Invalid):
        await facilitate.appoint(scene.node, ada, roads, ada)
    with pytest.raises(Invalid):
        await facilitate.appoint(scene.node, ada, roads, roads)
    await moderate.ban(scene.node, ada, roads, cat)
    with pytest.raises(NotPermitted):
        await facilitate.appoint(scene.node, ada, roads, cat)
    for number in range(facilitate.MOST - 1):
        someone = await scene.remote(f"x{number}", "lemmy.example")
        await facilitate.appoint(scene.node, ada, roads, someone)
    with pytest.raises(Invalid):
        await facilitate.appoint(scene.node, ada, roads, ben)
    assert len(await listed(scene, roads)) == facilitate.MOST


async def test_the_lead_dismisses_others_and_anybody_themselves_but_the_last(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    for person in (ben, cat):
        await facilitate.appoint(scene.node, ada, roads, person)
    with pytest.raises(NotPermitted):
        await facilitate.dismiss(scene.node, ben, roads, cat)
    await facilitate.dismiss(scene.node, cat, roads, cat)
    await facilitate.dismiss(scene.node, ada, roads, ben)
    with pytest.raises(NotPermitted):
        await facilitate.dismiss(scene.node, ada, roads, ada)
    assert await listed(scene, roads) == ["ada"]


async def test_the_lead_hands_over_to_another_of_them(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    with pytest.raises(Invalid):
        await facilitate.hand_over(scene.node, ada, roads, ben)
    await facilitate.appoint(scene.node, ada, roads, ben)
    with pytest.raises(NotPermitted):
        await facilitate.hand_over(scene.node, ben, roads, ben)
    await facilitate.hand_over(scene.node, ada, roads, ben)
    assert await listed(scene, roads) == ["ben", "ada"]


async def test_of_a_community_elsewhere_nothing_is_changed_from_here(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, grit.id, ada.id, lead=True, now=now)
    with pytest.raises(NotPermitted):
        await facilitate.dismiss(scene.node, ada, grit, ada)
    assert await scene.sent() == []
