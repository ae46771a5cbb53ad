"""Routed asks from elsewhere: which ones count, how many, and what is said of those that do not."""

from datetime import date, timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.as2 import referrals
from storage import availability, blocks, routed
from storage.availability import Availability
from storage.ids import PostId
from tests.fedcop.receive.conftest import Scene, create, note
from tests.support.routing import notes
from tests.support.speak import PUBLIC


def ask(scene: Scene, number: int, *, of: str | None = None) -> str:
    """Serve an ask in the community planning of the lemmy server, or of another, and give its id."""
    community = of or scene.lemmy.uri("planning")
    page = note(
        scene.lemmy, number, "They gnaw.", type="Page", name="Who has trapped rats?", audience=community,
        attributedTo=scene.lemmy.uri("cal"), to=[community, PUBLIC],
    )  # fmt: skip
    scene.lemmy.put(f"/notes/{number}", page)
    return str(page["id"])


def routed_ask(scene: Scene, number: int, uri: str, *, by: str = "planning", **more: Any) -> dict[str, Any]:
    """Give the Create of a direct note to ada that asks her for an ask."""
    mention = {"type": "Mention", "href": scene.ada.uri, "name": "@ada"}
    return create(
        note(
            scene.lemmy, number, "You are asked.", attributedTo=scene.lemmy.uri(by), to=[scene.ada.uri],
            tag=[mention, referrals.link_of(uri)], **more,
        )
    )  # fmt: skip


async def _asked(scene: Scene) -> int:
    since = scene.network.clock.now() - timedelta(days=7)
    return len(await scene.kent.node.store.read(routed.asked_since, [scene.ada.id], since))


async def test_a_routed_ask_is_shown_and_admits_to_its_thread(scene: Scene) -> None:
    uri = ask(scene, 1)
    await scene.arrives(scene.lemmy, routed_ask(scene, 100, uri))

    [held] = await notes(scene.kent, scene.ada)
    found = await scene.kent.node.store.read(routed.by_note, scene.ada.id, held.id)
    about = await scene.kent.post(uri)
    assert found is not None
    assert about is not None
    assert found.ask_id == about.id
    assert await scene.kent.node.store.read(routed.admits, about.id, scene.ada.id)
    assert await scene.kent.told(scene.ada) == ["mention"]


async def test_a_community_asks_for_its_own_asks_only(scene: Scene) -> None:
    scene.lemmy.person("other", type="Group")
    for number, of in ((1, scene.makers.uri), (2, scene.lemmy.uri("other"))):
        await scene.arrives(scene.lemmy, routed_ask(scene, 100 + number, ask(scene, number, of=of)))

    assert await notes(scene.kent, scene.ada) == []
    assert await _asked(scene) == 0
    assert (await scene.outcomes())["refused"] == 2


async def test_of_a_hundred_routed_asks_two_are_shown(scene: Scene) -> None:
    for number in range(1, 101):
        activity = routed_ask(scene, 1000 + number, ask(scene, number))
        assert await scene.lemmy.post(scene.kent.url("/inbox"), activity) == 202
    await scene.network.settle()

    assert len(await notes(scene.kent, scene.ada)) == 2
    assert await _asked(scene) == 2
    assert (await scene.outcomes())["refused"] == 98
    asked_for = [line for line in scene.network.fetches() if "/notes/" in line]
    assert len(asked_for) == 2, "nothing is fetched for what is refused"
    scene.network.clock.move(timedelta(days=7, minutes=1))
    await scene.arrives(scene.lemmy, routed_ask(scene, 2000, ask(scene, 201)))
    assert await _asked(scene) == 1


async def test_the_same_again_changes_nothing(scene: Scene) -> None:
    uri = ask(scene, 1)
    first = routed_ask(scene, 100, uri)
    for activity in (first, first, first | {"id": f"{scene.lemmy.base}/again"}, routed_ask(scene, 101, uri)):
        await scene.arrives(scene.lemmy, activity)

    assert len(await notes(scene.kent, scene.ada)) == 1
    assert await _asked(scene) == 1


@pytest.mark.parametrize("why", ["stopped", "away", "blocks the asker"])
async def test_who_is_not_to_be_asked_sees_nothing_and_the_community_hears_no_reason(
    scene: Scene, why: str
) -> None:
    store, now = scene.kent.node.store, scene.network.clock.now()
    uri = ask(scene, 1)
    if why == "stopped":
        await store.write(availability.stop, scene.ada.id, now)
    elif why == "away":
        await store.write(availability.put, Availability(scene.ada.id, None, None, date(2026, 3, 9)))
    else:
        cal = await fetch.actor(scene.kent.node, scene.lemmy.uri("cal"))
        await store.write(blocks.block, 1, scene.ada.id, cal.id, None)

    await scene.arrives(scene.lemmy, routed_ask(scene, 100, uri))

    assert await notes(scene.kent, scene.ada) == []
    [declined] = scene.lemmy.sent("Reject")
    assert (declined["actor"], declined["to"]) == (scene.ada.uri, [scene.lemmy.uri("planning")])
    assert declined["object"]["object"]["id"] == f"{scene.lemmy.base}/notes/100"
    assert "summary" not in declined


async def test_without_a_community_or_an_ask_a_note_is_a_note(scene: Scene) -> None:
    by_person = routed_ask(scene, 101, ask(scene, 1), by="cal")
    nowhere = routed_ask(scene, 102, f"{scene.lemmy.base}/notes/none")
    both = routed_ask(scene, 103, ask(scene, 2))
    for part in (both, both["object"]):
        part["to"] = [scene.ada.uri, scene.fin.uri]
    for activity in (by_person, nowhere, both):
        await scene.arrives(scene.lemmy, activity)

    assert len(await notes(scene.kent, scene.ada)) == 3
    assert await _asked(scene) == 0
    assert not await scene.kent.node.store.read(routed.admits, PostId(1), scene.ada.id)
