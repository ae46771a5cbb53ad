"""What follows from a change of the federation list."""

import asyncio

from fedcop.actions import allowlist
from storage import actors, deliveries, follows, peers, posts
from storage.actors import Actor
from storage.visible import STRANGER
from tests.fedcop.actions.scene import Scene


async def _tied(scene: Scene, roads: Actor) -> Actor:
    """Tie the node to somebody at devon.example in every way there is."""
    cleo = await scene.remote("cleo", "devon.example")
    await scene.joined(cleo, roads)
    await scene.joined(roads, cleo)
    await scene.write(await _facilitator(scene, roads), "@roads Potholes")
    return cleo


async def _facilitator(scene: Scene, roads: Actor) -> Actor:
    found = await scene.node.store.read(actors.find_by_handle, STRANGER, "ada", roads.domain)
    assert found is not None
    return found


async def test_a_denied_node_loses_follows_deliveries_and_sight(scene: Scene, roads: Actor) -> None:
    store, cleo = scene.node.store, await _tied(scene, roads)
    post = await scene.theirs(cleo)
    waiting = len(await scene.sent())
    assert waiting > 0
    result = await allowlist.deny(scene.node, "devon.example", by="ada")
    assert result.hidden == ("devon.example",)
    assert [(row.what, row.detail) for row in result.ended] == [
        ("membership", "@cleo@devon.example of @roads@kent.example"),
        ("follow", "@roads@kent.example of @cleo@devon.example"),
        ("delivery", f"{waiting} not sent"),
    ]
    assert not scene.node.allows("devon.example")
    assert await store.read(follows.find, cleo.id, roads.id) is None
    assert await store.read(deliveries.backlog) == []
    assert await store.read(actors.find, STRANGER, cleo.id) is None
    assert await store.read(posts.find, STRANGER, post.id) is None


async def test_widening_shows_again_and_restores_nothing(scene: Scene, roads: Actor) -> None:
    store, cleo = scene.node.store, await _tied(scene, roads)
    ended = (await allowlist.deny(scene.node, "devon.example", by="ada")).ended
    result = await allowlist.forget(scene.node, "devon.example", by="ada")
    assert (result.shown, result.hidden, result.before) == (("devon.example",), (), ended)
    assert await store.read(actors.find, STRANGER, cleo.id) is not None
    assert await store.read(follows.find, cleo.id, roads.id) is None


async def test_changes_at_the_same_time_all_hold(scene: Scene) -> None:
    names = [f"n{place}.example" for place in range(5)]
    for name in names:
        await scene.remote("x", name)
    await asyncio.gather(*(allowlist.allow(scene.node, name, by="ada") for name in names))
    assert all(scene.node.allows(name) for name in names)
    standings = [await scene.node.store.read(peers.find, name) for name in names]
    assert {peer.standing for peer in standings if peer} == {"open"}


async def test_the_effects_of_a_change_are_told_and_nothing_changes(scene: Scene, roads: Actor) -> None:
    await _tied(scene, roads)
    told = await allowlist.effects(scene.node, deny=["devon.example"])
    assert told == await allowlist.effects(scene.node, deny=["*.DEVON.example", "devon.example"])
    (ties,) = told.cut
    assert (ties.host, ties.people, ties.follows, ties.memberships) == ("devon.example", 1, 1, 1)
    assert ties.deliveries == len(await scene.sent())
    assert (await allowlist.effects(scene.node, allow=["york.example"])).cut == ()
    await allowlist.deny(scene.node, "devon.example", by="ada")
    assert (await allowlist.effects(scene.node, forget=["devon.example"])).shown == ("devon.example",)
