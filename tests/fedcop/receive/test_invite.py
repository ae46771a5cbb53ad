"""A community elsewhere invites somebody here."""

from typing import Any

import pytest

from storage import views, visible
from tests.fedcop.receive.conftest import Scene, act


def invite(scene: Scene, number: int, **more: Any) -> dict[str, Any]:
    planning = scene.lemmy.uri("planning")
    given = {"to": [scene.ada.uri], "target": scene.ada.uri} | more
    return act(scene.lemmy, "Invite", number, planning, by="planning", **given)


async def test_the_person_reads_it_as_a_direct_note_of_the_community(scene: Scene) -> None:
    sent = invite(scene, 1)
    await scene.arrives(scene.lemmy, sent)

    assert await scene.kent.told(scene.ada) == ["mention"]
    held = await scene.kent.post(sent["id"])
    assert held is not None
    assert (held.audience, held.local, "You are invited" in held.content) == ("direct", False, True)
    assert f'href="{scene.lemmy.base}/@planning"' in held.content
    read = scene.kent.node.store.read
    assert await read(views.post_view, visible.person(scene.ada.id), held.id) is not None
    assert await read(views.post_view, visible.person(scene.fin.id), held.id) is None
    # Once for each id, however often it comes.
    await scene.arrives(scene.lemmy, sent)
    assert await scene.kent.told(scene.ada) == ["mention"]


@pytest.mark.parametrize("field", ["actor", "object", "target"])
async def test_only_a_community_invites_and_only_people_here_into_itself(scene: Scene, field: str) -> None:
    wrong = {
        "actor": scene.lemmy.uri("cal"),
        "object": scene.makers.uri,
        "target": scene.makers.uri,
    }
    sent = invite(scene, 2) | {field: wrong[field]}
    await scene.arrives(scene.lemmy, sent)

    assert await scene.kent.post(sent["id"]) is None
    assert await scene.kent.told(scene.ada) == []
