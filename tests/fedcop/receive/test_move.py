from fedcop import fetch
from storage import actors, follows
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act
from tests.support.speak import Peer


async def followed(scene: Scene) -> Actor:
    """Let ada follow sam, and give our row of sam."""
    sam = await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    await scene.kent.follow(scene.ada, sam)
    await scene.network.settle()
    (asked,) = scene.surrey.sent("Follow")
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 1, asked))
    return sam


def move(peer: Peer, target: str, number: int = 5) -> dict[str, object]:
    return act(peer, "Move", number, peer.uri("sam"), target=target)


async def test_who_follows_somebody_that_moves_follows_the_new_account(scene: Scene) -> None:
    sam = await followed(scene)
    target = scene.lemmy.person("sam", alsoKnownAs=[sam.uri])
    await scene.arrives(scene.surrey, move(scene.surrey, target))
    asked = [one["object"] for one in scene.lemmy.sent("Follow")]
    assert asked == [target]
    assert len(scene.surrey.sent("Undo")) == 1
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, sam.id) is None
    moved = await scene.kent.node.store.read(actors.find, SYSTEM, sam.id)
    assert moved is not None
    assert moved.moved_to == target


async def test_a_move_that_the_new_account_does_not_confirm_is_refused(scene: Scene) -> None:
    await followed(scene)
    target = scene.lemmy.person("sam")
    await scene.arrives(scene.surrey, move(scene.surrey, target))
    assert scene.lemmy.sent("Follow") == []


async def test_nobody_moves_somebody_else(scene: Scene) -> None:
    sam = await followed(scene)
    target = scene.lemmy.person("sam", alsoKnownAs=[sam.uri])
    forged = act(scene.surrey, "Move", 5, sam.uri, by="bea", target=target)
    await scene.arrives(scene.surrey, forged)
    assert scene.lemmy.sent("Follow") == []


async def test_a_second_move_within_a_week_is_refused(scene: Scene) -> None:
    sam = await followed(scene)
    first = scene.lemmy.person("sam", alsoKnownAs=[sam.uri])
    second = scene.lemmy.person("mallory", alsoKnownAs=[sam.uri])
    await scene.arrives(scene.surrey, move(scene.surrey, first))
    await scene.arrives(scene.surrey, move(scene.surrey, second, 6))
    moved = await scene.kent.node.store.read(actors.find, SYSTEM, sam.id)
    assert moved is not None
    assert moved.moved_to == first
