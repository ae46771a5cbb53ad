"""Who belongs to which community, and who asks to."""

from storage import communities, memberships, peers, visible
from storage.engine import Store
from storage.ids import ActorId
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON


async def _community(store: Store, slug: str, facilitator: ActorId) -> ActorId:
    community = await people.add(store, slug, kind="Group")
    await store.write(communities.add, community, join_mode="approval", visibility="public")
    await store.write(communities.add_facilitator, community, facilitator, lead=True, now=NOON)
    return community


async def test_a_member_is_one_who_was_accepted(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    floods = await _community(store, "floods", ada)
    await people.follow(store, ada, floods)
    await people.follow(store, cleo, floods, accepted=False)
    assert await store.read(memberships.is_member, floods, ada)
    assert not await store.read(memberships.is_member, floods, cleo)
    assert await store.read(memberships.members_count, SYSTEM, floods) == 1
    assert not await store.read(memberships.has_member_at, floods, "devon.example")
    await people.follow(store, cleo, floods)
    assert await store.read(memberships.has_member_at, floods, "devon.example")


async def test_the_ids_of_members_come_in_the_order_of_joining(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    dan = await people.add(store, "dan", "essex.example")
    floods = await _community(store, "floods", ada)
    await people.follow(store, cleo, floods)
    await people.follow(store, ada, floods)
    await people.follow(store, dan, floods, accepted=False)
    reader = visible.node("leeds.example")
    wanted = ["https://devon.example/people/cleo", "https://kent.example/people/ada"]
    assert await store.read(memberships.uris, reader, floods) == wanted
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.read(memberships.uris, reader, floods) == wanted[1:]


async def test_requests_to_join_come_oldest_first(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await _community(store, "floods", ada)
    for person in (cat, bea):
        await people.follow(store, person, floods, accepted=False, body=b"{}")
    await people.follow(store, ada, floods)
    waiting = await store.read(memberships.requests, SYSTEM, floods)
    assert [(row.requester_id, row.target_id, row.body) for row in waiting] == [
        (cat, floods, b"{}"),
        (bea, floods, b"{}"),
    ]


async def test_a_facilitator_decides_on_own_communities_and_own_followers(store: Store) -> None:
    ada, bea, cat, dan = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan")]
    floods, roads = await _community(store, "floods", ada), await _community(store, "roads", bea)
    first = await people.follow(store, cat, floods, accepted=False)
    own = await people.follow(store, dan, ada, accepted=False)
    await people.follow(store, dan, roads, accepted=False)
    waiting = await store.read(memberships.requests_for, SYSTEM, ada, Page())
    assert [(row_id, actor.id) for row_id, actor in waiting] == [(own, dan), (first, cat)]
    assert await store.read(memberships.requests_for, SYSTEM, ada, Page(max_id=first)) == []


async def test_who_asks_twice_stands_once_with_the_oldest_request(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    floods, roads = await _community(store, "floods", ada), await _community(store, "roads", ada)
    first = await people.follow(store, cat, floods, accepted=False)
    await people.follow(store, cat, roads, accepted=False)
    waiting = await store.read(memberships.requests_for, SYSTEM, ada, Page())
    assert [row_id for row_id, _ in waiting] == [first]
    oldest = await store.read(memberships.oldest_request, SYSTEM, ada, cat)
    assert oldest is not None
    assert (oldest.follow_id, oldest.target_id) == (first, floods)
    named = await store.read(memberships.oldest_request, SYSTEM, ada, cat, roads)
    assert named is not None
    assert named.target_id == roads
    assert await store.read(memberships.oldest_request, SYSTEM, cat, ada) is None


async def test_a_facilitator_of_another_nodes_community_decides_there(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    far = await people.add(store, "bins", "devon.example", kind="Group")
    await store.write(communities.add_facilitator, far, ada, lead=True, now=NOON)
    await people.follow(store, cat, far, accepted=False)
    assert await store.read(memberships.requests_for, SYSTEM, ada, Page()) == []


async def test_fellow_members_at_a_host_share_a_community(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    floods = await _community(store, "floods", ada)
    await people.follow(store, ada, floods)
    await people.follow(store, cleo, floods, accepted=False)
    await people.follow(store, ada, cleo)
    assert not await store.read(memberships.shares_community_with, ada, "devon.example")
    await people.follow(store, cleo, floods)
    assert await store.read(memberships.shares_community_with, ada, "devon.example")
    assert not await store.read(memberships.shares_community_with, ada, "york.example")


async def test_who_waits_for_a_decision_is_counted_once(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    for slug in ("floods", "roads"):
        await people.follow(store, cat, await _community(store, slug, ada), accepted=False)
    await people.follow(store, await people.add(store, "dan"), ada, accepted=False)
    assert await store.read(memberships.requests_count, SYSTEM, ada) == 2
    assert await store.read(memberships.requests_count, SYSTEM, cat) == 0
