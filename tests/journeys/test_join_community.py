"""A person of one council joins a community of another."""

from fedcop import fetch
from fedcop.actions import follow, join
from storage import follows, memberships
from storage.visible import SYSTEM
from tests.support.network import Network


async def test_joining_an_open_community_is_answered_at_once(two_nodes: Network) -> None:
    kent, devon = two_nodes
    floods = await kent.community("floods", await kent.person("fin"))
    ben = await devon.person("ben")

    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None
    assert two_nodes.fetches() == [
        "GET https://kent.example/.well-known/webfinger?resource=acct:floods@kent.example",
        "GET https://kent.example/communities/floods",
        "GET https://devon.example/actor",
    ]
    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()

    assert two_nodes.router.take() == [
        "GET https://kent.example/communities/floods/facilitators",
        "GET https://kent.example/people/fin",
        "GET https://kent.example/.well-known/webfinger?resource=acct:fin@kent.example",
        "POST https://kent.example/communities/floods/inbox",
        "GET https://devon.example/people/ben",
        "GET https://kent.example/actor",
        "GET https://devon.example/.well-known/webfinger?resource=acct:ben@devon.example",
        "GET https://devon.example/.well-known/nodeinfo",
        "GET https://devon.example/nodeinfo/2.1",
        "POST https://devon.example/people/ben/inbox",
        "GET https://kent.example/communities/floods/followers",
        "GET https://kent.example/communities/floods/outbox",
    ]
    assert await devon.node.store.read(memberships.is_member, found.id, ben.id)
    guest = await kent.known(ben)
    assert await kent.node.store.read(memberships.is_member, floods.id, guest.id)
    assert await kent.node.store.read(memberships.members_count, SYSTEM, floods.id) == 2


async def test_joining_by_approval_waits_for_a_facilitator(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    floods = await kent.community("floods", fin, join_mode="approval")
    ben = await devon.person("ben")
    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None

    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()
    guest = await kent.known(ben)
    assert not await devon.node.store.read(memberships.is_member, found.id, ben.id)
    assert await kent.told(fin) == ["follow_request"]
    two_nodes.router.take()

    await join.decide(kent.node, fin, guest.id, accept=True, community_id=floods.id)
    await two_nodes.settle()
    assert await devon.node.store.read(memberships.is_member, found.id, ben.id)
    assert two_nodes.router.take() == [
        "POST https://devon.example/people/ben/inbox",
        "GET https://kent.example/communities/floods/followers",
        "GET https://kent.example/communities/floods/outbox",
    ]


async def test_who_is_refused_is_no_member_and_may_ask_again(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    await kent.community("floods", fin, join_mode="approval")
    ben = await devon.person("ben")
    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None
    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()

    await join.decide(kent.node, fin, (await kent.known(ben)).id, accept=False)
    await two_nodes.settle()
    assert await devon.node.store.read(follows.find, ben.id, found.id) is None

    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()
    again = await devon.node.store.read(follows.find, ben.id, found.id)
    assert again is not None
    assert again.state == "requested"


async def test_leaving_ends_the_membership_on_both_nodes(two_nodes: Network) -> None:
    kent, devon = two_nodes
    floods = await kent.community("floods", await kent.person("fin"))
    ben = await devon.person("ben")
    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None
    await follow.follow(devon.node, ben, found)
    await two_nodes.settle()

    await follow.unfollow(devon.node, ben, found)
    await two_nodes.settle()

    guest = await kent.known(ben)
    assert await kent.node.store.read(follows.find, guest.id, floods.id) is None
    assert await devon.node.store.read(follows.find, ben.id, found.id) is None
