from storage import actors, blocks, communities, follows
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced


async def known(scene: Scene, uri: str) -> Actor:
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert found is not None
    return found


async def is_banned(scene: Scene, community: Actor, person: Actor) -> bool:
    now = scene.network.clock.now()
    return await scene.kent.node.store.read(communities.is_banned, community.id, person.id, now)


async def test_a_block_ends_follows_both_ways_and_can_be_lifted(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 1, scene.ada.uri))
    sam = await known(scene, scene.surrey.uri("sam"))
    block = act(scene.surrey, "Block", 2, scene.ada.uri)
    await scene.arrives(scene.surrey, block)
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.ada.id) is None
    assert await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)

    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 3, block))
    assert not await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)


async def test_a_block_is_lifted_by_its_id(scene: Scene) -> None:
    block = act(scene.surrey, "Block", 2, scene.ada.uri)
    await scene.arrives(scene.surrey, block)
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 3, block["id"]))
    sam = await known(scene, scene.surrey.uri("sam"))
    assert not await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)


async def test_a_block_of_nobody_here_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Block", 1, scene.surrey.uri("bea")))
    await scene.arrives(
        scene.surrey, act(scene.surrey, "Undo", 2, act(scene.surrey, "Block", 1, scene.surrey.uri("bea")))
    )
    assert await scene.outcomes() == {"ignored": 2}


async def test_a_facilitator_elsewhere_bans_from_our_community_until_a_time(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "sam")
    cal, sam = (
        await known(scene, scene.lemmy.uri("cal")),
        await known(scene, scene.surrey.uri("sam")),
    )
    ban = act(
        scene.lemmy,
        "Block",
        5,
        sam.uri,
        by="cal",
        target=scene.makers.uri,
        summary="Spam",
        endTime="2026-03-03T12:00:00Z",
    )
    await scene.arrives(scene.lemmy, ban)
    assert not await is_banned(scene, scene.makers, sam), "cal does not facilitate"

    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    await scene.arrives(scene.lemmy, ban | {"id": f"{scene.lemmy.base}/activities/6"})
    assert await is_banned(scene, scene.makers, sam)
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.makers.id) is None
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Block"]

    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 7, ban, by="cal"))
    assert not await is_banned(scene, scene.makers, sam)


async def test_a_ban_by_a_community_elsewhere_is_taken_in_its_announce_only(scene: Scene) -> None:
    planning = await scene.planning()
    await scene.join(scene.surrey, "sam")
    ban = act(scene.surrey, "Block", 5, scene.fin.uri, target=planning.uri)
    await scene.arrives(scene.surrey, ban)
    assert not await is_banned(scene, planning, scene.fin)

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, ban))
    assert await is_banned(scene, planning, scene.fin)

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, act(scene.surrey, "Undo", 6, ban)))
    assert not await is_banned(scene, planning, scene.fin)


async def test_a_community_does_not_block_on_behalf_of_people(scene: Scene) -> None:
    await scene.planning()
    await scene.join(scene.surrey, "sam")
    block = act(scene.surrey, "Block", 5, scene.ada.uri)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, block))
    sam = await known(scene, scene.surrey.uri("sam"))
    assert not await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)


async def test_one_community_bans_nobody_from_another(scene: Scene) -> None:
    await scene.planning()
    await scene.join(scene.surrey, "sam")
    await scene.join(scene.lemmy, "cal")
    cal, sam = await known(scene, scene.lemmy.uri("cal")), await known(scene, scene.surrey.uri("sam"))
    other = await scene.kent.community("other", scene.fin)
    now = scene.network.clock.now()
    for community in (scene.makers, other):
        await scene.kent.node.store.write(
            communities.add_facilitator, community.id, sam.id, lead=False, now=now
        )
    # On its bare word, and as what somebody of its own host really said.
    forged = act(scene.surrey, "Block", 5, cal.uri, target=scene.makers.uri)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, forged))
    assert not await is_banned(scene, scene.makers, cal)
    await scene.arrives(scene.surrey, act(scene.surrey, "Block", 6, cal.uri, target=other.uri))
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, act(scene.surrey, "Undo", 7, forged)))
    assert await is_banned(scene, other, cal)


async def test_a_community_lifts_no_block_between_people(scene: Scene) -> None:
    await scene.planning()
    block = act(scene.surrey, "Block", 2, scene.ada.uri)
    await scene.arrives(scene.surrey, block)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, act(scene.surrey, "Undo", 3, block)))
    sam = await known(scene, scene.surrey.uri("sam"))
    assert await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)


async def test_a_facilitator_elsewhere_does_not_get_rid_of_another_by_a_ban(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    cal, now = await known(scene, scene.lemmy.uri("cal")), scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    ban = act(scene.lemmy, "Block", 1, scene.fin.uri, by="cal", target=scene.makers.uri)
    await scene.arrives(scene.lemmy, ban)
    assert not await is_banned(scene, scene.makers, scene.fin)
    assert await scene.kent.node.store.read(communities.is_facilitator, scene.makers.id, scene.fin.id)


async def test_somebody_of_the_communitys_host_who_is_not_listed_bans_nobody_by_themselves(
    scene: Scene,
) -> None:
    planning = await scene.planning()
    await scene.join(scene.lemmy, "cal")
    await scene.arrives(
        scene.lemmy, act(scene.lemmy, "Block", 1, scene.fin.uri, by="cal", target=planning.uri)
    )
    assert not await is_banned(scene, planning, scene.fin)
