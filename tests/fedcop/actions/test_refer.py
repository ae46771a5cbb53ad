"""A community asks people by the clock, by hand, and whom they name."""

from datetime import timedelta

import pytest

from fedcop.actions import refer
from fedcop.content import sanitise
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import accounts, availability, escalations, referrals
from storage.accounts import Settings
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene, notes


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    return await routing.alone(kent, network)


async def _due(scene: Scene) -> int:
    rows = await scene.kent.node.store.read(escalations.due, scene.network.clock.now(), 9)
    return len(rows)


async def test_members_are_asked_after_a_day_of_working_hours(scene: Scene) -> None:
    ask = await scene.ask()
    await scene.hours(24)

    assert await scene.steps(ask) == ["facilitator 0", "community 1"]
    assert await scene.asked(ask) == ["eve open"]
    [note] = await notes(scene.kent, scene.eve)
    assert "because you offer to be asked about Pest control" in sanitise.text_of(note.content)
    [news] = await notes(scene.kent, scene.dee)
    assert "Put to people in the community who may know: 1." in news.content


async def test_with_nobody_to_ask_a_facilitator_must_act_and_is_told_so(scene: Scene) -> None:
    await scene.kent.node.store.write(availability.stop, scene.eve.id, scene.network.clock.now())
    ask = await scene.ask()
    await scene.hours(25)

    # No other council is known, so the last step comes at once.
    assert await scene.steps(ask) == ["facilitator 0", "community 0", "councils 0", "act 0"]
    steps = await scene.kent.node.store.read(escalations.steps, ask.id)
    assert steps[1].obstacles == {"stopped": 1}
    told = [sanitise.text_of(note.content) for note in await notes(scene.kent, scene.fin)]
    assert "People asked so far: 0. Now it needs you" in told[-1]
    assert "https://kent.example/facilitate/pests/asks" in told[-1]
    [news] = await notes(scene.kent, scene.dee)
    assert "This node knows of nobody to whom it could be put now." in news.content
    await scene.hours(100)
    assert await _due(scene) == 0


async def test_an_answer_ends_the_clock(scene: Scene) -> None:
    ask = await scene.ask()
    await scene.kent.publish(scene.fin, "Cats.", in_reply_to=ask.id)
    await scene.hours(48)

    assert await scene.steps(ask) == []
    assert await _due(scene) == 0


async def test_who_reads_pages_in_welsh_is_asked_in_welsh(scene: Scene) -> None:
    settings = Settings(locale="cy", audience="public", sensitive=False, language=None, quote_policy="public")
    await scene.kent.node.store.write(accounts.set_settings, scene.eve.id, settings)
    await scene.ask()
    await scene.hours(24)

    [note] = await notes(scene.kent, scene.eve)
    assert "Mae Dee yn gofyn yn y gymuned Pests" in sanitise.text_of(note.content)
    assert "rydych yn cynnig cael eich holi am Rheoli plâu" in sanitise.text_of(note.content)


async def test_nobody_is_asked_more_than_twice_a_week(scene: Scene) -> None:
    found = [await scene.ask(f"{routing.TITLE} No. {number}?") for number in range(4)]
    await scene.hours(80)

    asked = [await scene.asked(ask) for ask in found]
    assert sorted(map(len, asked)) == [0, 0, 1, 1]


async def test_a_facilitator_refers_an_ask_by_hand(scene: Scene) -> None:
    ask = await scene.ask()
    bob = await scene.kent.person("bob")

    await refer.by_hand(scene.kent.node, scene.fin, ask.id, bob)

    assert await scene.asked(ask) == ["bob open"]
    assert await scene.steps(ask) == ["hand 1"]
    [note] = await notes(scene.kent, bob)
    assert "Fin, who facilitates Pests, thinks that you may know." in sanitise.text_of(note.content)
    with pytest.raises(Invalid, match="they were asked already"):
        await refer.by_hand(scene.kent.node, scene.fin, ask.id, bob)


async def test_by_hand_nobody_is_asked_who_may_not_be(scene: Scene) -> None:
    ask, node = await scene.ask(), scene.kent.node
    with pytest.raises(Invalid, match="they asked it"):
        await refer.by_hand(node, scene.fin, ask.id, scene.dee)
    with pytest.raises(NotPermitted, match="only a facilitator"):
        await refer.by_hand(node, scene.dee, ask.id, scene.eve)
    with pytest.raises(NotFound):
        await refer.by_hand(node, scene.fin, scene.pests.id, scene.eve)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="nobody of that name"):
        await refer.by_hand(node, scene.fin, ask.id, scene.pests)


async def test_where_only_members_read_a_stranger_is_asked_by_nobody(kent: Council, network: Network) -> None:
    closed = await routing.alone(kent, network, visibility="members")
    ask = await closed.ask()
    bob = await kent.person("bob")
    await routing.offers(kent, bob)

    with pytest.raises(Invalid, match="not a member"):
        await refer.by_hand(kent.node, closed.fin, ask.id, bob)
    await closed.hours(80)

    assert await closed.asked(ask) == ["eve open"]


async def test_by_hand_too_nobody_is_asked_more_than_twice_a_week(scene: Scene) -> None:
    ask, node = await scene.ask(), scene.kent.node
    now = scene.network.clock.now()
    for number in range(2):
        other = await scene.ask(f"Another {number}?")
        await refer.by_hand(node, scene.fin, other.id, scene.eve)

    with pytest.raises(Invalid, match="twice this week"):
        await refer.by_hand(node, scene.fin, ask.id, scene.eve)
    since = now - timedelta(days=7)
    assert len(await node.store.read(referrals.asked_since, [scene.eve.id], since)) == 2
