import pytest

from fedcop.actions import moderate
from storage import actors
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note


@pytest.mark.parametrize("kind", ["Like", "EmojiReact"])
async def test_a_like_counts_once_and_its_author_is_told(scene: Scene, kind: str) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    for number in (1, 2):
        await scene.arrives(scene.surrey, act(scene.surrey, kind, number, uri))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.likes_count == 1
    assert await scene.kent.told(scene.ada) == ["like"]


async def test_what_somebody_may_not_see_they_cannot_like(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello", audience="followers"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, uri))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.likes_count == 0


async def test_a_like_of_something_not_held_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, "https://kent.example/posts/1"))
    assert await scene.outcomes() == {"ignored": 1}


async def test_a_community_passes_on_nothing_of_whom_it_banned(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    sam = await scene.join(scene.surrey, "sam")
    words = note(scene.surrey, 1, "Which glue?", cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(words))
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, sam)
    assert found is not None
    makers = await scene.kent.known(scene.makers)
    await moderate.ban(scene.kent.node, scene.fin, makers, found, reason="Spam")
    await scene.network.settle()
    before = len(scene.lemmy.sent("Announce"))

    newer = words | {"content": "<p>Buy mine</p>", "updated": "2026-03-02T11:30:00Z"}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, newer))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 2, words["id"]))
    held = await scene.kent.post(words["id"])
    assert held is not None
    assert (held.likes_count, held.content) == (0, "<p>Which glue?</p>")
    assert len(scene.lemmy.sent("Announce")) == before
