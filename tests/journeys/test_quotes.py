"""A post is quoted at another council, with the consent of whom it quotes and until that is taken back."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions import follow, post, quotable
from fedcop.actions.post import Draft
from fedcop.errors import NotFound
from storage import actors, quotes
from storage.actors import Actor
from storage.ids import PostId
from storage.quotes import Quote
from storage.visible import SYSTEM
from tests.support.network import Council, Network


async def quote_at(council: Council, uri: str) -> Quote:
    held = await council.post(uri)
    assert held is not None, council.host
    return (await council.node.store.read(quotes.of_posts, SYSTEM, [held.id]))[held.id]


async def held_at(council: Council, uri: str) -> PostId:
    held = await council.post(uri)
    assert held is not None, council.host
    return held.id


async def author_of(council: Council, uri: str) -> Actor:
    held = await council.post(uri)
    assert held is not None, council.host
    found = await council.node.store.read(actors.find, SYSTEM, held.author_id)
    assert found is not None
    return found


async def people(network: Network) -> tuple[Council, Council, Council, Actor, Actor, Actor]:
    """Give three councils: Ben of Devon follows Ada of Kent, Cat of Essex follows Ben."""
    kent, devon, essex = network
    ada, ben, cat = await kent.person("ada"), await devon.person("ben"), await essex.person("cat")
    for council, who, handle, domain in ((devon, ben, "ada", "kent"), (essex, cat, "ben", "devon")):
        found = await fetch.handle(council.node, handle, f"{domain}.example")
        assert found is not None
        await follow.follow(council.node, who, found)
    await network.settle()
    return kent, devon, essex, ada, ben, cat


async def quoting(network: Network, text: str = "Look at this", **more: Any) -> tuple[str, str]:
    """Let Ben quote what Ada wrote; give the ids of both posts."""
    kent, devon, _, ada, ben, _ = await people(network)
    quoted = await kent.uri_of(await kent.publish(ada, "Sandbags work", **more))
    await network.settle()
    held = await held_at(devon, quoted)
    made = await post.publish(devon.node, ben, Draft(text=text, quotes=held))
    assert (await quote_at(devon, await devon.uri_of(made))).state == "pending"
    await network.settle()
    return quoted, await devon.uri_of(made)


async def test_whom_a_post_quotes_consents_and_everybody_sees_the_quote(three_nodes: Network) -> None:
    quoted, made = await quoting(three_nodes)
    kent, devon, essex = three_nodes
    stamp = (await quote_at(devon, made)).stamp
    assert stamp is not None
    assert stamp.startswith("https://kent.example/quotes/")
    for council in (kent, devon, essex):
        found = await quote_at(council, made)
        assert (found.state, found.uri, found.stamp if council is not kent else stamp) == (
            "accepted", quoted, stamp,
        ), council.host  # fmt: skip
        original = await council.post(quoted)
        assert original is not None
        assert original.quotes_count == 1
    assert await kent.told(await author_of(kent, quoted)) == ["quote", "follow"]


async def test_consent_that_is_taken_back_ends_the_quote_everywhere_for_good(three_nodes: Network) -> None:
    quoted, made = await quoting(three_nodes)
    kent, devon, essex = three_nodes
    ada = await author_of(kent, quoted)
    await quotable.withdraw(kent.node, ada, await held_at(kent, quoted), await held_at(kent, made))
    await three_nodes.settle()
    for council in three_nodes:
        assert (await quote_at(council, made)).state == "revoked", council.host
        original = await council.post(quoted)
        assert original is not None
        assert original.quotes_count == 0
    ben = await author_of(devon, made)
    three_nodes.clock.move(timedelta(minutes=1))
    await post.edit(devon.node, ben, await held_at(devon, made), Draft(text="Look again"))
    await three_nodes.settle()
    for council in (kent, essex):
        held = await council.post(made)
        assert held is not None
        assert "again" in held.content
        assert (await quote_at(council, made)).state == "revoked", council.host


async def test_who_lets_nobody_quote_is_not_quoted(three_nodes: Network) -> None:
    kent, devon, _, ada, ben, _ = await people(three_nodes)
    closed = await kent.uri_of(await kent.publish(ada, "Mine", quote_policy="nobody"))
    await three_nodes.settle()
    held = await held_at(devon, closed)
    with pytest.raises(NotFound):
        await post.publish(devon.node, ben, Draft(text="Look", quotes=held))


async def test_a_no_that_comes_late_is_taken_for_an_answer(three_nodes: Network) -> None:
    kent, devon, essex, ada, ben, _ = await people(three_nodes)
    closed = await kent.uri_of(written := await kent.publish(ada, "Mine"))
    await three_nodes.settle()
    held = await held_at(devon, closed)
    await quotable.allow(kent.node, ada, written, "nobody")
    made = await devon.uri_of(await post.publish(devon.node, ben, Draft(text="Look", quotes=held)))
    await three_nodes.settle()
    assert (await quote_at(devon, made)).state == "rejected"
    assert (await quote_at(kent, made)).state == "pending"
    assert (await quote_at(essex, made)).state == "pending"
    assert "quote" not in await kent.told(ada)
