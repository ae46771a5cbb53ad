"""What a community says of itself, changed by who facilitates it."""

import pytest

from fedcop.actions import describe
from fedcop.actions.describe import LONGEST_SUMMARY, Description
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import communities
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.support.pictures import png

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def test_members_nodes_get_it_in_the_form_that_they_believe(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), roads)
    await describe.describe(
        scene.node,
        ada,
        roads,
        Description(name="All roads", summary="Grit *and* salt", icon=png(), image=png()),
    )
    after = await scene.actor(roads.id)
    assert (after.display_name, after.summary_source) == ("All roads", "Grit *and* salt")
    assert after.icon is not None
    sent = {one.inbox: one.document for one in await scene.sent()}
    assert sent[LEMMY]["object"]["actor"] == ada.uri
    assert "proof" in sent[LEMMY]["object"]
    assert sent[MASTODON]["actor"] == roads.uri
    assert sent[MASTODON]["object"] == sent[LEMMY]["object"]["object"]
    assert sent[MASTODON]["object"]["icon"]["url"].endswith(after.icon)


async def test_what_is_not_said_stays(scene: Scene, ada: Actor, roads: Actor) -> None:
    await describe.describe(scene.node, ada, roads, Description(summary="Grit"))
    await describe.describe(scene.node, ada, roads, Description(name="All roads"))
    after = await scene.actor(roads.id)
    assert (after.display_name, after.summary, after.approves) == ("All roads", "<p>Grit</p>", False)


async def test_only_who_facilitates_may_and_only_so_much(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    with pytest.raises(NotPermitted):
        await describe.describe(scene.node, ben, roads, Description(name="Mine"))
    for wrong in (Description(name=""), Description(summary="x" * (LONGEST_SUMMARY + 1))):
        with pytest.raises(Invalid):
            await describe.describe(scene.node, ada, roads, wrong)
    assert (await scene.actor(roads.id)).display_name == "Roads"


async def test_a_community_that_is_none_cannot_be_described(scene: Scene, ada: Actor, ben: Actor) -> None:
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, ben.id, ada.id, lead=True, now=now)
    with pytest.raises(NotFound):
        await describe.describe(scene.node, ada, ben, Description(name="Mine"))
