"""A council is allowed, and no longer allowed: what that opens and what that ends."""

import pytest

from fedcop import fetch
from fedcop.actions import allowlist, follow
from fedcop.errors import NotPermitted
from storage import deliveries, follows
from tests.support.network import Network


async def test_a_council_that_is_not_allowed_is_not_even_asked(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": []})
    devon = await network.open("devon.example")
    await devon.person("ben")
    with pytest.raises(NotPermitted):
        await fetch.handle(kent.node, "ben", "devon.example")
    assert network.router.take() == []


async def test_allowing_a_council_opens_both_ways_at_once(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": []})
    devon = await network.open("devon.example")
    ada, ben = await kent.person("ada"), await devon.person("ben")

    await allowlist.allow(kent.node, "devon.example", by="test")
    assert network.fetches() == [
        "GET https://devon.example/.well-known/webfinger?resource=acct:devon.example@devon.example"
    ]
    found = await fetch.handle(kent.node, "ben", "devon.example")
    assert found is not None
    await follow.follow(kent.node, ada, found)
    await network.settle()
    held = await kent.node.store.read(follows.find, ada.id, found.id)
    assert held is not None
    assert held.state == "accepted"
    assert await devon.told(ben) == ["follow"]


async def test_denying_a_council_ends_what_ties_to_it_and_hides_its_posts(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    floods = await kent.community("floods", fin)
    ben = await devon.person("ben")
    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None
    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()
    await devon.publish(ben, "Which pumps?\n\n@floods@kent.example We need two.")
    await two_nodes.settle()
    assert len(await kent.home(fin)) == 1
    two_nodes.router.down.add("devon.example")
    await kent.publish(fin, "Sandbags\n\n@floods At the depot.")
    await two_nodes.settle()
    two_nodes.router.down.clear()
    two_nodes.router.take()

    await allowlist.deny(kent.node, "devon.example", by="test")
    await two_nodes.settle()

    guest = await kent.known(ben)
    assert await kent.node.store.read(follows.find, guest.id, floods.id) is None
    assert await kent.node.store.read(deliveries.backlog) == []
    assert len(await kent.home(fin)) == 1, "only what was written here"
    # The denied node is not told, and what it says is not heard.
    assert two_nodes.router.take() == []
    await devon.publish(ben, "Anyone?\n\n@floods@kent.example Hello?")
    await two_nodes.settle()
    assert two_nodes.router.take() == ["POST https://kent.example/inbox"]
    assert len(await kent.home(fin)) == 1
