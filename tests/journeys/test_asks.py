"""A question in a community of three councils, from a Mastodon client, until it is resolved everywhere."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from storage import answers, asks
from storage.visible import SYSTEM
from tests.support import asking
from tests.support.asking import World, said, shown
from tests.support.network import Network
from tests.support.speak import PUBLIC


@pytest.fixture
async def world(three_nodes: Network) -> AsyncIterator[World]:
    """Give the community with its members."""
    world = await asking.opened(three_nodes)
    yield world
    await world.close()


async def test_asked_from_a_mastodon_client_answered_elsewhere_and_resolved_everywhere(world: World) -> None:
    dees, evas = await world.client(world.devon, world.dee), await world.client(world.essex, world.eva)
    fins = await world.client(world.kent, world.fin)
    asked = await said(dees, status="@floods@kent.example Who has a letter about gullies? Ours is old.")
    await world.settle()
    assert await world.states(asked["uri"]) == ["open"] * 3

    found = await shown(evas, asked["uri"])
    reply = await said(evas, status="@dee@devon.example Here is ours.", in_reply_to_id=found["id"])
    await world.settle()
    assert await world.states(asked["uri"]) == ["answered"] * 3

    answer = await shown(dees, reply["uri"])
    await said(dees, status="@eva@essex.example Solved, thank you!", in_reply_to_id=answer["id"])
    await world.settle()
    assert await world.states(asked["uri"]) == ["resolved"] * 3
    for council in world.network:
        held = await world.held(council, reply["uri"])
        accepted = await council.node.store.read(answers.find, SYSTEM, held.id)
        assert accepted is not None, council.host
        assert (await world.ask(council, asked["uri"])).accepted_id == held.id
    for client in (dees, evas, fins):
        status = await shown(client, asked["uri"])
        assert status["content"].count("Resolved: ") == 1
        assert f'href="{reply["url"]}"' in status["content"]
    # Whose answer it was is told, and nobody is asked about it yet.
    assert "update" in await world.essex.told(world.eva)
    world.network.clock.move(timedelta(days=30))
    await world.settle()
    told = (await dees.get("/api/v1/notifications", params={"types[]": "mention"})).json()
    note = told[0]["status"]
    assert (told[0]["account"]["acct"], "Did it help?" in note["content"]) == ("ask", True)
    await said(dees, status="@ask partly", in_reply_to_id=note["id"], visibility="direct")
    assert (await world.ask(world.devon, asked["uri"])).helped == "partly"


async def test_what_the_asker_takes_away_is_away_everywhere(world: World) -> None:
    dees, evas = await world.client(world.devon, world.dee), await world.client(world.essex, world.eva)
    asked = await said(dees, status="@floods@kent.example Who has a letter?")
    await world.settle()
    found = await shown(evas, asked["uri"])
    reply = await said(evas, status="@dee@devon.example Here is ours.", in_reply_to_id=found["id"])
    await world.settle()
    answer = await shown(dees, reply["uri"])
    await said(dees, status="Accept", in_reply_to_id=answer["id"])
    await world.settle()
    assert await world.states(asked["uri"]) == ["resolved"] * 3
    await evas.delete(f"/api/v1/statuses/{reply['id']}")
    await world.settle()
    assert await world.states(asked["uri"]) == ["open"] * 3
    await dees.delete(f"/api/v1/statuses/{asked['id']}")
    await world.settle()
    for council in world.network:
        held = await world.held(council, asked["uri"])
        assert await council.node.store.read(asks.find, SYSTEM, held.id) is None


async def test_somebody_at_a_mastodon_server_asks_and_the_community_says_that_it_is_resolved(
    world: World,
) -> None:
    mastodon = world.network.peer("mastodon.example")
    mastodon.person("mia")
    ask = {
        "id": f"{mastodon.base}/notes/1",
        "type": "Note",
        "attributedTo": mastodon.uri("mia"),
        "to": [PUBLIC],
        "cc": [world.floods.uri, f"{mastodon.uri('mia')}/followers"],
        "content": f'<p><a href="{world.floods.uri}">@floods</a> Who has a letter about gullies?</p>',
        "tag": [{"type": "Mention", "href": world.floods.uri, "name": "@floods@kent.example"}],
        "published": "2026-03-02T11:59:00Z",
    }
    await arrives(world, mastodon, ask)
    assert await world.states(ask["id"]) == ["open"] * 3

    found = await world.held(world.essex, ask["id"])
    reply = await world.essex.publish(world.eva, "Here is ours.", in_reply_to=found.id)
    answer = await world.essex.uri_of(reply)
    await world.settle()
    assert await world.states(ask["id"]) == ["answered"] * 3

    word = ask | {
        "id": f"{mastodon.base}/notes/2",
        "inReplyTo": answer,
        "content": "<p>@eva solved: thank you</p>",
    }
    await arrives(world, mastodon, word)
    assert await world.states(ask["id"]) == ["resolved"] * 3
    notes = [one["object"] for one in mastodon.sent("Create") if one["actor"] == world.floods.uri]
    assert len(notes) == 1
    assert notes[0]["inReplyTo"] == ask["id"]
    assert f'Resolved: <a href="{answer}"' in notes[0]["content"]
    # Devon and Essex read the community's word too; it counts as nobody's answer.
    for council in (world.devon, world.essex):
        assert await council.post(notes[0]["id"]) is not None


async def arrives(world: World, peer: Any, note: dict[str, Any]) -> None:
    """Let a server send the Create of a note to the community's node."""
    peer.put(f"/notes/{note['id'].rpartition('/')[2]}", note)
    create = {
        "id": f"{note['id']}/activity",
        "type": "Create",
        "actor": note["attributedTo"],
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }
    assert await peer.post(world.kent.url("/inbox"), create) == 202
    await world.settle()
