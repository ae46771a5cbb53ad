"""The whole way of a question: from a Mastodon client of one council to know-how that all of them have."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedcop.actions import distilling, objections
from fedcop.actions.distilling import Outline
from storage import know_how_drafts, knowhow, referrals
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.support import asking, routing
from tests.support.asking import World, said, shown
from tests.support.network import Network

PARKING = "function/110"


@pytest.fixture
async def world(three_nodes: Network) -> AsyncIterator[World]:
    """Give the community with its members, and ida of essex, who knows about parking and is none."""
    world = await asking.opened(three_nodes)
    yield world
    await world.close()


async def test_a_question_is_routed_answered_from_another_council_accepted_and_distilled(
    world: World,
) -> None:
    kent, essex = world.kent, world.essex
    ida = await essex.person("ida")
    await routing.offers(kent, await routing.met(kent, ida), PARKING)
    dees, idas, fins = [
        await world.client(council, person)
        for council, person in ((world.devon, world.dee), (essex, ida), (kent, world.fin))
    ]

    # Asked in a plain client, and nobody of the community answers.
    asked = await said(dees, status="@floods@kent.example Who floods a parking deck on purpose?\n\nWe may.")
    await world.settle()
    ask = await world.ask(kent, asked["uri"])
    assert (ask.state, ask.services) == ("open", (PARKING,))
    await world.hours(26)

    # Whoever knows is asked in another council, and answers in a plain client.
    assert await kent.node.store.read(referrals.counts, ask.post_id) is not None
    notes = (await idas.get("/api/v1/notifications", params={"types[]": "mention"})).json()
    assert (notes[0]["status"]["visibility"], notes[0]["account"]["acct"]) == (
        "direct",
        "floods@kent.example",
    )
    assert "parking deck" in notes[0]["status"]["content"]
    await said(
        idas,
        status="@floods@kent.example post: We do, with salt water once a year.",
        in_reply_to_id=notes[0]["status"]["id"],
        visibility="direct",
    )
    await world.settle()
    assert await world.states(asked["uri"]) == ["answered"] * 3

    # Whoever asked accepts it with a word, and everybody sees that it is resolved.
    context = (await dees.get(f"/api/v1/statuses/{asked['id']}/context")).json()
    (reply,) = [one for one in context["descendants"] if "salt water" in one["content"]]
    assert reply["account"]["acct"] == "ida@essex.example"
    await said(dees, status="@ida@essex.example Solved, thank you!", in_reply_to_id=reply["id"])
    await world.settle()
    assert await world.states(asked["uri"]) == ["resolved"] * 3
    for client in (dees, idas, fins):
        assert f'href="{reply["url"]}"' in (await shown(client, asked["uri"]))["content"]

    # The facilitator makes a note of it; its people are told, and do not mind.
    answer = await world.held(kent, reply["uri"])
    outline = Outline(title="Salt water on parking decks", picks=(ask.post_id, PostId(answer.id)))
    draft_id = await distilling.draft(kent.node, world.fin, ask.post_id, outline)
    await objections.tell(kent.node, world.fin, draft_id)
    await world.settle()
    told = (await idas.get("/api/v1/notifications", params={"types[]": "mention"})).json()
    assert "Salt water on parking decks" in told[0]["status"]["content"]
    world.network.clock.move(timedelta(days=8))
    await world.settle()
    draft = await kent.node.store.read(know_how_drafts.find, SYSTEM, draft_id)
    assert draft is not None
    assert draft.post_id is not None

    # Every council holds the note, with its people.
    note = await kent.uri_of(draft.post_id)
    for council in (kent, world.devon, essex):
        held = await world.held(council, note)
        assert (held.type, held.title) == ("Article", "Salt water on parking decks"), council.host
        people = await council.node.store.read(knowhow.people, SYSTEM, held.id)
        assert {one.handle for one in people} == {"dee", "ida"}, council.host
    home = (await dees.get("/api/v1/timelines/home")).json()
    assert any("Salt water on parking decks" in (one["reblog"] or one)["content"] for one in home)
