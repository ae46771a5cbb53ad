"""A community elsewhere does not take a post of somebody here."""

from typing import Any

import pytest

from storage import tombstones
from storage.engine import Reader
from tests.fedcop.receive.conftest import Scene, act


async def ours(scene: Scene) -> dict[str, Any]:
    """Let ada post in planning, and give the Create that it got."""
    await scene.planning()
    await scene.kent.publish(scene.ada, "Which glue?\n\n@planning@lemmy.example For wood.")
    await scene.network.settle()
    made: dict[str, Any] = scene.lemmy.sent("Create")[-1]
    return made


async def notes(scene: Scene) -> list[str]:
    async def read(read: Reader) -> list[str]:
        return await read.values("SELECT content FROM posts WHERE audience = 'direct' ORDER BY id")

    return await scene.kent.node.store.read(read)


@pytest.mark.parametrize("how", ["whole", "its id", "the post", "without an id"])
async def test_its_author_reads_why_however_the_post_is_named(scene: Scene, how: str) -> None:
    made = await ours(scene)
    rebuilt = {"type": "Create", "actor": made["actor"], "object": made["object"]["id"]}
    named = {"whole": made, "its id": made["id"], "the post": made["object"]["id"], "without an id": rebuilt}
    reject = act(scene.lemmy, "Reject", 1, named[how], by="planning", summary="<b>Off</b> & topic")
    await scene.arrives(scene.lemmy, reject)
    (told,) = await notes(scene)
    assert "Off" in told
    assert "<b>" not in told
    assert made["object"]["url"] in told
    assert await scene.kent.told(scene.ada) == ["mention"]


async def test_nobody_but_the_community_says_so(scene: Scene) -> None:
    made = await ours(scene)
    for number, by in enumerate(("cal",)):
        await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", number, made, by=by))
    await scene.arrives(scene.surrey, act(scene.surrey, "Reject", 5, made))
    elsewhere = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 6, elsewhere, by="planning"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 7, "https://kent.example/x", by="planning"))
    assert await notes(scene) == []
    found = await scene.kent.node.store.read(tombstones.is_dead, elsewhere, scene.ada.uri)
    assert not found


async def test_one_that_has_no_words_says_what_happened_all_the_same(scene: Scene) -> None:
    made = await ours(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 1, made, by="planning"))
    (told,) = await notes(scene)
    assert "did not take" in told
    assert "It says" not in told
