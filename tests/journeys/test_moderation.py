"""A facilitator removes, locks, pins and bans, and every node with a member follows."""

import pytest

from fedcop import fetch
from fedcop.actions import follow, moderate, own_post
from fedcop.errors import Invalid, NotPermitted
from storage import communities, follows, posts
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support.network import Council, Network


async def scene(network: Network) -> tuple[Council, Council, Actor, Actor, Actor, str]:
    """Give two councils, a facilitator, a member elsewhere, the community there, the member's thread."""
    kent, devon = network
    fin = await kent.person("fin")
    await kent.community("floods", fin)
    ben = await devon.person("ben")
    found = await fetch.handle(devon.node, "floods", "kent.example")
    assert found is not None
    await follow.follow(devon.node, ben, found)
    await network.settle()
    uri = await devon.uri_of(await devon.publish(ben, "Which pumps?\n\n@floods@kent.example Two?"))
    await network.settle()
    network.router.take()
    return kent, devon, fin, ben, found, uri


async def test_a_removed_post_is_gone_on_the_authors_node_too(two_nodes: Network) -> None:
    kent, devon, fin, ben, _, uri = await scene(two_nodes)
    here = await kent.post(uri)
    assert here is not None
    await moderate.remove_post(kent.node, fin, here.id, reason="Off topic")
    await two_nodes.settle()
    there = await devon.post(uri)
    assert there is not None
    assert (there.removed_for, there.content) == ("Off topic", "")
    assert await devon.home(ben) == []
    # Who removed it facilitates, and so is known there: the proof is checked with the key that is held.
    assert set(two_nodes.router.take()) == {"POST https://devon.example/inbox"}


async def test_a_locked_thread_takes_no_replies_anywhere(two_nodes: Network) -> None:
    kent, devon, fin, ben, _, uri = await scene(two_nodes)
    here = await kent.post(uri)
    assert here is not None
    await moderate.lock(kent.node, fin, here.id)
    await two_nodes.settle()
    there = await devon.post(uri)
    assert there is not None
    assert there.locked
    with pytest.raises(Invalid):
        await devon.publish(ben, "One more thing", in_reply_to=there.id)

    await moderate.unlock(kent.node, fin, here.id)
    await two_nodes.settle()
    await devon.publish(ben, "One more thing", in_reply_to=there.id)
    await two_nodes.settle()
    here = await kent.post(uri)
    assert here is not None
    assert here.replies_count == 1


async def test_a_pinned_thread_is_pinned_on_every_node(two_nodes: Network) -> None:
    kent, devon, fin, _, floods, uri = await scene(two_nodes)
    here = await kent.post(uri)
    assert here is not None
    await moderate.pin(kent.node, fin, here.id)
    await two_nodes.settle()
    assert [one.uri for one in await devon.node.store.read(posts.pinned, SYSTEM, floods.id)] == [uri]
    await moderate.unpin(kent.node, fin, here.id)
    await two_nodes.settle()
    assert await devon.node.store.read(posts.pinned, SYSTEM, floods.id) == []


async def test_who_is_banned_is_no_member_and_cannot_post_or_join(two_nodes: Network) -> None:
    kent, devon, fin, ben, floods, _ = await scene(two_nodes)
    guest = await kent.known(ben)
    home = await kent.known(floods)
    await moderate.ban(kent.node, fin, home, guest, reason="Spam")
    await two_nodes.settle()
    assert await kent.node.store.read(follows.find, guest.id, home.id) is None
    assert await devon.node.store.read(follows.find, ben.id, floods.id) is None
    now = two_nodes.clock.now()
    assert await devon.node.store.read(communities.is_banned, floods.id, ben.id, now)
    with pytest.raises(NotPermitted):
        await devon.publish(ben, "Again\n\n@floods@kent.example Hello?")


async def test_an_author_deletes_and_every_members_node_follows(three_nodes: Network) -> None:
    kent, devon, essex = three_nodes
    fin = await kent.person("fin")
    await kent.community("floods", fin)
    people = [(devon, await devon.person("ben")), (essex, await essex.person("cal"))]
    for council, person in people:
        found = await fetch.handle(council.node, "floods", "kent.example")
        assert found is not None
        await follow.follow(council.node, person, found)
    await three_nodes.settle()
    ben = people[0][1]
    post_id = await devon.publish(ben, "Which pumps?\n\n@floods@kent.example Two?")
    await three_nodes.settle()
    uri = await devon.uri_of(post_id)

    await own_post.delete(devon.node, ben, post_id)
    await three_nodes.settle()
    for council in (kent, essex):
        held = await council.post(uri)
        assert held is not None
        assert held.removed_at is not None
    assert await essex.home(people[1][1]) == []
    assert await kent.home(fin) == []
