"""What was said elsewhere is read beside everything else, and a peer that fails is not asked without end."""

from datetime import timedelta

import pytest

from fedcop.workers import history
from storage import histories
from storage.ids import RowId
from tests.support.attacked import Scene
from tests.support.network import Council, Network


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))


async def test_joining_has_the_outbox_read_once_for_a_node(scene: Scene) -> None:
    planning = await scene.joins_planning()
    assert await history.work(scene.kent.node) == 0, "it was read when she joined"
    ben = await scene.kent.person("ben")
    await scene.kent.follow(ben, planning)
    await scene.network.settle()
    asked = scene.lemmy.sent("Follow")[-1]
    scene.network.router.take()
    accept = {"id": f"{planning.uri}/b", "type": "Accept", "actor": planning.uri, "object": asked}
    await scene.send(scene.lemmy, accept)
    assert not [line for line in scene.network.fetches() if "outbox" in line]


async def test_an_outbox_that_cannot_be_had_is_tried_three_times(scene: Scene) -> None:
    planning = await scene.joins_planning()
    node, clock = scene.kent.node, scene.network.clock
    scene.network.router.down.add("lemmy.example")
    await node.store.write(histories.want_community, RowId(1), planning.id, node.clock.now())
    tries = []
    for _ in range(60):
        tries.append(await history.work(node))
        clock.move(timedelta(minutes=1))
    assert [minute for minute, tried in enumerate(tries) if tried] == [0, 1, 11]


async def test_a_community_that_went_away_is_let_go_of(scene: Scene) -> None:
    planning = await scene.joins_planning()
    node = scene.kent.node
    await node.store.write(histories.want_community, RowId(1), planning.id, node.clock.now())
    scene.lemmy.put("/users/planning/outbox", {"id": "x", "type": "Note"})
    assert await history.work(node) == 1
    assert await history.work(node) == 0, "what is no outbox is not asked for again"
