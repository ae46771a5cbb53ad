"""What is told of an ask: steps in numbers, and those to come while nobody answers."""

from fedcop.web import escalation
from storage import asks
from storage.visible import SYSTEM
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene


async def _explained(scene: Scene, post_id: int) -> escalation.Explained:
    store = scene.kent.node.store
    ask = await store.read(asks.find, SYSTEM, asks.PostId(post_id))
    assert ask is not None
    return await store.read(escalation.of, ask)


async def test_what_happened_and_what_comes_next(kent: Council, network: Network) -> None:
    scene = await routing.alone(kent, network)
    ask = await scene.ask()
    begun = await _explained(scene, ask.id)
    assert [step for step, _ in begun.ahead] == ["facilitator", "community", "councils", "act"]
    assert (begun.known, begun.done, begun.counts.asked) == (True, [], 0)

    await scene.hours(25)
    later = await _explained(scene, ask.id)
    assert [one.step for one in later.done] == ["facilitator", "community"]
    assert [step for step, _ in later.ahead] == ["councils", "act"]
    assert later.counts.asked == 1

    await scene.kent.publish(scene.fin, "Cats.", in_reply_to=ask.id)
    assert (await _explained(scene, ask.id)).ahead == []


async def test_of_an_ask_of_elsewhere_nothing_is_known(network: Network) -> None:
    scene = await routing.opened(network)
    ask = await scene.ask()
    held = await routing.here(scene.devon, ask.uri)
    at_devon = await scene.devon.node.store.read(asks.find, SYSTEM, held.id)
    assert at_devon is not None
    assert not (await scene.devon.node.store.read(escalation.of, at_devon)).known
