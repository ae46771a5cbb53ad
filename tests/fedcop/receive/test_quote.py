"""Somebody elsewhere asks to quote a post of ours, and quotes it."""

import json
from typing import Any

import pytest

from fedcop.actions import follow, own_post, quotable
from storage import actors, quotes
from storage.visible import STRANGER, SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note
from tests.support.speak import PUBLIC

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


async def test_who_follows_may_quote_what_followers_may(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me", quote_policy="followers"))
    await scene.arrives(scene.surrey, asks(scene, uri))
    assert (len(scene.surrey.sent("Accept")), len(scene.surrey.sent("Reject"))) == (0, 1)
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 5, scene.ada.uri))
    scene.surrey.received.clear()
    await scene.arrives(scene.surrey, asks(scene, uri, number=2))
    assert (len(scene.surrey.sent("Accept")), len(scene.surrey.sent("Reject"))) == (1, 0)


async def test_whose_consent_was_taken_back_asks_in_vain(scene: Scene) -> None:
    post_id = await scene.kent.publish(scene.ada, "Quote me")
    uri = await scene.kent.uri_of(post_id)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 9, "See this", quote=uri)))
    held = await scene.kent.post(QUOTING)
    assert held is not None
    await quotable.withdraw(scene.kent.node, scene.ada, post_id, held.id)
    await scene.network.settle()
    (delete,) = scene.surrey.sent("Delete")
    got = await scene.surrey.get(delete["object"], by=scene.surrey.uri("sam"))
    assert got.status == 404
    await scene.arrives(scene.surrey, asks(scene, uri))
    assert len(scene.surrey.sent("Reject")) == 1
    again = note(scene.surrey, 9, "See that", quote=uri, updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, create(again) | {"id": f"{QUOTING}/2", "type": "Update"})
    assert await state_of(scene, QUOTING) == "revoked"


async def test_whom_a_post_quotes_is_told_once_though_nobody_follows_its_author(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Quote me"))
    quoting = note(scene.surrey, 9, "See this", quote=uri)
    scene.surrey.documents["/notes/9"] = quoting
    await scene.arrives(scene.surrey, asks(scene, uri))
    assert await scene.kent.told(scene.ada) == ["quote"]
    assert await state_of(scene, QUOTING) == "accepted"
    await scene.arrives(scene.surrey, create(quoting))
    assert await scene.kent.told(scene.ada) == ["quote"]


async def state_of(scene: Scene, uri: str) -> str:
    held = await scene.kent.post(uri)
    assert held is not None
    return (await scene.kent.node.store.read(quotes.of_posts, SYSTEM, [held.id]))[held.id].state


async def quotes_sam(scene: Scene) -> tuple[str, dict[str, Any]]:
    """Let Ada quote a post of Sam's; give the id of hers, and the question that was asked."""
    anybody = {"canQuote": {"automaticApproval": [PUBLIC]}}
    theirs = note(scene.surrey, 3, "Sandbags", to=[PUBLIC, scene.ada.uri], interactionPolicy=anybody)
    theirs["tag"] = [{"type": "Mention", "href": scene.ada.uri, "name": "@ada@kent.example"}]
    await scene.arrives(scene.surrey, create(theirs))
    held = await scene.kent.post(theirs["id"])
    assert held is not None
    mine = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Look", quotes=held.id))
    await scene.network.settle()
    (request,) = scene.surrey.sent("QuoteRequest")
    scene.surrey.received.clear()
    return mine, request


@pytest.mark.parametrize("whole", [True, False], ids=["the request", "its id"])
async def test_an_accept_authorizes_the_quote_and_is_told_on(scene: Scene, *, whole: bool) -> None:
    mine, request = await quotes_sam(scene)
    assert await state_of(scene, mine) == "pending"
    stamp = f"{scene.surrey.base}/stamps/1"
    answer = act(scene.surrey, "Accept", 7, request if whole else request["id"], result=stamp)
    await scene.arrives(scene.surrey, answer)
    assert await state_of(scene, mine) == "accepted"
    (update,) = scene.surrey.sent("Update")
    assert update["object"]["quoteAuthorization"] == stamp
    assert "updated" not in update["object"]
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 8, stamp))
    assert await state_of(scene, mine) == "revoked"
    assert "quoteAuthorization" not in scene.surrey.sent("Update")[-1]["object"]


async def test_a_reject_ends_the_question_and_later_the_quote(scene: Scene) -> None:
    mine, request = await quotes_sam(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "Reject", 7, request))
    assert await state_of(scene, mine) == "rejected"
    await scene.arrives(scene.surrey, act(scene.surrey, "Reject", 8, request))
    assert len(scene.surrey.sent("Update")) == 1


@pytest.mark.parametrize(
    ("by", "result"),
    [
        ("sam", None),
        ("sam", "https://lemmy.example/stamps/1"),
        ("bea", "https://surrey.example/stamps/1"),
    ],
)
async def test_only_whom_a_post_quotes_authorizes_it(scene: Scene, by: str, result: str | None) -> None:
    mine, request = await quotes_sam(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 7, request, by=by, result=result))
    assert await state_of(scene, mine) == "pending"
    assert scene.surrey.received == []


async def test_an_answer_to_what_is_deleted_changes_nothing(scene: Scene) -> None:
    mine, request = await quotes_sam(scene)
    held = await scene.kent.post(mine)
    assert held is not None
    await own_post.delete(scene.kent.node, scene.ada, held.id)
    stamp = f"{scene.surrey.base}/stamps/1"
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 7, request, result=stamp))
    assert scene.surrey.sent("Update") == []


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
