"""A question that nobody answers reaches, by the hours, somebody in another council who does."""

from datetime import date

import pytest

from fedcop import fetch
from fedcop.actions import ask as asking
from fedcop.content import sanitise
from storage import asks, availability
from storage.availability import Availability
from storage.engine import Transaction
from storage.ids import ActorId
from storage.visible import SYSTEM
from tests.support import routing
from tests.support.clock import NOON
from tests.support.network import Network
from tests.support.routing import Scene, answer, here, notes
from tests.support.speak import Peer

PESTS = "@pests@kent.example"


@pytest.fixture
async def scene(network: Network) -> Scene:
    """Give a question's people."""
    return await routing.opened(network)


async def _state(scene: Scene, ask_id: int) -> str:
    found = await scene.kent.node.store.read(asks.find, SYSTEM, asks.PostId(ask_id))
    return found.state if found else "gone"


async def test_silence_goes_by_the_clock_to_an_expert_elsewhere_who_answers_privately(scene: Scene) -> None:
    ask = await scene.ask()
    await scene.hours(7)
    assert await scene.steps(ask) == []
    await scene.hours(1.5)
    assert await scene.steps(ask) == ["facilitator 0"]
    assert "Nobody has answered Dee yet" in (await notes(scene.kent, scene.fin))[0].content

    await scene.hours(16)
    # Nobody in the community knows, so the other councils are asked at once.
    assert await scene.steps(ask) == ["facilitator 0", "community 0", "councils 1"]
    assert await scene.asked(ask) == ["eve open"]
    [note] = await notes(scene.essex, scene.eve)
    said = sanitise.text_of(note.content)
    assert "Dee asks in the community Pests" in said
    assert routing.TITLE in said
    assert (
        "You are asked because you offer to be asked about Pest control and you are of another council."
        in said
    )
    assert await scene.essex.told(scene.eve) == ["mention"]
    [news] = await notes(scene.devon, scene.dee)
    assert "Put to people in other councils who may know: 1." in news.content
    assert "If nobody answers by 11 March 2026, 14:00" in news.content
    assert "Eve" not in news.content

    await answer(scene.essex, scene.eve, note, f"{PESTS} Cage traps, and a cat. Ask @fin@kent.example too.")
    await scene.settle()

    assert await scene.asked(ask) == ["eve answered"]
    assert await _state(scene, ask.id) == "answered"
    got = [
        (await notes(council, who))[-1]
        for council, who in ((scene.devon, scene.dee), (scene.kent, scene.fin))
    ]
    for one in got:
        assert "Eve (@eve@essex.example) answers privately" in sanitise.text_of(one.content)
        assert "Cage traps, and a cat." in one.content
    await scene.hours(80)
    assert await scene.steps(ask) == ["facilitator 0", "community 0", "councils 1"]


async def test_post_publishes_the_rest_in_the_thread_and_undo_takes_it_back(scene: Scene) -> None:
    ask = await scene.ask()
    await scene.hours(25)
    [note] = await notes(scene.essex, scene.eve)

    reply_id = await answer(scene.essex, scene.eve, note, f"{PESTS} post: Cage traps, <b>and</b> a cat.")
    await scene.settle()

    uri = await scene.essex.uri_of(reply_id)
    for council in (scene.essex, scene.kent, scene.devon):
        reply = await here(council, uri)
        assert reply.content == "<p>Cage traps, &lt;b&gt;and&lt;/b&gt; a cat.</p>"
        assert reply.audience == "public"
    assert await scene.asked(ask) == ["eve answered"]
    assert await _state(scene, ask.id) == "answered"
    [_, told] = await notes(scene.essex, scene.eve)
    assert "Your answer is published" in told.content

    await answer(scene.essex, scene.eve, told, "undo")
    await scene.settle()

    assert (await here(scene.kent, uri)).removed_at is not None
    assert "Your answer is taken back" in (await notes(scene.essex, scene.eve))[-1].content


async def test_undo_comes_too_late_after_an_hour(scene: Scene) -> None:
    await scene.ask()
    await scene.hours(25)
    [note] = await notes(scene.essex, scene.eve)
    reply_id = await answer(scene.essex, scene.eve, note, "postio Trapiau cawell.")
    await scene.settle()
    assert "Mae eich ateb wedi’i gyhoeddi" in (await notes(scene.essex, scene.eve))[-1].content

    await scene.hours(1.1)
    await answer(scene.essex, scene.eve, note, "dadwneud")
    await scene.settle()

    assert (await here(scene.kent, await scene.essex.uri_of(reply_id))).removed_at is None
    assert "Nid oes dim i’w dynnu’n ôl" in (await notes(scene.essex, scene.eve))[-1].content


async def _sam(scene: Scene) -> Peer:
    """Let sam of a Mastodon server be known to know."""
    peer = scene.network.peer("mastodon.example")
    sam = await fetch.actor(scene.kent.node, peer.person("sam"))
    await routing.offers(scene.kent, sam)
    await scene.kent.node.store.write(availability.stop, (await scene.kent.known(scene.eve)).id, NOON)
    return peer


