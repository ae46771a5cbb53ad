"""Who belongs to which community, and who asks to."""

from datetime import timedelta

from storage import actors, communities, follows, memberships, peers, posts, visible
from storage.engine import Store
from storage.ids import ActorId
from storage.memberships import Roster
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people, written
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
    await store.write(actors.set_state, cleo, "suspended", NOON)
    assert not await store.read(memberships.has_member_at, floods, "devon.example")


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
    assert not await store.read(memberships.shared_with, ada, "devon.example")
    await people.follow(store, cleo, floods)
    assert await store.read(memberships.shared_with, ada, "devon.example")
    assert not await store.read(memberships.shared_with, ada, "york.example")


async def test_who_waits_for_a_decision_is_counted_once(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    for slug in ("floods", "roads"):
        await people.follow(store, cat, await _community(store, slug, ada), accepted=False)
    await people.follow(store, await people.add(store, "dan"), ada, accepted=False)
    assert await store.read(memberships.requests_count, SYSTEM, ada) == 2
    assert await store.read(memberships.requests_count, SYSTEM, cat) == 0


async def _remote(store: Store, slug: str) -> ActorId:
    return await people.add(store, slug, "devon.example", kind="Group")


async def test_who_follows_from_one_host_is_told_by_id(store: Store) -> None:
    ada = await people.add(store, "ada")
    for name, host, accepted in (
        ("cleo", "devon.example", True),
        ("bert", "devon.example", True),
        ("carl", "devon.example", False),
        ("dan", "essex.example", True),
    ):
        await people.follow(store, await people.add(store, name, host), ada, accepted=accepted)
    assert await store.read(memberships.uris_at, SYSTEM, ada, "devon.example") == [
        "https://devon.example/people/bert",
        "https://devon.example/people/cleo",
    ]
    assert await store.read(memberships.uris_at, SYSTEM, ada, "kent.example") == []


async def test_members_elsewhere_are_those_that_their_node_listed_last(store: Store) -> None:
    floods = await _remote(store, "floods")
    cleo, dan = ("https://devon.example/people/cleo", "devon.example"), ("https://e.example/dan", "e.example")
    await store.write(memberships.set_members, floods, [cleo, dan])
    for uri, host in (cleo, dan):
        assert await store.read(memberships.knows_member, floods, uri)
        assert await store.read(memberships.has_member_at, floods, host)
    await store.write(memberships.set_members, floods, [cleo])
    assert not await store.read(memberships.knows_member, floods, dan[0])
    assert not await store.read(memberships.has_member_at, floods, dan[1])
    await store.write(memberships.add_member, floods, *dan)
    assert await store.read(memberships.knows_member, floods, dan[0])
    other = await _remote(store, "other")
    assert not await store.read(memberships.knows_member, other, dan[0])


async def test_a_member_of_this_node_is_known_by_the_follow(store: Store) -> None:
    floods, ada = await _remote(store, "floods"), await people.add(store, "ada")
    await people.follow(store, ada, floods, accepted=False)
    assert not await store.read(memberships.knows_member, floods, "https://kent.example/people/ada")
    await people.follow(store, ada, floods)
    assert await store.read(memberships.knows_member, floods, "https://kent.example/people/ada")


async def test_fellow_members_are_found_in_communities_of_any_node(store: Store) -> None:
    ada, floods = await people.add(store, "ada"), await _remote(store, "floods")
    await store.write(memberships.set_members, floods, [("https://essex.example/dan", "essex.example")])
    assert not await store.read(memberships.shared_with, ada, "essex.example")
    await people.follow(store, ada, floods)
    assert await store.read(memberships.shared_with, ada, "essex.example")
    assert not await store.read(memberships.shared_with, ada, "surrey.example")
    theirs, ours = await people.add(store, "eve", "surrey.example"), await _community(store, "roads", ada)
    await people.follow(store, ada, ours)
    await people.follow(store, theirs, ours)
    assert await store.read(memberships.shared_with, ada, "surrey.example")


async def test_a_refusal_is_dated_from_the_first_and_ends_with_a_list(store: Store) -> None:
    floods = await _remote(store, "floods")
    assert await store.read(memberships.roster, floods) is None
    for hour in range(2):
        await store.write(memberships.asked, floods, NOON + timedelta(hours=hour))
        await store.write(memberships.refused, floods, NOON + timedelta(hours=hour))
    later = NOON + timedelta(hours=1)
    assert await store.read(memberships.roster, floods) == Roster(floods, later, NOON)
    await store.write(memberships.set_members, floods, [])
    assert await store.read(memberships.roster, floods) == Roster(floods, later, None)


async def test_communities_elsewhere_with_a_member_here_are_asked_in_turn(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    floods, roads, trees = [await _remote(store, slug) for slug in ("floods", "roads", "trees")]
    own = await _community(store, "own", ada)
    for community in (floods, roads, own):
        await people.follow(store, ada, community)
    await people.follow(store, ada, trees, accepted=False)
    await people.follow(store, cleo, trees)
    assert await store.read(memberships.to_ask, NOON, 10) == [floods, roads]
    assert await store.read(memberships.to_ask, NOON, 1) == [floods]
    await store.write(memberships.asked, floods, NOON)
    assert await store.read(memberships.to_ask, NOON - timedelta(seconds=1), 10) == [roads]
    assert await store.read(memberships.to_ask, NOON, 10) == [floods, roads]


async def test_a_listed_member_elsewhere_may_see_what_is_for_members(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", "essex.example")
    floods = await _remote(store, "floods")
    post = (await written.add(store, ada, community_id=floods, audience="members")).id
    seen = posts.find, visible.person(dan), post
    assert await store.read(*seen) is None
    await store.write(memberships.add_member, floods, "https://essex.example/people/dan", "essex.example")
    assert await store.read(*seen) is not None
    await store.write(memberships.asked, floods, NOON)
    await store.write(memberships.refused, floods, NOON)
    assert await store.read(*seen) is None
    # What another node lists of people here is nothing that they asked for.
    await store.write(memberships.set_members, floods, [("https://kent.example/people/eve", "kent.example")])
    eve = await people.add(store, "eve")
    assert await store.read(posts.find, visible.person(eve), post) is None


async def test_a_node_was_left_when_nobody_active_there_is_a_member(store: Store) -> None:
    floods = await people.add(store, "floods", kind="Group")
    dan, ada = await people.add(store, "dan", "york.example"), await people.add(store, "ada")

    async def left(actor_id: ActorId = floods) -> bool:
        return await store.read(memberships.was_left, actor_id, "york.example")

    assert await left()
    await people.follow(store, dan, floods, accepted=False)
    assert await left()
    await store.write(follows.accept, dan, floods, NOON)
    assert not await left()
    await store.write(actors.set_state, dan, "suspended", NOON)
    assert await left()
    assert not await left(ada), "what is for a person's followers goes to whom it names, too"


async def test_what_somebody_belongs_to_comes_by_name(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    floods, drains = await _community(store, "floods", cleo), await _community(store, "drains", cleo)
    for target in (floods, drains, cleo):
        await people.follow(store, ada, target)
    await people.follow(store, cleo, floods, accepted=False)

    joined = await store.read(memberships.joined, visible.person(ada), ada)
    assert [one.handle for one in joined] == ["drains", "floods"]
    assert await store.read(memberships.joined, visible.person(cleo), cleo) == []
