"""Commands of somebody who was asked, at their own node."""

import pytest

from fedcop.actions import ask as asking
from fedcop.actions import respond
from fedcop.actions.post import Draft
from fedcop.content import sanitise
from fedcop.errors import Invalid, NotFound, Refusal
from storage import availability, follows
from storage.engine import Transaction
from storage.ids import ActorId
from storage.posts import Post
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene, answer, here, notes


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    """Give one node on which eve was asked."""
    scene = await routing.alone(kent, network)
    await scene.ask()
    await scene.hours(25)
    return scene


async def _leave(tx: Transaction, person: ActorId, community: ActorId) -> None:
    await follows.remove(tx, person, community)


async def _by_approval(tx: Transaction, community: ActorId) -> None:
    await tx.execute("UPDATE communities SET join_mode = 'approval' WHERE actor_id = :id", id=community)


async def _note(scene: Scene) -> Post:
    return (await notes(scene.kent, scene.eve))[0]


async def _last(scene: Scene) -> str:
    return sanitise.text_of((await notes(scene.kent, scene.eve))[-1].content)


async def test_the_same_request_again_publishes_once(scene: Scene) -> None:
    note = await _note(scene)
    ids = [await answer(scene.kent, scene.eve, note, "post Cats.", idempotency=(1, "k")) for _ in range(2)]

    assert ids[0] == ids[1]
    assert (
        len([one for one in await notes(scene.kent, scene.eve) if "Your answer is published" in one.content])
        == 1
    )


async def test_post_with_nothing_after_it_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid, match="nothing after the word post"):
        await answer(scene.kent, scene.eve, await _note(scene), "@pests@kent.example post:")


async def test_stop_is_kept_at_once(scene: Scene) -> None:
    await answer(scene.kent, scene.eve, await _note(scene), "@pests@kent.example stop")
    said = await scene.kent.node.store.read(availability.find, scene.eve.id)
    assert said.stopped_at is not None


async def test_undo_without_anything_to_take_back_says_so(scene: Scene) -> None:
    await answer(scene.kent, scene.eve, await _note(scene), "@pests@kent.example undo")
    assert "There is nothing to take back" in await _last(scene)


async def test_undo_works_once(scene: Scene) -> None:
    note = await _note(scene)
    reply_id = await answer(scene.kent, scene.eve, note, "post Cats.")
    await answer(scene.kent, scene.eve, note, "undo")
    assert (await here(scene.kent, await scene.kent.uri_of(reply_id))).removed_at is not None
    assert "Your answer is taken back" in await _last(scene)
    await answer(scene.kent, scene.eve, note, "undo")
    assert "There is nothing to take back" in await _last(scene)


async def test_a_command_of_somebody_who_was_not_asked_is_a_text(scene: Scene) -> None:
    note = await _note(scene)
    with pytest.raises(NotFound):  # nor may they see the note
        await answer(scene.kent, scene.dee, note, "post I was not asked")
    draft = Draft(text="@pests@kent.example post Hello", audience="direct")
    post_id = await respond.publish(scene.kent.node, scene.dee, draft)
    assert (await here(scene.kent, await scene.kent.uri_of(post_id))).audience == "direct"


async def test_what_is_not_private_is_no_command(scene: Scene) -> None:
    note = await _note(scene)
    post_id = await respond.publish(
        scene.kent.node, scene.eve, Draft(text="post hoc", audience="public", in_reply_to=note.id)
    )
    held = await here(scene.kent, await scene.kent.uri_of(post_id))
    assert held.content == "<p>post hoc</p>"


async def test_nothing_is_published_in_a_thread_that_was_closed(scene: Scene) -> None:
    pests = scene.pests
    await scene.kent.node.store.write(_leave, scene.eve.id, pests.id)
    await scene.kent.node.store.write(_by_approval, pests.id)
    note = await _note(scene)
    reply_id = await answer(scene.kent, scene.eve, note, "post Cats.")
    reply = await here(scene.kent, await scene.kent.uri_of(reply_id))
    assert reply.in_reply_to is not None
    root = await here(scene.kent, reply.in_reply_to)

    await asking.withdraw(scene.kent.node, scene.dee, root.id)

    with pytest.raises(Refusal, match="only members may post"):
        await answer(scene.kent, scene.eve, note, "post And dogs.")
