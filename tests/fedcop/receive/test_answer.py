from fedcop import fetch
from storage import follows, memberships
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act


async def asked(scene: Scene) -> tuple[Actor, dict[str, object]]:
    """Let ada ask to join planning; give its row and the Follow that it was sent."""
    found = await fetch.actor(scene.kent.node, scene.lemmy.uri("planning"))
    await scene.kent.follow(scene.ada, found)
    await scene.network.settle()
    (follow,) = scene.lemmy.sent("Follow")
    return found, follow


async def is_member(scene: Scene, community: Actor) -> bool:
    return await scene.kent.node.store.read(memberships.is_member, community.id, scene.ada.id)


async def test_nothing_holds_before_it_is_accepted(scene: Scene) -> None:
    planning, follow = await asked(scene)
    assert not await is_member(scene, planning)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, follow, by="planning"))
    assert await is_member(scene, planning)


async def test_an_accept_may_name_the_follow_by_its_id(scene: Scene) -> None:
    planning, follow = await asked(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, follow["id"], by="planning"))
    assert await is_member(scene, planning)


async def test_an_accept_may_have_lost_the_follows_id(scene: Scene) -> None:
    planning, follow = await asked(scene)
    rebuilt = {"type": "Follow", "actor": follow["actor"], "object": follow["object"]}
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, rebuilt, by="planning"))
    assert await is_member(scene, planning)


async def test_nobody_else_accepts(scene: Scene) -> None:
    planning, follow = await asked(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, follow, by="cal"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 1, follow))
    assert not await is_member(scene, planning)


async def test_a_reject_ends_a_request_and_a_membership(scene: Scene) -> None:
    planning, follow = await asked(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, follow, by="planning"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 2, follow, by="planning"))
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, planning.id) is None


async def test_nobody_accepts_their_own_follow_of_ours(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    follow = act(scene.surrey, "Follow", 1, closed.uri)
    await scene.arrives(scene.surrey, follow)
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 2, follow))
    assert await scene.kent.node.store.read(memberships.requests, SYSTEM, closed.id) != []


async def test_who_else_belongs_to_a_community_is_asked_for_once_it_accepted(scene: Scene) -> None:
    dan = "https://essex.example/people/dan"
    planning, follow = await asked(scene)
    url = f"{planning.uri}/followers"
    scene.lemmy.put("/users/planning/followers", {"id": url, "type": "Collection", "items": [dan]})
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 1, follow, by="planning"))
    assert await scene.kent.node.store.read(memberships.knows_member, planning.id, dan)
