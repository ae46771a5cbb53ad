"""A community's announce reaches the home timeline of a member elsewhere."""

from fedcop import fetch
from storage.actors import Actor
from tests.support.network import Council, Network, titles


async def joined(network: Network, council: Council, person: Actor, community: Actor) -> Actor:
    """Let a person of one node join a community of another, and give that node's row of it."""
    found = await fetch.handle(council.node, community.handle, community.domain)
    assert found is not None
    await council.follow(person, found)
    await network.settle()
    network.router.take()
    return found


async def test_a_facilitators_thread_reaches_a_members_home(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    floods = await kent.community("floods", fin)
    ben = await devon.person("ben")
    await joined(two_nodes, devon, ben, floods)

    await kent.publish(fin, "Sandbags at the depot\n\n@floods Take what you need.")
    await two_nodes.settle()

    (shown,) = await devon.home(ben)
    assert titles([shown]) == ["Sandbags at the depot"]
    assert shown.wrapper is not None
    assert shown.wrapper.by.uri == floods.uri
    assert shown.author.uri == fin.uri
    # Who facilitates is known since ben joined: nothing has to be asked for.
    assert two_nodes.router.take() == ["POST https://devon.example/inbox"]


async def test_a_members_thread_reaches_a_third_node_whole(three_nodes: Network) -> None:
    kent, devon, essex = three_nodes
    floods = await kent.community("floods", await kent.person("fin"))
    ben, cal = await devon.person("ben"), await essex.person("cal")
    await joined(three_nodes, devon, ben, floods)
    await joined(three_nodes, essex, cal, floods)

    post_id = await devon.publish(ben, "Which pumps?\n\n@floods@kent.example We need two.")
    await three_nodes.settle()

    assert titles(await essex.home(cal)) == ["Which pumps?"]
    held = await essex.post(await devon.uri_of(post_id))
    assert held is not None
    assert held.type == "Page"
    # One copy goes to the community, one from it to each node with a member; only keys are asked for.
    assert sorted(three_nodes.router.take()) == sorted(
        [
            "POST https://kent.example/inbox",
            "POST https://devon.example/inbox",
            "POST https://essex.example/inbox",
            "GET https://devon.example/people/ben",
            "GET https://essex.example/actor",
            "GET https://devon.example/.well-known/webfinger?resource=acct:ben@devon.example",
        ]
    )


async def test_ones_own_post_comes_back_as_the_communitys_entry_only(two_nodes: Network) -> None:
    kent, devon = two_nodes
    floods = await kent.community("floods", await kent.person("fin"))
    ben = await devon.person("ben")
    await joined(two_nodes, devon, ben, floods)

    await devon.publish(ben, "Which pumps?\n\n@floods@kent.example We need two.")
    await two_nodes.settle()

    assert titles(await devon.home(ben)) == ["Which pumps?"]


async def test_a_reply_finds_its_thread_on_every_node(three_nodes: Network) -> None:
    kent, devon, essex = three_nodes
    fin = await kent.person("fin")
    floods = await kent.community("floods", fin)
    ben, cal = await devon.person("ben"), await essex.person("cal")
    await joined(three_nodes, devon, ben, floods)
    await joined(three_nodes, essex, cal, floods)
    thread = await kent.uri_of(await kent.publish(fin, "Sandbags\n\n@floods At the depot."))
    await three_nodes.settle()

    at_devon = await devon.post(thread)
    assert at_devon is not None
    reply = await devon.uri_of(await devon.publish(ben, "How many?", in_reply_to=at_devon.id))
    await three_nodes.settle()

    at_essex, parent = await essex.post(reply), await essex.post(thread)
    assert at_essex is not None
    assert parent is not None
    assert at_essex.parent_id == parent.id
    assert at_essex.community_id == parent.community_id
    assert parent.replies_count == 1
    assert await kent.told(fin) == ["mention"]
    # A reply is no entry of the community: nobody's home fills with comments.
    assert titles(await essex.home(cal)) == ["Sandbags"]
