"""Who is introduced to somebody: findable, not met, alike, and with the reason in words."""

from typing import Any

import pytest

from fedcop.actions import profile
from fedcop.actions.profile import Changes
from fedcop.knowledge import introductions
from fedcop.knowledge.introductions import Introduced
from storage import councils, findable, practices, service_list, visible
from storage.actors import Actor
from storage.practices import Practice
from storage.service_list import Service
from tests.fedcop.actions.scene import Scene
from tests.support.network import Network

NAMES = {"function/110": "Parking", "service/561": "Gritting", "service/9": "Wheel clamps"}


@pytest.fixture
async def scene(network: Network) -> Scene:
    council = await network.open("kent.example")
    return Scene(council.node)


@pytest.fixture
async def ada(scene: Scene) -> Actor:
    """Give a person who looks for what is known about gritting, and knows about parking."""
    ada = await scene.person("ada")
    said = Practice(role="Highways Officer", offers=("function/110",), needs=("service/561",))
    return await profile.update(scene.node, ada, Changes(practice=said))


async def _of_devon(scene: Scene, handle: str, **said: Any) -> Actor:
    known = {"findable": said.pop("findable", "nodes")}
    practice = practices.text_of(Practice(names=NAMES, **said))
    return await scene.remote(handle, "devon.example", practice=practice, **known)


async def _introduced(scene: Scene, me: Actor) -> list[Introduced]:
    return await scene.node.store.read(
        introductions.of,
        visible.person(me.id),
        me.id,
        home="kent.example",
        now=scene.node.clock.now(),
        limit=5,
    )


async def _handles(scene: Scene, me: Actor) -> list[str]:
    return [one.person.handle for one in await _introduced(scene, me)]


async def test_whoever_is_alike_comes_with_the_reason_in_words(scene: Scene, ada: Actor) -> None:
    await _of_devon(scene, "dan", role="Head of Highways", offers=("service/561",))
    await _of_devon(scene, "eve", offers=("function/76",))
    (dan,) = await _introduced(scene, ada)
    assert introductions.said(dan, "en") == [
        "Knows about what you look for: Gritting",
        "Has such a role: Head of Highways",
    ]
    assert introductions.said(dan, "cy") == [
        "Yn gwybod am yr hyn rydych yn chwilio amdano: Graeanu",
        "Mewn rôl debyg: Head of Highways",
    ]


async def test_a_service_below_what_one_knows_counts_and_one_that_is_not_listed_has_its_own_name(
    scene: Scene, ada: Actor
) -> None:
    await scene.node.store.write(service_list.put, [Service("service/9", "Clamping", "", "function/110")])
    await _of_devon(scene, "dan", needs=("service/9",), offers=("service/9",))
    (dan,) = await _introduced(scene, ada)
    assert introductions.said(dan, "en") == [
        "Works on the same: Clamping",
        "Looks for what you know: Parking",
    ]
    unlisted = Introduced(person=dan.person, council=None, match=dan.match, services={})
    assert introductions.said(unlisted, "en")[0] == "Works on the same: Wheel clamps"


async def test_of_councils_with_labels_in_common_that_is_said(scene: Scene, ada: Actor) -> None:
    listed = [("E1", "Kent", "county", "England"), ("E2", "Devon", "county", "England")]
    await scene.node.store.write(councils.put, listed, [("kent.example", "E1"), ("devon.example", "E2")])
    await scene.node.store.write(councils.set_labels, {"E1": ["Rural", "Coast"], "E2": ["Rural"]})
    await _of_devon(scene, "dan", offers=("service/561",))
    (dan,) = await _introduced(scene, ada)
    assert introductions.said(dan, "en")[-1] == "Of a council like yours: England, Rural, county"
    assert dan.council is not None
    assert dan.council.name == "Devon"


async def test_nobody_is_introduced_who_may_not_be_found_or_is_known_or_unwanted(
    scene: Scene, ada: Actor
) -> None:
    said = {"offers": ("service/561",)}
    dan = await _of_devon(scene, "dan", **said)
    await _of_devon(scene, "hid", findable="hidden", **said)
    await _of_devon(scene, "mem", findable="members", **said)
    assert await _handles(scene, ada) == ["dan"]
    await scene.node.store.write(findable.dismiss, ada.id, dan.id)
    assert await _handles(scene, ada) == []
    eve = await _of_devon(scene, "eve", **said)
    assert await _handles(scene, ada) == ["eve"]
    await scene.joined(ada, eve)
    assert await _handles(scene, ada) == []


async def test_whoever_says_nothing_of_themself_is_introduced_to_nobody(scene: Scene) -> None:
    await _of_devon(scene, "dan", offers=("service/561",))
    assert await _introduced(scene, await scene.person("ben")) == []
