"""All that has to be known to ask somebody for an ask, read together."""

from datetime import date

import pytest

from fedcop.actions import ask as asking
from fedcop.actions import community, experts
from fedcop.knowledge.route import Candidate
from storage import availability, councils, posts
from storage.availability import Availability
from storage.councils import Council as Register
from storage.posts import Post
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    return await routing.alone(kent, network)


async def _around(scene: Scene, ask: Post) -> experts.Around | None:
    return await scene.kent.node.store.read(experts.around, ask.id, scene.network.clock.now())


async def test_an_ask_is_given_with_who_may_know(scene: Scene) -> None:
    ask = await scene.ask()
    found = await _around(scene, ask)
    assert found is not None
    assert (found.asker.id, found.community.id) == (scene.dee.id, scene.pests.id)
    assert [one.id for one in found.facilitators] == [scene.fin.id]
    assert found.need.services == {routing.SERVICE}
    assert found.need.functions == {"function/34"}
    assert found.need.council == "kent.example"
    assert found.candidates == [
        Candidate(
            person=scene.eve.id,
            council="kent.example",
            services=frozenset({routing.SERVICE}),
            functions=frozenset({"function/34"}),
            member=True,
        )
    ]


async def test_what_people_said_of_when_they_may_be_asked_is_read(scene: Scene) -> None:
    ask = await scene.ask()
    away = Availability(scene.eve.id, scene.network.clock.now(), None, date(2026, 6, 1))
    await scene.kent.node.store.write(availability.put, away)

    found = await _around(scene, ask)

    assert found is not None
    [eve] = found.candidates
    assert (eve.stopped, eve.away_until) == (True, date(2026, 6, 1))


async def test_the_hours_are_those_of_the_askers_nation(scene: Scene) -> None:
    ask = await scene.ask()
    before = await _around(scene, ask)
    row = ("S12000036", "City of Edinburgh", "unitary", "Scotland")
    await scene.kent.node.store.write(councils.put, [row], [("kent.example", "S12000036")])

    after = await _around(scene, ask)

    assert before is not None
    assert after is not None
    assert (before.nation, after.nation) == ("england", "scotland")
    assert after.need.council == "S12000036"


@pytest.mark.parametrize(
    ("named", "nation"),
    [("Wales", "wales"), ("Northern Ireland", "northern_ireland"), ("", "england"), ("Atlantis", "england")],
)
def test_a_nation_is_known_by_its_name(named: str, nation: str) -> None:
    assert experts.nation_of(Register("X", "X", "", "", named, "[]")) == nation
    assert experts.nation_of(None) == "england"


async def test_what_is_closed_or_no_ask_has_nobody_to_be_asked(scene: Scene) -> None:
    ask = await scene.ask()
    await asking.withdraw(scene.kent.node, scene.dee, ask.id)
    talk = await scene.kent.publish(scene.dee, "@pests@kent.example Rats are out")

    assert await _around(scene, ask) is None
    assert await scene.kent.node.store.read(experts.around, talk, scene.network.clock.now()) is None


async def test_a_community_of_another_node_asks_there(network: Network) -> None:
    scene = await routing.opened(network)
    ask = await routing.here(scene.devon, (await scene.ask()).uri)
    assert await scene.devon.node.store.read(experts.around, ask.id, network.clock.now()) is None


async def test_a_community_that_is_closed_asks_nobody(scene: Scene) -> None:
    ask = await scene.ask()
    await community.close(scene.kent.node, "pests", by="fin")
    assert await _around(scene, ask) is None


async def test_a_thread_that_a_facilitator_closed_has_nobody_to_be_asked(scene: Scene) -> None:
    ask = await scene.ask()
    await scene.kent.node.store.write(posts.set_locked, ask.id, locked=True)
    assert await _around(scene, ask) is None
