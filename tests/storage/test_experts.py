"""Who may know of what an ask needs, and how they stand to whoever asks."""

from typing import Any

import pytest

from storage import answers, blocks, communities, experts, peers, practices, visible
from storage.asks import NewAsk
from storage.engine import Store
from storage.experts import Expert
from storage.ids import ActorId
from storage.practices import Practice
from tests.storage import people, written
from tests.storage.people import NOON, new_id

PESTS, FOOD, HEALTH = "service/431", "service/100001", "function/34"  # both services belong to the function


@pytest.fixture
async def planning(store: Store) -> ActorId:
    """Give a community."""
    return await people.add(store, "planning", kind="Group")


async def _knows(store: Store, handle: str, host: str = "devon.example", **practice: Any) -> ActorId:
    text = practices.text_of(Practice(**practice))
    return await people.add(store, handle, host, practice=text, findable="nodes")


async def _of(store: Store, community: ActorId, asker: ActorId, *ids: ActorId) -> list[Expert]:
    viewer = visible.person(asker)
    return await store.read(experts.of, viewer, ids, community_id=community, asker_id=asker)


async def test_who_offers_a_service_or_works_near_it_is_found(store: Store) -> None:
    exact = await _knows(store, "exact", offers=(PESTS,))
    area = await _knows(store, "area", areas=(HEALTH,))
    await _knows(store, "seeks", needs=(PESTS,))
    await _knows(store, "other", offers=("service/4",))

    assert await store.read(experts.offering, [PESTS], [HEALTH]) == [exact, area]
    assert await store.read(experts.offering, [HEALTH], [HEALTH]) == [exact, area]
    assert await store.read(experts.offering, ["service/4"], []) != []
    assert await store.read(experts.offering, [], []) == []


async def test_whose_answers_were_accepted_is_counted(store: Store, planning: ActorId) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    for services in ((PESTS,), (PESTS,), ("service/4",), ()):
        ask = await written.add(store, ada, community_id=planning, ask=NewAsk(services=services))
        reply = await written.answer(store, ben, ask)
        await store.write(answers.accept, reply.id, by=ada, uri=None, now=NOON)

    assert await store.read(experts.helped, [PESTS], planning) == {ben: 2}
    assert await store.read(experts.helped, [], planning) == {ben: 4}
    assert await store.read(experts.helped, [], ActorId(1)) == {}


async def test_people_are_given_as_they_stand_to_the_community_and_the_asker(
    store: Store, planning: ActorId
) -> None:
    asker = await people.add(store, "asker")
    member, blocked, blocks_us = [await _knows(store, name) for name in ("member", "blocked", "blocks")]
    await people.follow(store, member, planning)
    await store.write(blocks.block, new_id(), asker, blocked, None)
    await store.write(blocks.block, new_id(), blocks_us, planning, None)

    found = await _of(store, planning, asker, member, blocked, blocks_us)

    assert [(one.actor_id, one.member, one.blocked) for one in found] == [
        (member, True, False),
        (blocked, False, True),
        (blocks_us, False, True),
    ]


async def test_who_hides_was_banned_or_is_no_person_is_left_out(store: Store, planning: ActorId) -> None:
    asker = await people.add(store, "asker")
    hidden = await people.add(store, "hidden", "devon.example", findable="hidden")
    inside = await people.add(store, "inside", "devon.example", findable="hidden")
    await people.follow(store, inside, planning)
    banned = await _knows(store, "banned")
    await store.write(communities.ban, planning, banned, by_actor=asker, reason="", until=None, now=NOON)

    gone = await _knows(store, "gone", "essex.example")
    await store.write(peers.hide, "essex.example", NOON)

    found = await _of(store, planning, asker, hidden, inside, banned, gone, planning)

    assert [one.actor_id for one in found] == [inside]
