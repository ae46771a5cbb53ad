from storage import actors, posts
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note


def thread(scene: Scene, text: str = "Which glue?", **more: object) -> dict[str, object]:
    return note(scene.surrey, 1, text, cc=[scene.makers.uri]) | more


async def held(scene: Scene) -> Post:
    found = await scene.kent.post(f"{scene.surrey.base}/notes/1")
    assert found is not None
    return found


async def test_an_edit_replaces_the_text_and_is_passed_on(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.arrives(scene.surrey, create(thread(scene)))
    newer = thread(scene, "Which tape?", updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, newer))
    assert (await held(scene)).title == "Which tape?"
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Create", "Update"]
    texts = await scene.kent.node.store.read(posts.revisions, SYSTEM, (await held(scene)).id)
    assert [one.title for one in texts] == ["Which glue?", "Which tape?"]


async def test_an_older_edit_that_comes_late_changes_nothing(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.arrives(scene.surrey, create(thread(scene)))
    newer = thread(scene, "Newest", updated="2026-03-02T11:40:00Z")
    older = thread(scene, "Older", updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, newer))
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 2, older))
    assert (await held(scene)).title == "Newest"
    assert len(scene.lemmy.sent("Announce")) == 2


async def test_nobody_edits_anothers_post(scene: Scene) -> None:
    await scene.arrives(scene.surrey, create(thread(scene)))
    forged = thread(scene, "Forged", updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, forged, by="bea"))
    claimed = forged | {"attributedTo": scene.surrey.uri("bea")}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 2, claimed, by="bea"))
    assert (await held(scene)).title == "Which glue?"


async def test_an_edit_of_what_is_not_held_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, thread(scene)))
    assert await scene.kent.post(f"{scene.surrey.base}/notes/1") is None


async def test_an_actor_says_what_it_is_now(scene: Scene) -> None:
    uri = await scene.join(scene.surrey, "sam")
    document = scene.surrey.documents["/users/sam"] | {"name": "Samira"}
    scene.network.router.take()
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, document))
    sam = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert sam is not None
    assert sam.display_name == "Samira"
    assert scene.network.fetches() == []


async def test_nobody_says_what_another_actor_is(scene: Scene) -> None:
    uri = await scene.join(scene.surrey, "sam")
    document = scene.surrey.documents["/users/sam"] | {"name": "Mallory"}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, document, by="bea"))
    sam = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert sam is not None
    assert sam.display_name == "Sam"


async def test_an_update_of_something_else_is_ignored(scene: Scene) -> None:
    await scene.arrives(
        scene.surrey, act(scene.surrey, "Update", 1, {"id": "https://x.example", "type": "X"})
    )
    assert await scene.outcomes() == {"ignored": 1}
