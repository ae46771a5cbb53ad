import msgspec

from activitypub.vocab import Activity
from fedcop.receive.arrival import Arrival
from fedcop.receive.subject import Subject, is_in, may_moderate, passed_on, subject_of
from storage import actors, audit, communities
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act


async def subject(scene: Scene) -> Subject:
    """Give a thread of ada's in makers, as fin finds it."""
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    found = await scene.kent.node.store.read(subject_of, uri, scene.fin)
    assert found is not None
    return found


def arrival(scene: Scene, by: Actor, **more: object) -> Arrival:
    activity = Activity(id="https://surrey.example/1", type="Lock", actor=by.uri)
    return msgspec.structs.replace(Arrival(activity=activity, raw=b"{}", by=by), **more)


async def test_a_subject_knows_its_author_community_and_who_facilitates_it(scene: Scene) -> None:
    found = await subject(scene)
    assert found.author.id == scene.ada.id
    assert found.community is not None
    assert found.community.id == scene.makers.id
    assert found.plain_by is not None
    assert found.facilitated
    by_ada = await scene.kent.node.store.read(subject_of, found.post.uri, scene.ada)
    assert by_ada is not None
    assert not by_ada.facilitated
    assert await scene.kent.node.store.read(subject_of, "https://kent.example/posts/1", scene.ada) is None


async def test_what_is_only_asserted_counts_for_the_asserters_posts(scene: Scene) -> None:
    found = await subject(scene)
    other = msgspec.structs.replace(scene.makers, id=7)
    assert is_in(found, arrival(scene, scene.ada))
    assert not is_in(found, arrival(scene, scene.ada, community=other)), "not even with a proof"
    assert not is_in(found, arrival(scene, scene.ada, asserted=True))
    there = msgspec.structs.replace(found, community=msgspec.structs.replace(scene.makers, local=False))
    assert is_in(there, arrival(scene, scene.ada, asserted=True, community=scene.makers))
    assert not is_in(there, arrival(scene, scene.ada, asserted=True, community=other))
    assert is_in(there, arrival(scene, scene.ada, community=other))


async def test_who_may_moderate(scene: Scene) -> None:
    node, found = scene.kent.node, await subject(scene)
    stranger = msgspec.structs.replace(scene.ada, host="surrey.example")
    assert await may_moderate(node, found, arrival(scene, stranger)), "a listed facilitator"
    passed_on_by_another = arrival(scene, stranger, community=scene.makers)
    assert not await may_moderate(node, found, passed_on_by_another), "says so to us, not to another"
    plain = msgspec.structs.replace(found, facilitated=False)
    assert not await may_moderate(node, plain, arrival(scene, stranger))
    assert not await may_moderate(node, plain, arrival(scene, scene.ada)), "its host is not enough"
    alone = msgspec.structs.replace(found, community=None)
    assert not await may_moderate(node, alone, arrival(scene, stranger))


async def test_elsewhere_whom_the_community_lists_may_moderate(scene: Scene) -> None:
    node, found = scene.kent.node, await subject(scene)
    planning = await scene.planning()
    guest = msgspec.structs.replace(found, community=planning)
    stranger = msgspec.structs.replace(scene.ada, host="surrey.example")
    assert not await may_moderate(node, guest, arrival(scene, stranger))
    assert await may_moderate(node, guest, arrival(scene, stranger, community=planning)), "none is known"
    now = scene.network.clock.now()
    await node.store.write(communities.set_facilitators, planning.id, [scene.fin.id], now)
    assert not await may_moderate(node, guest, arrival(scene, stranger, community=planning))
    assert await may_moderate(node, guest, arrival(scene, scene.fin, community=planning))
    of_its_host = msgspec.structs.replace(scene.ada, host="lemmy.example")
    assert await may_moderate(node, guest, arrival(scene, of_its_host, community=planning))


async def test_only_a_community_of_ours_passes_on(scene: Scene) -> None:
    found = await subject(scene)
    passed = passed_on(scene.kent.node, found, arrival(scene, scene.ada), takes_back=True)
    assert passed is not None
    assert passed.plain is not None
    kept = passed_on(scene.kent.node, found, arrival(scene, scene.ada))
    assert kept is not None
    assert kept.plain is None
    elsewhere = msgspec.structs.replace(found, community=msgspec.structs.replace(scene.makers, local=False))
    assert passed_on(scene.kent.node, elsewhere, arrival(scene, scene.ada)) is None
    came_back = arrival(scene, scene.ada, community=scene.makers)
    assert passed_on(scene.kent.node, found, came_back) is None


async def test_what_a_facilitator_elsewhere_decides_here_stands_in_the_record(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "sam")
    node, lemmy = scene.kent.node, scene.lemmy
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    cal = await node.store.read(actors.find_by_uri, SYSTEM, lemmy.uri("cal"))
    assert cal is not None
    await node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=node.clock.now()
    )
    featured = {"target": scene.makers.featured_uri}
    ban = act(lemmy, "Block", 5, scene.surrey.uri("sam"), by="cal", target=scene.makers.uri, summary="Rude")
    removal = act(lemmy, "Delete", 7, uri, by="cal", summary="Advert")
    lock = act(lemmy, "Lock", 1, uri, by="cal")
    group = {"id": scene.makers.uri, "type": "Group", "name": "Our makers", "preferredUsername": "makers"}
    for activity in (
        lock,
        act(lemmy, "Undo", 2, lock, by="cal"),
        act(lemmy, "Add", 3, uri, by="cal", **featured),
        act(lemmy, "Remove", 4, uri, by="cal", **featured),
        ban,
        act(lemmy, "Undo", 6, ban, by="cal"),
        removal,
        act(lemmy, "Undo", 8, removal, by="cal"),
        act(lemmy, "Update", 9, group, by="cal"),
    ):
        await scene.arrives(lemmy, activity)
    entries = [one for one in await node.store.read(audit.latest, 20) if one.by_name == cal.uri]
    assert [one.verb for one in reversed(entries)] == [
        "lock",
        "unlock",
        "pin",
        "unpin",
        "ban",
        "unban",
        "remove",
        "restore",
        "describe",
    ]
    assert [one.reason for one in entries if one.verb in ("ban", "remove")] == ["Advert", "Rude"]
    assert {one.after for one in entries} == {f'{{"community":"{scene.makers.uri}"}}'}