async def _from_sam(scene: Scene, peer: Peer, number: int, html: str, *, by: str = "sam") -> None:
    """Let somebody of a Mastodon server answer the note privately, as Mastodon writes that."""
    [create, *_] = [one for one in peer.sent("Create") if one["to"] == [peer.uri("sam")]]
    mention = {"type": "Mention", "href": scene.pests.uri, "name": PESTS}
    link = f'<a href="{scene.pests.url}" class="u-url mention">@<span>pests</span></a>'
    said = f'<p><span class="h-card">{link}</span> {html}</p>'
    note = {
        "id": f"{peer.base}/notes/{number}", "type": "Note", "attributedTo": peer.uri(by),
        "to": [scene.pests.uri], "cc": [], "content": said, "tag": [mention],
        "inReplyTo": create["object"]["id"], "published": "2026-03-05T11:00:00Z",
    }  # fmt: skip
    activity = {
        "id": f"{note['id']}/activity", "type": "Create", "actor": peer.uri(by), "to": note["to"], "cc": [],
        "object": note,
    }  # fmt: skip
    assert await peer.post(scene.kent.url("/inbox"), activity) == 202
    await scene.settle()


async def test_who_uses_mastodon_answers_by_a_direct_note_and_is_told_where_to_reply(scene: Scene) -> None:
    peer = await _sam(scene)
    ask = await scene.ask()
    await scene.hours(25)
    [create] = peer.sent("Create")
    note = create["object"]
    assert (note["attributedTo"], note["to"], note["cc"]) == (scene.pests.uri, [peer.uri("sam")], [])
    link = {"type": "Link", "rel": "urn:x-fedcop:ask", "href": ask.uri}
    assert [tag for tag in note["tag"] if tag["type"] != "Mention"] == [link]
    assert "proof" not in create

    await _from_sam(scene, peer, 1, "Post: Cage traps")
    assert "Please reply in the thread" in peer.sent("Create")[-1]["object"]["content"]
    assert ask.url in peer.sent("Create")[-1]["object"]["content"]
    assert await scene.asked(ask) == ["sam open"]

    await _from_sam(scene, peer, 2, "<script>alert(1)</script>Cage traps &amp; a cat")
    assert await scene.asked(ask) == ["sam answered"]
    [*_, told] = await notes(scene.devon, scene.dee)
    assert "Cage traps &amp; a cat" in told.content
    assert "script" not in told.content


async def test_stop_from_mastodon_holds_for_this_node(scene: Scene) -> None:
    peer = await _sam(scene)
    ask = await scene.ask()
    await scene.hours(25)
    await _from_sam(scene, peer, 1, "stop")

    assert await scene.asked(ask) == ["sam declined"]
    assert "You are asked no more questions" in peer.sent("Create")[-1]["object"]["content"]
    later = await scene.ask("Who has mice?")
    await scene.hours(60)
    assert await scene.asked(later) == []


async def test_commands_of_who_was_not_asked_do_nothing(scene: Scene) -> None:
    peer = await _sam(scene)
    peer.person("mallory")
    ask = await scene.ask()
    await scene.hours(25)
    before = len(peer.sent("Create"))
    for number, command in enumerate(("stop", "not me", "post: Hello", "We know")):
        await _from_sam(scene, peer, number, command, by="mallory")

    assert await scene.asked(ask) == ["sam open"]
    assert len(peer.sent("Create")) == before
    assert not any("We know" in note.content for note in await notes(scene.devon, scene.dee))


async def test_who_was_asked_may_reply_where_others_have_to_join_until_the_ask_closes(
    network: Network,
) -> None:
    scene = await routing.opened(network)
    await scene.kent.node.store.write(_by_approval, scene.pests.id)
    ask = await scene.ask()
    await scene.hours(25)
    [note] = await notes(scene.essex, scene.eve)
    bob = await scene.essex.person("bob")
    held = await here(scene.essex, ask.uri)
    uninvited = await scene.essex.publish(bob, "Me too", in_reply_to=held.id)
    reply_id = await answer(scene.essex, scene.eve, note, "post Cage traps")
    await scene.settle()

    assert await scene.kent.post(await scene.essex.uri_of(uninvited)) is None
    assert await scene.kent.post(await scene.essex.uri_of(reply_id)) is not None

    await asking.withdraw(scene.devon.node, scene.dee, (await here(scene.devon, ask.uri)).id)
    await scene.settle()
    late = await scene.essex.publish(scene.eve, "And a cat", in_reply_to=held.id)
    await scene.settle()
    assert await scene.kent.post(await scene.essex.uri_of(late)) is None


async def _by_approval(tx: Transaction, community: ActorId) -> None:
    await tx.execute("UPDATE communities SET join_mode = 'approval' WHERE actor_id = :id", id=community)


async def test_whoever_is_away_at_their_node_is_passed_over_without_being_told(scene: Scene) -> None:
    away = Availability(scene.eve.id, None, None, date(2026, 4, 1))
    await scene.essex.node.store.write(availability.put, away)
    ask = await scene.ask()
    await scene.hours(25)

    assert await notes(scene.essex, scene.eve) == []
    assert await scene.asked(ask) == ["eve declined"]
