import asyncio

from fedcop import fetch
from fedcop.node import Node
from fedcop.workers import pull
from storage import follows, memberships
from storage.actors import Actor
from tests.fedcop.workers.test_upkeep import Said
from tests.support.network import Council, Network


async def joined(two_nodes: Network) -> tuple[Council, Council, Actor, Actor]:
    """Let ben of devon join kent's community floods; gives both nodes, ben, and devon's row of floods."""
    kent, devon = two_nodes
    floods, ben = await kent.community("floods", await kent.person("fin")), await devon.person("ben")
    await fetch.actor(devon.node, floods.uri)
    await devon.follow(ben, floods)
    await two_nodes.settle()
    return kent, devon, ben, await devon.known(floods)


async def test_a_community_elsewhere_is_asked_once_a_day(two_nodes: Network) -> None:
    kent, devon, _, floods = await joined(two_nodes)
    ana = await kent.person("ana")
    await kent.follow(ana, floods)
    two_nodes.router.take()
    assert await pull.work(devon.node) == 0
    two_nodes.clock.move(pull.ASKED_EVERY)
    assert await pull.work(devon.node) == 1
    assert two_nodes.fetches() == [f"GET {floods.uri}/followers"]
    assert await devon.node.store.read(memberships.knows_member, floods.id, ana.uri)
    assert await pull.work(devon.node) == 0
    assert await pull.work(kent.node) == 0, "its own communities it knows"


async def test_a_membership_that_the_communitys_node_lost_ends(two_nodes: Network) -> None:
    kent, devon, ben, floods = await joined(two_nodes)
    cat = await devon.person("cat")
    await devon.follow(cat, floods)
    await two_nodes.settle()
    guest, hosted = await kent.known(ben), await kent.known(floods)
    await kent.node.store.write(follows.remove, guest.id, hosted.id)
    two_nodes.clock.move(pull.ASKED_EVERY)
    assert await pull.work(devon.node) == 1
    assert await devon.node.store.read(follows.find, ben.id, floods.id) is None
    assert await devon.node.store.read(memberships.is_member, floods.id, cat.id)


async def test_a_node_that_is_down_is_asked_the_next_day_and_holds_up_nobody(two_nodes: Network) -> None:
    _, devon, ben, floods = await joined(two_nodes)
    essex = await two_nodes.open("essex.example")
    roads = await essex.community("roads", await essex.person("eve"))
    await fetch.actor(devon.node, roads.uri)
    await devon.follow(ben, roads)
    await two_nodes.settle()
    two_nodes.router.down.add("kent.example")
    two_nodes.clock.move(pull.ASKED_EVERY)
    two_nodes.router.take()
    assert await pull.work(devon.node) == 2
    assert two_nodes.fetches() == [f"GET {floods.uri}/followers", f"GET {roads.uri}/followers"]
    assert await devon.node.store.read(memberships.is_member, floods.id, ben.id)
    assert await pull.work(devon.node) == 0


async def test_a_round_that_cannot_be_made_is_said_and_made_later(node: Node) -> None:
    said = Said()
    pull.log.addHandler(said)
    await node.store.close()
    task = asyncio.create_task(pull.run(node))
    await said.event.wait()
    pull.log.removeHandler(said)
    assert said.text == "asking for members has to wait: the store is closed"
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
