"""Who may find whom: each of the five levels, seen by everybody there is (decision 12 of the design).

ada is of Kent and belongs to makers there, as do ben of Kent and dee of Devon. cat is of Kent, eli of Devon,
and neither belongs to it. Surrey is allowed and has nobody in makers.
"""

import json
from typing import Any

import pytest

from activitypub.wire import Request
from fedcop import fetch
from fedcop.actions import profile
from fedcop.actions.profile import Changes, Findable
from fedcop.policy import levels
from storage import actors, audit, practices, visible
from storage.actors import Actor
from storage.practices import Practice
from storage.visible import STRANGER, Viewer
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY

LEVELS: tuple[Findable, ...] = ("hidden", "council", "members", "nodes", "public")
STUB = {"@context", "id", "type", "inbox", "preferredUsername", "publicKey", "assertionMethod"}
OF_PROFILE = {"summary", "attachment", "tag", "indexable", "alsoKnownAs", "updated", "published"}


class World:
    """Two councils and a peer, and ada at one level."""

    def __init__(self, kent: Council, devon: Council, network: Network) -> None:
        self.kent, self.devon, self.network = kent, devon, network

    async def fill(self, level: Findable) -> None:
        self.ada, self.ben, self.cat = [await self.kent.person(name) for name in ("ada", "ben", "cat")]
        self.dee, self.eli = [await self.devon.person(name) for name in ("dee", "eli")]
        self.makers = await self.kent.community("makers", self.ada)
        await self.kent.follow(self.ben, self.makers)
        for member in (self.dee,):
            found = await fetch.actor(self.devon.node, self.makers.uri)
            await self.devon.follow(member, found)
        await self.network.settle()
        said = Changes(note="Roads", practice=Practice(offers=("function/110",)), findable=level)
        self.ada = await profile.update(self.kent.node, self.ada, said)
        await self.network.settle()

    async def document(self, by: str) -> dict[str, Any]:
        """Give ada's document, as somebody fetches it."""
        if by == "stranger":
            asked = Request(method="GET", url=self.ada.uri, headers=(("Accept", ACTIVITY),))
            return dict(json.loads((await self.network.router.send(asked)).body))
        if by == "surrey":
            surrey = self.network.peer("surrey.example")
            return dict(json.loads((await surrey.get(self.ada.uri, by=surrey.person("sam"))).body))
        found = await fetch.document(self.devon.node, self.ada.uri)
        assert found is not None
        return dict(json.loads(found.raw))

    async def seen(self, council: Council, viewer: Viewer) -> bool:
        """Tell whether somebody there may read ada's profile."""
        if council is self.devon:
            await fetch.actor(self.devon.node, self.ada.uri, fresh=True)
        found = await council.node.store.read(actors.find_by_uri, viewer, self.ada.uri)
        assert found is not None
        return found.whole and found.summary != ""


@pytest.fixture(params=LEVELS)
async def world(request: pytest.FixtureRequest, two_nodes: Network) -> World:
    kent, devon = two_nodes
    made = World(kent, devon, two_nodes)
    await made.fill(request.param)
    return made


def _at_least(world: World, level: Findable) -> bool:
    return LEVELS.index(level) <= [*LEVELS].index(world.ada.findable)  # type: ignore[arg-type]


async def test_every_level_shows_every_viewer_what_it_says(world: World) -> None:
    stranger, surrey, devon = [await world.document(by) for by in ("stranger", "surrey", "devon")]
    assert set(stranger) == STUB
    assert bool(OF_PROFILE & set(surrey)) is _at_least(world, "nodes")
    assert bool(OF_PROFILE & set(devon)) is _at_least(world, "members")
    for document in (surrey, devon):
        assert set(document) > STUB
        assert document["discoverable"] is _at_least(world, "nodes")
    limited = world.ada.findable == "members"
    assert devon.get("audience") == ([world.makers.uri] if limited else None)
    if OF_PROFILE & set(devon):
        assert [tag["name"] for tag in devon["tag"]] == ["Parking", "#Parking"]

    here = {
        who: await world.seen(world.kent, viewer)
        for who, viewer in (
            ("stranger", STRANGER),
            ("node", visible.node("surrey.example")),
            ("colleague", visible.person(world.cat.id)),
            ("fellow", visible.person(world.ben.id)),
            ("oneself", visible.person(world.ada.id)),
        )
    }
    level = world.ada.findable
    assert here == {
        "stranger": level == "public",
        "node": level == "public",
        "colleague": level in ("council", "nodes", "public"),
        "fellow": level != "hidden",
        "oneself": True,
    }
    fellow = await world.seen(world.devon, visible.person(world.dee.id))
    elsewhere = await world.seen(world.devon, visible.person(world.eli.id))
    assert fellow is _at_least(world, "members")
    assert elsewhere is _at_least(world, "nodes")

    # What the page "as seen by" tells beforehand.
    found = {"stranger": here["stranger"], "nodes": elsewhere, "council": here["colleague"], "fellow": fellow}
    assert found == {by: levels.reads(LEVELS[LEVELS.index(level)], by) for by in levels.BY}  # type: ignore[arg-type]


async def test_a_change_of_level_goes_to_each_host_as_far_as_it_may_see(world: World) -> None:
    for level in LEVELS:
        await profile.update(world.kent.node, await world.kent.known(world.ada), Changes(findable=level))
        await world.network.settle()
        there = await world.devon.node.store.read(
            actors.find_by_uri, visible.person(world.dee.id), world.ada.uri
        )
        if there is not None:  # Devon holds her, so it was told
            assert (there.whole and there.summary != "") is (level in ("members", "nodes", "public"))
            assert (practices.of(there) != Practice()) is (level in ("members", "nodes", "public"))
            assert there.findable == {"hidden": "hidden", "council": "hidden", "members": "members"}.get(
                level, "nodes"
            )


@pytest.mark.parametrize("world", ["members"], indirect=True)
async def test_each_change_of_level_is_recorded(world: World) -> None:
    for level in ("members", "public"):
        me: Actor = await world.kent.known(world.ada)
        await profile.update(world.kent.node, me, Changes(findable=level))
    entries = [
        entry for entry in await world.kent.node.store.read(audit.latest, 20) if entry.verb == "profile level"
    ]
    assert [(entry.by_name, entry.object) for entry in entries] == [("ada", world.ada.uri)]
