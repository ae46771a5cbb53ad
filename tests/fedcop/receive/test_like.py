import pytest

from tests.fedcop.receive.conftest import Scene, act


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
