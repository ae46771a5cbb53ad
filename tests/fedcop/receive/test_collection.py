from storage import actors, communities, posts
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note


async def test_a_community_elsewhere_pins_and_lists_its_facilitators(scene: Scene) -> None:
    planning = await scene.planning()
    await scene.join(scene.surrey, "sam")
    page = note(
        scene.lemmy, 1, "How?", attributedTo=scene.lemmy.uri("cal"), audience=planning.uri, to=[planning.uri]
    ) | {"cc": ["as:Public"]}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(page)))

    pin = act(scene.surrey, "Add", 1, page["id"], target=planning.featured_uri)
    await scene.arrives(scene.surrey, pin)
    assert await scene.kent.node.store.read(posts.pinned, SYSTEM, planning.id) == []
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, pin))
    assert len(await scene.kent.node.store.read(posts.pinned, SYSTEM, planning.id)) == 1
    unpin = pin | {"id": f"{scene.surrey.base}/activities/2", "type": "Remove"}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 3, unpin))
    assert await scene.kent.node.store.read(posts.pinned, SYSTEM, planning.id) == []

    for number, name in enumerate(("cal", "sam")):
        peer = scene.lemmy if name == "cal" else scene.surrey
        listed = act(
            scene.lemmy, "Add", 10 + number, peer.uri(name), by="cal", target=planning.facilitators_uri
        )
        await scene.arrives(scene.lemmy, announced(scene.lemmy, 10 + number, listed))
    facilitators = await scene.kent.node.store.read(communities.facilitators_of, SYSTEM, planning.id)
    assert sorted(one.handle for one in facilitators) == ["cal", "sam"]
    gone = act(scene.lemmy, "Remove", 20, scene.lemmy.uri("cal"), by="cal", target=planning.facilitators_uri)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 20, gone))
    facilitators = await scene.kent.node.store.read(communities.facilitators_of, SYSTEM, planning.id)
    assert [one.handle for one in facilitators] == ["sam"]


async def test_in_our_community_a_facilitator_elsewhere_may_pin_and_not_appoint(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    cal = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.lemmy.uri("cal"))
    assert cal is not None
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    pin = act(scene.lemmy, "Add", 1, uri, by="cal", target=scene.makers.featured_uri)
    await scene.arrives(scene.lemmy, pin)
    assert len(await scene.kent.node.store.read(posts.pinned, SYSTEM, scene.makers.id)) == 1

    appoint = act(
        scene.lemmy, "Add", 2, scene.lemmy.uri("cal"), by="cal", target=scene.makers.facilitators_uri
    )
    await scene.arrives(scene.lemmy, appoint | {"object": scene.ada.uri})
    facilitators = await scene.kent.node.store.read(communities.facilitators_of, SYSTEM, scene.makers.id)
    assert [one.handle for one in facilitators] == ["fin", "cal"]


async def test_who_does_not_facilitate_may_not_pin(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    await scene.arrives(scene.surrey, act(scene.surrey, "Add", 1, uri, target=scene.makers.featured_uri))
    assert await scene.kent.node.store.read(posts.pinned, SYSTEM, scene.makers.id) == []
