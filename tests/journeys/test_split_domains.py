"""Handles end in the council's own domain, ids have its node's host, and only that stands on the list."""

import pytest

from fedcop import fetch
from fedcop.actions import allowlist, profile
from fedcop.actions.profile import Changes
from fedcop.errors import NotPermitted
from fedcop.workers import directory
from storage import findable, follows, visible
from tests.support.hosts import Pointing
from tests.support.network import Council, Network, titles

KENT, DEVON = "communities.kent.example", "cop.devon.example"


async def split(network: Network, domain: str, host: str, *allow: str) -> Council:
    """Add a node whose ids have another host than its handles, and that allows only hosts of ids."""
    council = await network.open(
        domain, node={"domain": domain, "base_url": f"https://{host}"}, federation={"allow": list(allow)}
    )
    network.router.add(domain, Pointing(f"https://{host}/.well-known/webfinger"))
    return council


@pytest.fixture
async def kent(network: Network) -> Council:
    return await split(network, "kent.example", KENT, DEVON)


@pytest.fixture
async def devon(network: Network) -> Council:
    return await split(network, "devon.example", DEVON, KENT)


async def test_a_community_is_joined_and_spoken_in_by_the_handles_people_know(
    network: Network, kent: Council, devon: Council
) -> None:
    fin = await kent.person("fin")
    drainage = await kent.community("drainage", fin)
    ben = await devon.person("ben")

    found = await fetch.handle(devon.node, "drainage", "kent.example")
    assert found is not None
    assert (found.uri, found.handle, found.domain, found.host) == (
        f"https://{KENT}/communities/drainage",
        "drainage",
        "kent.example",
        KENT,
    )
    await devon.follow(ben, found)
    await network.settle()
    held = await devon.node.store.read(follows.find, ben.id, found.id)
    assert held is not None
    assert held.state == "accepted"

    await devon.publish(
        ben, "Which pumps?\n\n@drainage@kent.example We need two. @fin@kent.example may know."
    )
    await network.settle()
    (shown,) = await kent.home(fin)
    assert titles([shown]) == ["Which pumps?"]
    assert (shown.author.handle, shown.author.domain) == ("ben", "devon.example")
    assert await kent.told(fin) == ["mention"]
    assert shown.post.community_id == drainage.id

    await kent.publish(fin, "Ours are @ben@devon.example's to borrow.", in_reply_to=shown.post.id)
    await network.settle()
    assert await devon.told(ben) == ["mention"]


async def test_a_domain_that_is_known_is_asked_directly_and_only_for_handles(
    network: Network, kent: Council, devon: Council
) -> None:
    await kent.person("fin")
    await kent.person("gil")
    await fetch.handle(devon.node, "fin", "kent.example")
    network.fetches()
    assert await fetch.handle(devon.node, "gil", "kent.example") is not None
    first, *_ = network.fetches()
    assert first == "GET https://kent.example/.well-known/webfinger?resource=acct:gil@kent.example"
    with pytest.raises(NotPermitted):
        await fetch.document(devon.node, "https://kent.example/people/gil")
    assert network.fetches() == []


async def test_allowing_a_node_tells_in_which_domain_its_handles_end(network: Network, kent: Council) -> None:
    await kent.person("fin")
    essex = await network.open("essex.example", federation={"allow": []})
    result = await allowlist.allow(essex.node, KENT, by="test")
    assert result.lines == (f"handles at {KENT} end in @kent.example",)
    # Another process, such as the server beside the command, reads it with the list.
    await essex.node.refresh_rules()
    assert essex.node.domains == {"kent.example": KENT}
    assert await fetch.handle(essex.node, "fin", "kent.example") is not None


async def test_a_node_that_left_the_list_takes_its_domain_along(
    network: Network, kent: Council, devon: Council
) -> None:
    await kent.person("fin")
    await fetch.handle(devon.node, "fin", "kent.example")
    await allowlist.deny(devon.node, KENT, by="test")
    assert not devon.node.may_finger("kent.example")
    network.router.take()
    with pytest.raises(NotPermitted):
        await fetch.handle(devon.node, "gil", "kent.example")
    assert network.router.take() == []


async def test_nodes_whose_domains_a_register_lists_meet_and_find_each_others_people(
    network: Network,
) -> None:
    kent = await split(network, "kent.example", KENT, "devon.example", "*.devon.example", "nobody.example")
    devon = await split(network, "devon.example", DEVON, "kent.example", "*.kent.example")
    ben, names = await devon.person("ben"), ["ada", "cai", "dot"]
    for name in names:
        await profile.update(kent.node, await kent.person(name), Changes(discoverable=True))
    for _ in range(3):
        for council in (kent, devon):
            await directory.work(council.node)
        await network.settle()
    listed = await devon.node.store.scan(
        findable.directory, visible.person(ben.id), newest=True, local=False, skipped=0, limit=9
    )
    assert sorted(f"{one.handle}@{one.domain}" for one in listed) == [
        f"{name}@kent.example" for name in names
    ]
    assert not [line for line in network.fetches() if any(f"acct:{name}@" in line for name in names)]
