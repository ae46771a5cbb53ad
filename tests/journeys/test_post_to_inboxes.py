"""A post reaches each inbox that should have it, once."""

from datetime import timedelta

import msgspec

from fedcop.actions import own_post, post
from storage import deliveries, posts
from storage.visible import STRANGER
from tests.support.network import Network
from tests.support.speak import PUBLIC


async def test_many_followers_on_few_hosts_are_few_deliveries(network: Network) -> None:
    kent = await network.open("kent.example")
    ada = await kent.person("ada")
    peers = [network.peer(host) for host in ("surrey.example", "mastodon.example")]
    for peer in peers:
        for number in range(5):
            uri = peer.person(f"p{number}")
            follow = {"id": f"{uri}/follow", "type": "Follow", "actor": uri, "object": ada.uri}
            assert await peer.post(kent.url("/inbox"), follow) == 202
    await network.settle()
    network.router.take()

    uri = await kent.uri_of(await kent.publish(ada, "Hello"))
    await network.settle()

    assert sorted(network.router.take()) == [
        "POST https://mastodon.example/inbox",
        "POST https://surrey.example/inbox",
    ]
    for peer in peers:
        (create,) = peer.sent("Create")
        assert (create["actor"], create["object"]["id"], create["to"]) == (ada.uri, uri, [PUBLIC])


async def test_a_peer_that_is_down_gets_all_in_order_when_it_is_back(network: Network) -> None:
    kent = await network.open("kent.example")
    ada = await kent.person("ada")
    surrey = network.peer("surrey.example")
    sam = surrey.person("sam")
    follow = {"id": f"{sam}/follow", "type": "Follow", "actor": sam, "object": ada.uri}
    await surrey.post(kent.url("/inbox"), follow)
    await network.settle()

    network.router.down.add("surrey.example")
    first = await kent.publish(ada, "One")
    await network.settle()
    await kent.publish(ada, "Two")
    await post.edit(kent.node, ada, first, post.Draft(text="One, better"))
    await network.settle()
    assert await kent.node.store.read(deliveries.backlog) != []

    # Anything that it sends shows that it lives, though its queue would rest for longer.
    for _ in range(3):
        network.clock.move(timedelta(hours=1))
        await network.settle()
    network.router.down.clear()
    network.clock.move(timedelta(minutes=2))
    await network.settle()
    assert surrey.sent("Create") == []
    like = {"id": f"{sam}/like", "type": "Like", "actor": sam, "object": await kent.uri_of(first)}
    await surrey.post(kent.url("/inbox"), like)
    await network.settle()
    texts = [one["object"]["content"] for one in surrey.received if one["type"] != "Accept"]
    assert texts == ["<p>One</p>", "<p>Two</p>", "<p>One, better</p>"]
    assert await kent.node.store.read(deliveries.backlog) == []


async def test_a_delete_reaches_everybody_who_holds_a_copy(network: Network) -> None:
    kent = await network.open("kent.example")
    ada = await kent.person("ada")
    reader = network.peer("mastodon.example")
    rita = reader.person("rita")
    post_id = await kent.publish(ada, "Hello")
    uri = await kent.uri_of(post_id)
    assert (await reader.get(uri, by=rita)).status == 200
    # It only fetched the post, and its inbox is known since it spoke once.
    like = {"id": f"{rita}/like", "type": "Like", "actor": rita, "object": uri}
    await reader.post(kent.url("/inbox"), like)
    await network.settle()

    await own_post.delete(kent.node, ada, post_id)
    await network.settle()
    (delete,) = reader.sent("Delete")
    assert uri in msgspec.json.encode(delete["object"]).decode()


async def test_a_direct_note_goes_to_the_personal_inbox_of_whom_it_names(two_nodes: Network) -> None:
    kent, devon = two_nodes
    ada, ben = await kent.person("ada"), await devon.person("ben")
    post_id = await kent.publish(ada, "@ben@devon.example Come to Maidstone?", audience="direct")
    await two_nodes.settle()
    assert "POST https://devon.example/people/ben/inbox" in two_nodes.router.take()
    held = await devon.post(await kent.uri_of(post_id))
    assert held is not None
    assert held.audience == "direct"
    assert await devon.told(ben) == ["mention"]
    assert await devon.node.store.read(posts.find, STRANGER, held.id) is None
