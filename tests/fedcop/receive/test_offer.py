"""A community elsewhere offers a wish to join to its facilitators here, or answers to one of ours."""

from storage import communities, follows, memberships, visible
from storage.pages import Page
from tests.fedcop.receive.conftest import Scene, act


async def waiting(scene: Scene) -> list[str]:
    ada = visible.person(scene.ada.id)
    found = await scene.kent.node.store.read(memberships.requests_for, ada, scene.ada.id, Page(limit=9))
    return [person.handle for _, person in found]


async def test_one_whom_the_community_lists_since_today_is_found(scene: Scene) -> None:
    planning = await scene.planning()
    follow = act(scene.surrey, "Follow", 1, planning.uri)
    offer = act(scene.lemmy, "Offer", 2, follow, by="planning", to=[scene.ada.uri])
    listed = {"type": "OrderedCollection", "id": planning.facilitators_uri, "orderedItems": [scene.ada.uri]}
    scene.lemmy.put("/users/planning/moderators", listed)
    await scene.arrives(scene.lemmy, offer)
    assert await waiting(scene) == ["sam"]
    sam = await scene.kent.node.store.read(follows.find_by_uri, follow["id"])
    assert sam is not None
    assert not await scene.kent.node.store.read(memberships.is_member, planning.id, sam.follower_id)


async def test_what_is_not_the_communitys_own_is_refused(scene: Scene) -> None:
    planning = await scene.planning()
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, planning.id, scene.ada.id, lead=True, now=now
    )
    ours = act(scene.surrey, "Follow", 1, scene.makers.uri)
    theirs = act(scene.surrey, "Follow", 1, planning.uri)
    for number, (peer, by, offered) in enumerate(
        (
            (scene.lemmy, "planning", ours),
            (scene.lemmy, "cal", theirs),
            (scene.lemmy, "planning", act(scene.surrey, "Like", 1, planning.uri)),
            (scene.lemmy, "planning", theirs["id"]),
        )
    ):
        await scene.arrives(peer, act(peer, "Offer", 10 + number, offered, by=by, to=[scene.ada.uri]))
    assert await waiting(scene) == []


async def test_an_answer_to_what_was_never_offered_changes_nothing(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    now = scene.network.clock.now()
    cal = await scene.kent.node.store.read(follows.find_by_uri, f"{scene.lemmy.uri('cal')}/follow")
    assert cal is not None
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.follower_id, lead=False, now=now
    )
    follow = act(scene.surrey, "Follow", 1, scene.makers.uri)
    offer = {"id": "https://kent.example/o", "type": "Offer", "actor": scene.makers.uri, "object": follow}
    for number, offered in enumerate((offer, offer | {"object": follow["id"]}, offer | {"actor": "x:y"})):
        await scene.arrives(scene.lemmy, act(scene.lemmy, "Accept", 20 + number, offered, by="cal"))
    assert await scene.kent.node.store.read(follows.find_by_uri, follow["id"]) is None
    assert (await scene.outcomes())["done"] == 1
