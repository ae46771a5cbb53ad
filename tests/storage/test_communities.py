"""What is true of communities beside their actor."""

from datetime import timedelta

from storage import communities, peers
from storage.communities import Community, CommunityView
from storage.engine import Store
from storage.ids import ActorId
from storage.visible import STRANGER, SYSTEM
from tests.storage import people
from tests.storage.people import NOON


async def _floods(store: Store) -> ActorId:
    floods = await people.add(store, "floods", kind="Group", display_name="Floods")
    await store.write(communities.add, floods, join_mode="approval", visibility="public")
    return floods


async def test_a_community_is_found_with_how_one_joins(store: Store) -> None:
    floods = await _floods(store)
    assert await store.read(communities.find, SYSTEM, floods) == Community(floods, "approval", "public", None)
    await store.write(communities.add, floods, join_mode="open", visibility="members")
    assert await store.read(communities.find, SYSTEM, floods) == Community(floods, "open", "members", None)
    assert await store.read(communities.find, SYSTEM, ActorId(1)) is None


async def test_a_community_of_a_hidden_peer_is_not_found(store: Store) -> None:
    far = await people.add(store, "bins", "devon.example", kind="Group")
    await store.write(communities.add, far, join_mode="open", visibility="public")
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.read(communities.find, STRANGER, far) is None


async def test_open_communities_of_this_node_are_listed(store: Store) -> None:
    floods, roads = await _floods(store), await people.add(store, "roads", kind="Group")
    await store.write(communities.add, roads, join_mode="open", visibility="public")
    far = await people.add(store, "bins", "devon.example", kind="Group")
    await store.write(communities.add, far, join_mode="open", visibility="public")
    await people.follow(store, await people.add(store, "ada"), floods)
    assert await store.write(communities.close, roads, NOON)
    assert not await store.write(communities.close, roads, NOON)
    assert await store.read(communities.all_local, SYSTEM) == [
        CommunityView(
            floods, "floods", "Floods", "https://kent.example/communities/floods", "approval", "public", 1
        )
    ]


async def test_facilitators_are_listed_lead_first(store: Store) -> None:
    floods = await _floods(store)
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert await store.write(communities.add_facilitator, floods, bea, lead=False, now=NOON)
    assert await store.write(communities.add_facilitator, floods, ada, lead=True, now=NOON)
    assert not await store.write(communities.add_facilitator, floods, ada, lead=True, now=NOON)
    listed = await store.read(communities.facilitators_of, SYSTEM, floods)
    assert [actor.id for actor in listed] == [ada, bea]
    assert await store.read(communities.is_facilitator, floods, ada)
    assert await store.read(communities.facilitated_by, ada) == [floods]
    assert await store.read(communities.facilitated_by, floods) == []


async def test_the_last_facilitator_stays_and_a_leads_place_is_filled(store: Store) -> None:
    floods = await _floods(store)
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    for place, person in enumerate((ada, bea, cat)):
        at = NOON + timedelta(hours=place)
        await store.write(communities.add_facilitator, floods, person, lead=place == 0, now=at)
    assert await store.write(communities.remove_facilitator, floods, ada)
    listed = await store.read(communities.facilitators_of, SYSTEM, floods)
    assert [actor.id for actor in listed] == [bea, cat]
    assert not await store.write(communities.remove_facilitator, floods, ada)
    assert await store.write(communities.remove_facilitator, floods, cat)
    assert not await store.write(communities.remove_facilitator, floods, bea)
    assert await store.read(communities.is_facilitator, floods, bea)


async def test_another_nodes_facilitators_are_those_it_lists(store: Store) -> None:
    far = await people.add(store, "bins", "devon.example", kind="Group")
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    await store.write(communities.set_facilitators, far, [ada], NOON)
    await store.write(communities.set_facilitators, far, [cleo, ada], NOON)
    listed = await store.read(communities.facilitators_of, SYSTEM, far)
    assert [actor.id for actor in listed] == [cleo, ada]
    await store.write(communities.set_facilitators, far, [], NOON)
    assert await store.read(communities.facilitators_of, SYSTEM, far) == []


async def test_a_ban_holds_until_its_end_or_until_it_is_lifted(store: Store) -> None:
    floods, cleo = await _floods(store), await people.add(store, "cleo", "devon.example")
    later = NOON + timedelta(days=1)
    await store.write(communities.ban, floods, cleo, by_actor=None, reason="", until=later, now=NOON)
    assert await store.read(communities.is_banned, floods, cleo, NOON)
    assert not await store.read(communities.is_banned, floods, cleo, later)
    await store.write(communities.ban, floods, cleo, by_actor=None, reason="spam", until=None, now=NOON)
    assert await store.read(communities.is_banned, floods, cleo, later)
    assert await store.write(communities.unban, floods, cleo)
    assert not await store.write(communities.unban, floods, cleo)
    assert not await store.read(communities.is_banned, floods, cleo, NOON)


async def test_communities_that_decide_who_joins_are_given(store: Store) -> None:
    floods, roads = await _floods(store), await people.add(store, "roads", kind="Group")
    await store.write(communities.add, roads, join_mode="open", visibility="public")
    assert await store.read(communities.gated) == [floods]
