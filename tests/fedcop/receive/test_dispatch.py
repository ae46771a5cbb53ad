from fedcop import fetch
from fedcop.rules import Rules
from storage import actors
from tests.fedcop.receive.conftest import Scene, act, announced


async def test_an_unknown_type_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Ponder", 1, scene.ada.uri))
    await scene.arrives(scene.surrey, act(scene.surrey, "Offer", 2, scene.ada.uri))
    assert await scene.outcomes() == {"ignored": 2}


async def test_a_host_that_left_the_list_meanwhile_is_refused(scene: Scene) -> None:
    follow = act(scene.surrey, "Follow", 1, scene.makers.uri)
    assert await scene.surrey.post(scene.kent.url("/inbox"), follow) == 202
    scene.kent.node.rules = Rules(mode="allowlist")
    scene.network.router.take()
    await scene.network.settle()
    assert await scene.outcomes() == {"refused": 1}
    assert scene.network.router.take() == []


async def test_who_is_suspended_here_is_not_listened_to(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    sam = await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    now = scene.network.clock.now()
    await scene.kent.node.store.write(actors.set_state, sam.id, "suspended", now)
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, uri))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.likes_count == 0


async def test_one_bad_activity_in_a_batch_does_not_hold_up_the_others(scene: Scene) -> None:
    await scene.planning()
    await scene.join(scene.surrey, "sam")
    page = {
        "id": f"{scene.lemmy.base}/notes/1",
        "type": "Page",
        "name": "Plans",
        "content": "<p>How?</p>",
        "attributedTo": scene.lemmy.uri("cal"),
        "to": ["as:Public"],
        "cc": [],
        "audience": scene.lemmy.uri("planning"),
    }
    create = act(scene.lemmy, "Create", 1, page, by="cal", to=["as:Public"], cc=[])
    forged = act(scene.surrey, "Like", 2, page["id"]) | {"id": "https://lemmy.example/x"}
    like = act(scene.surrey, "Like", 3, page["id"])
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, [create, forged, like]))
    held = await scene.kent.post(str(page["id"]))
    assert held is not None
    assert held.likes_count == 1
