"""Over worlds drawn at random: whose profile somebody may read, and whom they come across."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from storage import actors, blocks, findable, follows, visible
from storage.engine import Store, Transaction
from storage.findable import Wanted
from storage.ids import ActorId
from storage.practices import Practice, text_of
from storage.visible import STRANGER, Viewer
from tests.storage.people import HOME, NOON, new_actor, new_id

LEVELS = ("hidden", "council", "members", "nodes", "public")
PARKING = "function/110"


@dataclass
class One:
    """Somebody as they were drawn; ``readers`` are the communities that another node's document names."""

    id: ActorId
    host: str
    level: str
    offers: bool
    readers: frozenset[str] = frozenset()


@dataclass
class World:
    """Who is there, and who belongs to what, by the ids of communities."""

    people: list[One] = field(default_factory=list)
    communities: dict[str, ActorId] = field(default_factory=dict)
    members: set[tuple[ActorId, str]] = field(default_factory=set)
    blocked: set[tuple[ActorId, ActorId]] = field(default_factory=set)

    def may_read(self, me: ActorId | None, one: One) -> bool:
        """Tell whether somebody of this node, or a stranger, may read a profile."""
        if one.level == "public" or me == one.id:
            return True
        if me is None:
            return False
        mine = {uri for uri in self.communities if (me, uri) in self.members}
        theirs = {uri for uri in self.communities if (one.id, uri) in self.members}
        shared = mine & (theirs if one.host == HOME else one.readers)
        return {
            "hidden": one.host != HOME,
            "council": one.host == HOME,
            "members": bool(shared),
            "nodes": True,
        }[one.level]

    def may_find(self, me: ActorId, one: One) -> bool:
        """Tell whether somebody may come across another; of other nodes those alone who are for all here."""
        return (
            me != one.id and self.may_read(me, one) and (one.host == HOME or one.level in ("nodes", "public"))
        )


async def _draw(tx: Transaction, world: World, seed: int) -> None:
    lots = random.Random(seed)
    for number in range(4):
        host = lots.choice((HOME, "york.example"))
        new = new_actor(f"g{seed}-{number}", host, kind="Group", approves=lots.random() < 0.5)
        world.communities[new.uri] = await _add(tx, new)
    for number in range(12):
        host = lots.choice((HOME, HOME, "devon.example"))
        readers = frozenset(lots.sample(sorted(world.communities), lots.randrange(3)))
        level, offers = lots.choice(LEVELS), lots.random() < 0.5
        if host != HOME:
            level = "members" if readers else lots.choice(("hidden", "nodes"))
        new = new_actor(
            f"p{seed}-{number}",
            host,
            findable=level,
            practice=text_of(Practice(offers=(PARKING,))) if offers else "{}",
            readers=msgspec.json.encode(sorted(readers)).decode() if level == "members" else "[]",
        )
        world.people.append(One(await _add(tx, new), host, level, offers, readers))
    await _tie(tx, world, lots)


async def _tie(tx: Transaction, world: World, lots: random.Random) -> None:
    """Let people belong to communities, or ask to, and block each other."""
    for one in world.people:
        for uri, group in world.communities.items():
            if lots.random() < 0.5:
                accepted = lots.random() < 0.7
                await _follow(tx, one.id, group, accepted=accepted)
                world.members |= {(one.id, uri)} if accepted else set()
        for other in world.people:
            if other is not one and lots.random() < 0.1:
                await blocks.block(tx, new_id(), one.id, other.id, None)
                world.blocked.add((one.id, other.id))


async def _add(tx: Transaction, new: actors.NewActor) -> ActorId:
    actor_id = ActorId(new_id())
    if new.local:
        await actors.add_local(tx, new, actor_id)
        found = await actors.find(tx, visible.SYSTEM, actor_id)
        assert found is not None
        await actors.set_profile(tx, actor_id, actors.profile_of(found), NOON)
        return actor_id
    return await actors.upsert(tx, new, actor_id=actor_id)


async def _follow(tx: Transaction, me: ActorId, target: ActorId, *, accepted: bool) -> None:
    at = NOON if accepted else None
    await follows.add(
        tx,
        follows.NewFollow(
            id=new_id(), follower_id=me, target_id=target, uri=f"https://x/{me}/{target}",
            requested_at=NOON, accepted_at=at,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
async def test_nobody_reads_or_comes_across_what_is_not_for_them(store: Store, seed: int) -> None:
    world = World()
    await store.write(_draw, world, seed)
    for me in (None, *(one.id for one in world.people if one.host == HOME)):
        viewer = STRANGER if me is None else visible.person(me)
        read = await _whole(store, viewer, world.people)
        assert read == {one.id for one in world.people if world.may_read(me, one)}
        if me is None:
            continue
        found = {one.id for one in world.people if world.may_find(me, one)}
        offering = {one.id for one in world.people if one.offers}
        rows = await store.read(findable.people, viewer, Wanted(), skipped=0, limit=99)
        assert {row.id for row in rows} - {me} == found
        wanted = Wanted(services=[PARKING])
        rows = await store.read(findable.people, viewer, wanted, skipped=0, limit=99)
        assert {row.id for row in rows} - {me} == found & offering
        unmet = {
            one for one in found
            if (me, one) not in world.blocked and (one, me) not in world.blocked
        }  # fmt: skip
        rows = await store.read(findable.alike, viewer, NOON, services=[PARKING], limit=99)
        assert {row.id for row in rows} == unmet & offering


async def _whole(store: Store, viewer: Viewer, people: Sequence[One]) -> set[ActorId]:
    rows = await store.read(actors.by_ids, viewer, [one.id for one in people])
    return {row.id for row in rows if row.whole}
