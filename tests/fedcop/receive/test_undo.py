from typing import Any

from storage import follows
from storage.posts import Post
from tests.fedcop.receive.conftest import Scene, act


async def ours(scene: Scene, text: str = "Hello") -> str:
    """Give the id of a thread of ada's in makers."""
    return await scene.kent.uri_of(await scene.kent.publish(scene.ada, f"{text}\n\n@makers Look."))


async def held(scene: Scene, uri: str) -> Post:
    found = await scene.kent.post(uri)
    assert found is not None
    return found


async def take_back(scene: Scene, undone: Any, *, by: str = "sam", number: int = 99) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", number, undone, by=by))


async def test_a_follow_is_taken_back_by_its_content_or_its_id(scene: Scene) -> None:
    for number, by_id in enumerate((False, True)):
        follow = act(scene.surrey, "Follow", number, scene.makers.uri)
        await scene.arrives(scene.surrey, follow)
        makers = await scene.kent.known(scene.makers)
        assert makers.followers_count == 2
        # Lemmy makes the inner id anew.
        anew = follow | {"id": f"{follow['id']}/anew"}
        await take_back(scene, follow["id"] if by_id else anew, number=90 + number)
        makers = await scene.kent.known(scene.makers)
        assert makers.followers_count == 1


async def test_a_like_is_taken_back_and_passed_on(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    uri = await ours(scene)
    like = act(scene.surrey, "Like", 1, uri)
    await scene.arrives(scene.surrey, like)
    assert (await held(scene, uri)).likes_count == 1
    await take_back(scene, like | {"id": f"{like['id']}/anew"})
    assert (await held(scene, uri)).likes_count == 0
    passed = [one["object"]["type"] for one in scene.lemmy.sent("Announce")]
    assert passed == ["Create", "Like", "Undo"]


async def test_a_dislike_is_passed_on_both_ways_and_not_counted(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    uri = await ours(scene)
    dislike = act(scene.surrey, "Dislike", 1, uri)
    await scene.arrives(scene.surrey, dislike)
    await take_back(scene, dislike)
    assert (await held(scene, uri)).likes_count == 0
    passed = [one["object"]["type"] for one in scene.lemmy.sent("Announce")]
    assert passed == ["Create", "Dislike", "Undo"]


async def test_a_boost_is_taken_back_by_its_content_or_its_id(scene: Scene) -> None:
    uri = await ours(scene)
    for number, by_id in enumerate((False, True)):
        boost = act(scene.surrey, "Announce", number, uri, to=["as:Public"])
        await scene.arrives(scene.surrey, boost)
        assert (await held(scene, uri)).boosts_count == 1
        undone = boost["id"] if by_id else boost | {"id": f"{boost['id']}/anew"}
        await take_back(scene, undone, number=90 + number)
        assert (await held(scene, uri)).boosts_count == 0


async def test_nobody_takes_back_what_another_did(scene: Scene) -> None:
    uri = await ours(scene)
    like = act(scene.surrey, "Like", 1, uri)
    await scene.arrives(scene.surrey, like)
    await scene.join(scene.surrey, "bea")
    await take_back(scene, like, by="bea")
    await take_back(scene, f"{scene.surrey.uri('sam')}/follow", by="bea", number=98)
    assert (await held(scene, uri)).likes_count == 1


async def test_a_community_takes_back_its_announce(scene: Scene) -> None:
    planning = await scene.planning()
    found = {
        "id": f"{scene.lemmy.base}/notes/1",
        "type": "Page",
        "name": "Plans",
        "content": "<p>How?</p>",
        "attributedTo": scene.lemmy.uri("cal"),
        "to": ["as:Public"],
        "cc": [],
        "audience": planning.uri,
    }
    scene.lemmy.put("/notes/1", found)
    told = act(scene.lemmy, "Announce", 1, found["id"], by="planning", to=["as:Public"])
    await scene.arrives(scene.lemmy, told)
    assert len(await scene.kent.home(scene.ada)) == 1
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 2, told, by="planning"))
    assert await scene.kent.home(scene.ada) == []


async def test_what_was_never_done_or_is_not_understood_changes_nothing(scene: Scene) -> None:
    await take_back(scene, act(scene.surrey, "Follow", 1, scene.makers.uri), number=1)
    await take_back(scene, act(scene.surrey, "Delete", 1, "https://surrey.example/notes/1"), number=2)
    await take_back(scene, {"id": "https://surrey.example/x", "type": "Ponder"}, number=3)
    await take_back(scene, "https://surrey.example/nothing", number=4)
    assert await scene.outcomes() == {"ignored": 4}
    assert await scene.kent.node.store.read(follows.of_actor, scene.makers.id) != []
