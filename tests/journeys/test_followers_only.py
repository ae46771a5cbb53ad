"""A post for followers: nodes that lost sight of who follows whom agree again on the way (FEP-8fcf)."""

from fedcop import fetch
from storage import follows
from storage.actors import Actor
from tests.support.network import Council, Network


async def followed(two_nodes: Network) -> tuple[Council, Council, Actor, Actor]:
    """Let ben of devon follow ana of kent."""
    kent, devon = two_nodes
    ana, ben = await kent.person("ana"), await devon.person("ben")
    await fetch.actor(devon.node, ana.uri)
    await devon.follow(ben, ana)
    await two_nodes.settle()
    two_nodes.router.take()
    return kent, devon, ana, ben


async def state(council: Council, follower: Actor, target: Actor) -> str | None:
    """Give how a node sees a follow."""
    me, them = await council.known(follower), await council.known(target)
    found = await council.node.store.read(follows.find, me.id, them.id)
    return found.state if found is not None else None


async def forget(council: Council, follower: Actor, target: Actor) -> None:
    """Let a node lose a follow, as one restored from a copy does."""
    me, them = await council.known(follower), await council.known(target)
    await council.node.store.write(follows.remove, me.id, them.id)


async def test_what_both_sides_know_costs_no_request(two_nodes: Network) -> None:
    kent, devon, ana, _ = await followed(two_nodes)
    uri = await kent.uri_of(await kent.publish(ana, "For few", audience="followers"))
    await two_nodes.settle()
    assert await devon.post(uri) is not None
    (request,) = two_nodes.router.seen
    assert "digest=" in (request.header("collection-synchronization") or "")
    assert two_nodes.router.take() == ["POST https://devon.example/inbox"]


async def test_nothing_is_said_of_followers_with_what_everybody_may_read(two_nodes: Network) -> None:
    kent, _, ana, _ = await followed(two_nodes)
    for audience in ("public", "unlisted"):
        await kent.publish(ana, "For all", audience=audience)
    await two_nodes.settle()
    assert [one.header("collection-synchronization") for one in two_nodes.router.seen] == [None, None]


async def test_a_follow_lost_at_the_followers_node_ends_at_the_authors(two_nodes: Network) -> None:
    kent, devon, ana, ben = await followed(two_nodes)
    await forget(devon, ben, ana)
    await kent.publish(ana, "For few", audience="followers")
    await two_nodes.settle()
    assert two_nodes.router.take() == [
        "POST https://devon.example/inbox",
        "GET https://kent.example/people/ana/followers/synchronization",
        "POST https://kent.example/people/ana/inbox",
    ]
    assert await state(kent, ben, ana) is None


async def test_a_follow_lost_at_the_authors_node_ends_at_the_followers(two_nodes: Network) -> None:
    kent, devon, ana, ben = await followed(two_nodes)
    cat = await devon.person("cat")
    await devon.follow(cat, ana)
    await two_nodes.settle()
    await forget(kent, ben, ana)
    await kent.publish(ana, "For few", audience="followers")
    await two_nodes.settle()
    assert await state(devon, ben, ana) is None
    assert await state(devon, cat, ana) == await state(kent, cat, ana) == "accepted"
