from fedcop.actions import discover, profile
from fedcop.actions.profile import Changes
from storage import follows
from storage.actors import Actor
from storage.engine import Transaction
from storage.follows import NewFollow
from tests.fedcop.actions.scene import Scene

DEVON = "https://devon.example/inbox"


async def told(scene: Scene) -> list[tuple[str, str, str]]:
    """Give type, object and target of what devon's node is told in the name of ours."""
    sent = [one.document for one in await scene.sent() if one.inbox == DEVON]
    return [(one["type"], one["object"], one["target"]) for one in sent if one["type"] in ("Add", "Remove")]


async def follow_ours(scene: Scene) -> None:
    """Let devon's node follow ours."""
    devon = await scene.remote("devon.example", "devon.example")
    now = scene.node.clock.now()
    follow = NewFollow(
        id=scene.node.ids.next(now),
        follower_id=devon.id,
        target_id=scene.node.actor_id,
        uri="https://devon.example/follows/1",
        requested_at=now,
        accepted_at=now,
    )
    await scene.node.store.write(follows.add, follow)


async def test_councils_are_told_of_who_comes_and_goes_and_only_then(scene: Scene, ada: Actor) -> None:
    await follow_ours(scene)
    people = scene.node.uris.people_directory
    ada = await profile.update(scene.node, ada, Changes(discoverable=True))
    assert await told(scene) == [("Add", ada.uri, people)]
    ada = await profile.update(scene.node, ada, Changes(note="Gauges"))
    assert await told(scene) == []
    ada = await profile.update(scene.node, ada, Changes(discoverable=False))
    assert await told(scene) == [("Remove", ada.uri, people)]


async def test_nothing_is_told_of_what_did_not_change(scene: Scene, ada: Actor) -> None:
    await follow_ours(scene)
    listing = discover.prepare(scene.node, ada.id, ada)

    async def write(tx: Transaction) -> None:
        await discover.settle(tx, scene.node, listing)

    await scene.node.store.write(write)
    assert await scene.sent() == []
