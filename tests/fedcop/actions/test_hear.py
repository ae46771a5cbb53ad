"""A community reads what those whom it asked answer privately, and does what they say."""

from typing import Any

import pytest

from fedcop.actions import ask as asking
from fedcop.actions import hear, own_post
from fedcop.content import sanitise
from storage import asks, availability, referrals
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene, answer, notes


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    """Give one node on which eve was asked."""
    scene = await routing.alone(kent, network)
    await scene.ask()
    await scene.hours(25)
    return scene


async def _ask(scene: Scene) -> Post:
    [found] = await scene.kent.node.store.read(
        asks.in_state, SYSTEM, scene.pests.id, "open", limit=9
    ) or await scene.kent.node.store.read(asks.in_state, SYSTEM, scene.pests.id, "answered", limit=9)
    return await routing.here(scene.kent, await scene.kent.uri_of(found.post_id))


async def _says(scene: Scene, text: str, **more: Any) -> str:
    """Let eve answer, and give what she reads last."""
    [note, *_] = await notes(scene.kent, scene.eve)
    await answer(scene.kent, scene.eve, note, f"@pests@kent.example {text}", **more)
    await scene.settle()
    return sanitise.text_of((await notes(scene.kent, scene.eve))[-1].content)


async def test_a_private_answer_goes_to_asker_and_facilitators_and_counts(scene: Scene) -> None:
    ask = await _ask(scene)
    other = await scene.kent.person("other")
    await _says(scene, "We have a form; @other@kent.example wrote it.")

    for person in (scene.dee, scene.fin):
        assert "We have a form" in (await notes(scene.kent, person))[-1].content
    # Eve's own note names other, so they read that; the community's does not.
    assert [note.author_id for note in await notes(scene.kent, other)] == [scene.eve.id]
    assert await scene.asked(ask) == ["eve answered"]
    found = await scene.kent.node.store.read(asks.find, SYSTEM, ask.id)
    assert found is not None
    assert found.state == "answered"
    assert await scene.kent.node.store.read(referrals.waiting, 9) == []


async def test_whoever_passes_is_replaced_by_the_next_best(scene: Scene) -> None:
    ask = await _ask(scene)
    ned = await scene.kent.person("ned")
    await scene.kent.follow(ned, scene.pests)
    await routing.offers(scene.kent, ned)

    await _says(scene, "not me: I have moved on")

    assert await scene.asked(ask) == ["eve declined", "ned open"]
    assert len(await notes(scene.kent, ned)) == 1
    assert not any("moved on" in note.content for note in await notes(scene.kent, scene.dee))


async def test_whoever_is_named_is_asked_in_their_place(scene: Scene) -> None:
    ask = await _ask(scene)
    bob = await scene.kent.person("bob")

    assert "passed on to @bob." in await _says(scene, "not me @bob")

    assert await scene.asked(ask) == ["eve declined", "bob open"]
    assert "Eve passed on to you what Dee asks." in sanitise.text_of(
        (await notes(scene.kent, bob))[-1].content
    )
    assert await scene.steps(ask) == ["facilitator 0", "community 1", "passed 1"]


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("@dee", "they asked it"),
        ("@nobody", "nobody of that name is known"),
        ("@pests@kent.example", "nobody of that name is known"),
        ("@stopped", "they are not asked questions"),
    ],
)
async def test_it_is_said_why_somebody_who_is_named_cannot_be_asked(
    scene: Scene, named: str, reason: str
) -> None:
    stopped = await scene.kent.person("stopped")
    await scene.kent.node.store.write(availability.stop, stopped.id, scene.network.clock.now())

    assert f"cannot be asked: {reason}." in await _says(scene, f"not me {named}")

    assert await scene.asked(await _ask(scene)) == ["eve declined"]


async def test_stop_ends_questions_until_it_is_undone(scene: Scene) -> None:
    node, eve = scene.kent.node, scene.eve.id
    assert "You are asked no more questions" in await _says(scene, "stop")
    assert (await node.store.read(availability.find, eve)).stopped_at is not None
    assert await scene.asked(await _ask(scene)) == ["eve declined"]

    later = await scene.ask("Who has trapped mice?")
    await scene.hours(30)
    assert await scene.asked(later) == []

    await _says(scene, "undo")
    assert (await node.store.read(availability.find, eve)).stopped_at is None


async def test_a_closed_question_takes_no_answer(scene: Scene) -> None:
    ask = await _ask(scene)
    await asking.withdraw(scene.kent.node, scene.dee, ask.id)
    before = len(await notes(scene.kent, scene.dee))

    assert "This question is closed" in await _says(scene, "Cats.")

    assert len(await notes(scene.kent, scene.dee)) == before
    assert await scene.asked(ask) == ["eve open"]


async def test_what_was_not_asked_of_them_is_no_answer(scene: Scene) -> None:
    [note] = await notes(scene.kent, scene.eve)
    mallory = await scene.kent.person("mallory")
    assert not await hear.decline(scene.kent.node, mallory, note.uri)
    assert not await hear.decline(scene.kent.node, scene.eve, "https://kent.example/posts/1")
    assert await scene.asked(await _ask(scene)) == ["eve open"]


async def test_a_node_that_declines_for_somebody_lets_the_next_one_be_asked(scene: Scene) -> None:
    [note] = await notes(scene.kent, scene.eve)
    assert await hear.decline(scene.kent.node, scene.eve, note.uri)
    assert await hear.decline(scene.kent.node, scene.eve, note.uri)
    assert await scene.asked(await _ask(scene)) == ["eve declined"]


async def test_an_answer_that_was_deleted_is_not_given_on(scene: Scene) -> None:
    ask = await _ask(scene)
    [note] = await notes(scene.kent, scene.eve)
    post_id = await answer(scene.kent, scene.eve, note, "Oh no")
    await own_post.delete(scene.kent.node, scene.eve, post_id)
    await scene.settle()

    assert await scene.asked(ask) == ["eve open"]
    assert await scene.kent.node.store.read(referrals.waiting, 9) == []
