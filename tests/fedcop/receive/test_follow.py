import msgspec

from storage import actors, blocks, communities, follows, peers
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act


async def standing(scene: Scene, follower: Actor, target: Actor) -> str | None:
    found = await scene.kent.node.store.read(follows.find, follower.id, target.id)
    return found.state if found else None


async def person(scene: Scene, name: str) -> Actor:
    """Give our row of somebody at surrey, who followed before."""
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.surrey.uri(name))
    assert found is not None
    return found


async def test_a_follow_of_an_open_community_is_accepted_and_echoed(scene: Scene) -> None:
    # Without ``to``, as Mastodon sends it.
    follow = act(scene.surrey, "Follow", 1, scene.makers.uri)
    await scene.arrives(scene.surrey, follow)
    (accept,) = scene.surrey.sent("Accept")
    assert accept["actor"] == scene.makers.uri
    assert accept["to"] == [scene.surrey.uri("sam")]
    assert accept["object"] == {"@context": "https://www.w3.org/ns/activitystreams"} | follow
    assert await standing(scene, await person(scene, "sam"), scene.makers) == "accepted"


async def test_each_repeated_follow_is_accepted_again_and_counts_once(scene: Scene) -> None:
    for number in (1, 2):
        await scene.arrives(scene.surrey, act(scene.surrey, "Follow", number, scene.makers.uri))
    ids = [accept["object"]["id"] for accept in scene.surrey.sent("Accept")]
    assert ids == [f"{scene.surrey.base}/activities/{number}" for number in (1, 2)]
    makers = await scene.kent.known(scene.makers)
    assert makers.followers_count == 2  # fin, who opened it, and sam


async def test_what_a_members_node_runs_is_known_before_it_is_a_member(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 1, scene.makers.uri))
    peer = await scene.kent.node.store.read(peers.find, "surrey.example")
    assert peer is not None
    assert (peer.software, peer.kind) == ("mastodon", "plain")


async def test_a_request_to_join_waits_and_its_facilitator_is_told(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 1, closed.uri))
    assert scene.surrey.sent("Accept") == []
    assert await standing(scene, await person(scene, "sam"), closed) == "requested"
    assert await scene.kent.told(scene.fin) == ["follow_request"]


async def test_who_is_banned_gets_a_reject(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    sam = await person(scene, "sam")
    await scene.kent.node.store.write(
        communities.ban,
        scene.makers.id,
        sam.id,
        by_actor=scene.fin.id,
        reason="",
        until=None,
        now=scene.network.clock.now(),
    )
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 9, scene.makers.uri))
    (answer,) = scene.surrey.sent("Reject")
    assert answer["object"]["id"] == f"{scene.surrey.base}/activities/9"


async def test_a_community_may_not_join_another(scene: Scene) -> None:
    follow = act(scene.lemmy, "Follow", 1, scene.makers.uri, by="planning")
    await scene.arrives(scene.lemmy, follow)
    assert len(scene.lemmy.sent("Reject")) == 1
    assert scene.lemmy.sent("Accept") == []


async def test_a_follow_of_a_person_is_accepted_and_told(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 1, scene.ada.uri))
    assert len(scene.surrey.sent("Accept")) == 1
    assert await scene.kent.told(scene.ada) == ["follow"]


async def test_who_decides_on_followers_is_asked(scene: Scene) -> None:
    profile = msgspec.structs.replace(actors.profile_of(scene.ada), approves=True)
    now = scene.network.clock.now()
    await scene.kent.node.store.write(actors.set_profile, scene.ada.id, profile, now)
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 1, scene.ada.uri))
    assert scene.surrey.sent("Accept") == []
    assert await scene.kent.told(scene.ada) == ["follow_request"]


async def test_a_follow_from_a_blocked_person_is_refused(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    sam = await person(scene, "sam")
    await scene.kent.node.store.write(blocks.block, 7, scene.ada.id, sam.id, None)
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 9, scene.ada.uri))
    assert len(scene.surrey.sent("Reject")) == 1
    assert await standing(scene, sam, scene.ada) is None


async def test_nobody_and_the_node_itself_are_not_followed(scene: Scene) -> None:
    for number, uri in enumerate(("https://kent.example/people/nobody", "https://kent.example/actor")):
        await scene.arrives(scene.surrey, act(scene.surrey, "Follow", number, uri))
    assert scene.surrey.received == []
