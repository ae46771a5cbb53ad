"""Somebody leaves for good: three nodes, one of them down."""

from datetime import timedelta

from fedcop import fetch
from fedcop.actions import erasure, leave
from storage import keys
from storage.actors import Actor
from tests.support.network import Council, Network


async def held_by_three(three_nodes: Network) -> tuple[Actor, str]:
    """Let ana of kent be followed from devon and essex; give her and a post of hers that both hold."""
    kent, devon, essex = three_nodes
    ana = await kent.person("ana")
    for council, name in ((devon, "ben"), (essex, "cal")):
        await fetch.actor(council.node, ana.uri)
        await council.follow(await council.person(name), ana)
    await three_nodes.settle()
    uri = await kent.uri_of(await kent.publish(ana, "Sandbags at the depot"))
    await three_nodes.settle()
    assert await said(devon, uri) == await said(essex, uri) == "<p>Sandbags at the depot</p>"
    return ana, uri


async def said(council: Council, uri: str) -> str:
    """Give what a node holds of a post."""
    found = await council.post(uri)
    assert found is not None
    return found.content


async def states(council: Council) -> dict[str, str]:
    """Give what came of the erasure at each host."""
    return {one.host: one.state for one in (await erasure.report(council.node, "ana")).hosts}


async def test_each_peer_is_told_and_the_one_that_was_down_once_it_is_back(three_nodes: Network) -> None:
    kent, devon, essex = three_nodes
    ana, uri = await held_by_three(three_nodes)
    three_nodes.router.down.add("essex.example")
    await leave.delete_person(kent.node, "ana", by="test")
    assert await states(kent) == {"devon.example": "waiting", "essex.example": "waiting"}
    await three_nodes.settle()

    told = await erasure.report(kent.node, "ana")
    assert (told.state, told.acknowledged, told.unreachable, told.failed) == ("under way", 1, 1, 0)
    assert await states(kent) == {"devon.example": "acknowledged", "essex.example": "unreachable"}
    (late,) = [one for one in told.hosts if one.host == "essex.example"]
    assert (late.answer, late.tries) == ("essex.example: cannot be reached", 1)
    assert (await devon.known(ana)).state == "deleted"
    assert await said(devon, uri) == ""
    assert await said(essex, uri) != ""
    assert await kent.node.store.read(keys.find_private, ana.id, "rsa") is not None, (
        "the Delete is to be signed"
    )

    three_nodes.clock.move(timedelta(days=3))
    three_nodes.router.down.clear()
    await three_nodes.settle()
    assert await states(kent) == {"devon.example": "acknowledged", "essex.example": "acknowledged"}
    assert (await erasure.report(kent.node, "ana")).state == "ended"
    assert (await essex.known(ana)).state == "deleted"
    assert await said(essex, uri) == ""
    assert await kent.node.store.read(keys.find_private, ana.id, "rsa") is None


async def test_one_that_stays_away_is_given_up_after_thirty_days_and_said_to_be_out_of_reach(
    three_nodes: Network,
) -> None:
    kent = three_nodes.councils[0]
    await held_by_three(three_nodes)
    three_nodes.router.down.add("essex.example")
    await leave.delete_person(kent.node, "ana", by="test")
    for _ in range(2):
        await three_nodes.settle()
        three_nodes.clock.move(timedelta(days=29))
    assert (await erasure.report(kent.node, "ana")).state == "under way"
    await three_nodes.settle()
    told = await erasure.report(kent.node, "ana")
    (late,) = [one for one in told.hosts if one.host == "essex.example"]
    assert (told.state, late.state) == ("ended", "unreachable")
    assert late.answer.startswith("not taken since ")
