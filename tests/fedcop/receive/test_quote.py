"""Somebody elsewhere asks to quote a post of ours, and quotes it."""

import json
from typing import Any

import pytest

from fedcop.actions import follow
from storage import actors, quotes
from storage.visible import STRANGER, SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note

QUOTING = "https://surrey.example/notes/9"


def asks(scene: Scene, uri: str, *, number: int = 1, quoting: Any = QUOTING) -> dict[str, Any]:
    return act(scene.surrey, "QuoteRequest", number, uri, instrument=quoting)


async def test_what_is_for_everybody_may_be_quoted_and_the_word_stands_at_its_id(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    await scene.arrives(scene.surrey, asks(scene, uri))
    (accept,) = scene.surrey.sent("Accept")
    assert accept["actor"] == scene.ada.uri
    assert (accept["object"]["type"], accept["object"]["instrument"]) == ("QuoteRequest", QUOTING)
    got = await scene.surrey.get(accept["result"], by=scene.surrey.uri("sam"))
    assert got.status == 200
    said = json.loads(got.body)
    assert (said["type"], said["attributedTo"]) == ("QuoteAuthorization", scene.ada.uri)
    assert (said["interactingObject"], said["interactionTarget"]) == (QUOTING, uri)


async def test_who_asks_twice_gets_the_same_word(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    await scene.arrives(scene.surrey, asks(scene, uri))
    embedded = note(scene.surrey, 9, "See this", quote=uri)
    await scene.arrives(scene.surrey, asks(scene, uri, number=2, quoting=embedded))
    first, second = scene.surrey.sent("Accept")
    assert first["result"] == second["result"]


async def test_what_is_for_followers_may_not_be_quoted_by_them(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 5, scene.ada.uri))
    scene.surrey.received.clear()
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Between us", audience="followers"))
    await scene.network.settle()
    await scene.arrives(scene.surrey, asks(scene, uri))
    assert scene.surrey.sent("Accept") == []
    (reject,) = scene.surrey.sent("Reject")
    assert "result" not in reject


@pytest.mark.parametrize("quoting", [None, "https://elsewhere.example/notes/1", 7])
async def test_nobody_asks_for_anothers_post(scene: Scene, quoting: Any) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    await scene.arrives(scene.surrey, asks(scene, uri, quoting=quoting))
    assert scene.surrey.received == []


async def test_who_may_not_see_a_post_hears_nothing_of_it(scene: Scene) -> None:
    hidden = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Between us", audience="followers"))
    for number, uri in enumerate((hidden, "https://kent.example/posts/1", f"{scene.surrey.base}/notes/1")):
        await scene.arrives(scene.surrey, asks(scene, uri, number=number))
    assert scene.surrey.received == []
    assert await scene.kent.node.store.read(quotes.find_stamp, STRANGER, 1) is None


async def test_there_is_no_word_at_an_id_that_was_not_given(scene: Scene) -> None:
    got = await scene.surrey.get("https://kent.example/quotes/12", by=scene.surrey.uri("sam"))
    assert got.status == 404


async def test_a_quote_of_ours_shows_what_it_quotes(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    quoting = note(scene.surrey, 9, "See this", quote=uri, to=[scene.ada.uri], cc=[])
    await scene.arrives(scene.surrey, create(quoting))
    held = await scene.kent.post(QUOTING)
    assert held is not None
    assert held.has_quote
    assert f'RE: <a href="{uri}"' in held.content


async def test_nobody_quotes_whoever_blocks_them(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 5, scene.ada.uri))
    sam = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.surrey.uri("sam"))
    assert sam is not None
    await follow.block(scene.kent.node, scene.ada, sam)
    scene.surrey.received.clear()
    await scene.arrives(scene.surrey, asks(scene, uri))
    assert scene.surrey.sent("Accept") == []
    ben = await scene.kent.person("ben")
    quoting = note(scene.surrey, 9, "See this", quote=uri, to=[ben.uri], cc=[])
    await scene.arrives(scene.surrey, create(quoting))
    held = await scene.kent.post(QUOTING)
    assert held is not None
    (quote,) = (await scene.kent.node.store.read(quotes.of_posts, SYSTEM, [held.id])).values()
    assert quote.state == "pending"
