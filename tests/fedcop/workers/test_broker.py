"""One round of the broker: clocks start, steps are taken, answers read, and nothing is tried for ever."""

from datetime import timedelta

import pytest

from fedcop.workers import broker
from storage import escalations, referrals
from storage.engine import Transaction
from storage.ids import PostId
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene, answer, notes


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    return await routing.alone(kent, network)


async def test_a_round_does_what_is_due_and_no_more(scene: Scene) -> None:
    node = scene.kent.node
    ask = await scene.ask()
    assert await broker.work(node) == 0
    scene.network.clock.move(timedelta(days=2))
    assert await broker.work(node) == 1
    assert await scene.steps(ask) == ["facilitator 0"]
    assert await broker.work(node) == 0


async def test_an_ask_from_long_ago_is_left_in_peace(scene: Scene) -> None:
    node = scene.kent.node
    post_id = await scene.kent.publish(scene.dee, "@pests@kent.example Who has rats?")
    scene.network.clock.move(timedelta(days=31))
    assert await broker.work(node) == 0
    assert await node.store.read(escalations.find, post_id) is None


async def test_what_is_refused_for_good_is_not_tried_again(scene: Scene) -> None:
    node = scene.kent.node
    ask = await scene.ask()
    await scene.hours(25)
    [note] = await notes(scene.kent, scene.eve)
    await answer(scene.kent, scene.eve, note, "Cats.")
    await node.store.write(_spoil, ask.id)  # who hosts the thread was taken off the list meanwhile

    assert await broker.work(node) == 1
    assert await node.store.read(referrals.waiting, 9) == []


async def _spoil(tx: Transaction, ask_id: PostId) -> None:
    await tx.execute("DELETE FROM asks WHERE post_id = :ask_id", ask_id=ask_id)
