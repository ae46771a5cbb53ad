"""Who is listed to whom, and who is suggested."""

from datetime import timedelta

import pytest

from storage import blocks, communities, findable, muted_hosts, peers, visible
from storage.engine import Store
from storage.ids import ActorId
from storage.visible import STRANGER, Viewer
from tests.storage import people
from tests.storage.people import NOON


async def _listed(store: Store, viewer: Viewer, *, newest: bool = False, local: bool = False) -> list[str]:
    rows = await store.read(findable.directory, viewer, newest=newest, local=local, skipped=0, limit=40)
    return [row.handle for row in rows]


async def _suggested(store: Store, me: ActorId) -> list[str]:
    return [row.handle for row in await store.read(findable.suggested, visible.person(me), NOON, limit=40)]


async def _community(store: Store, slug: str, **given: object) -> ActorId:
    made = await people.add(store, slug, kind="Group", **({"findable": "public"} | given))
    await store.write(communities.add, made, join_mode="open", visibility="public")
    return made


@pytest.mark.parametrize(
    ("level", "colleague", "fellow", "stranger"),
    [
        ("hidden", False, False, False),
        ("council", True, True, False),
        ("members", False, True, False),
        ("nodes", True, True, False),
        ("public", True, True, True),
    ],
)
async def test_a_person_is_listed_to_whom_they_chose(
    store: Store, level: str, *, colleague: bool, fellow: bool, stranger: bool
) -> None:
    me, ada = await people.add(store, "me", findable="hidden"), await people.add(store, "ada", findable=level)
    roads = await _community(store, "roads")
    await people.follow(store, ada, roads)
    assert ("ada" in await _listed(store, visible.person(me))) is colleague
    assert ("ada" in await _listed(store, STRANGER)) is stranger
    waiting = await people.follow(store, me, roads, accepted=False)
    assert waiting
    assert ("ada" in await _listed(store, visible.person(me))) is colleague
    other = await people.add(store, "other", findable="hidden")
    await people.follow(store, other, roads)
    assert ("ada" in await _listed(store, visible.person(other))) is fellow


async def test_whom_another_node_shows_to_colleagues_only_is_not_listed(store: Store) -> None:
    me = await people.add(store, "me", findable="hidden")
    for level in ("hidden", "council", "members", "nodes", "public"):
        await people.add(store, level, "devon.example", findable=level)
    assert sorted(await _listed(store, visible.person(me))) == ["nodes", "public"]
    assert await _listed(store, visible.person(me), local=True) == []
    await store.write(peers.hide, "devon.example", NOON)
    assert await _listed(store, visible.person(me)) == []


async def test_a_community_for_members_alone_or_closed_is_not_listed(store: Store) -> None:
    await _community(store, "roads")
    await _community(store, "bids", approves=True)
    await store.write(communities.close, await _community(store, "old"), NOON)
    assert await _listed(store, STRANGER) == ["roads"]


async def test_the_newest_come_first_where_that_is_asked_for(store: Store) -> None:
    for name in ("ada", "bea"):
        await people.add(store, name, findable="public")
    assert await _listed(store, STRANGER, newest=True) == ["bea", "ada"]


async def test_communities_elsewhere_are_to_be_joined_by_name_but_for_those_of_hidden_and_muted_nodes(
    store: Store,
) -> None:
    me = await people.add(store, "me")
    hosts = ("devon.example", "essex.example", "surrey.example")
    for host in hosts:
        await people.add(store, f"roads{host[0]}", host, kind="Group", findable="nodes")
    await people.add(store, "moved", hosts[0], kind="Group", findable="nodes", moved_to="https://x.example/g")
    joined = await people.add(store, "parks", hosts[0], kind="Group", findable="nodes")
    asked = await people.add(store, "bins", hosts[0], kind="Group", findable="nodes")
    await people.follow(store, me, joined)
    await people.follow(store, me, asked, accepted=False)
    await store.write(peers.met, hosts[1], NOON)
    await store.write(peers.hide, hosts[1], NOON)
    await store.write(muted_hosts.mute, 1, me, hosts[2])

    async def to_join(skipped: int) -> list[str]:
        rows = await store.read(findable.to_join, visible.person(me), skipped=skipped, limit=9)
        return [row.handle for row in rows]

    assert await to_join(0) == ["bins", "roadsd"]
    assert await to_join(1) == ["roadsd"]


async def test_communities_come_first_and_nobody_whom_one_knows(store: Store) -> None:
    me = await people.add(store, "me", findable="public")
    ada, bea, cat, dan = [
        await people.add(store, name, findable="public") for name in ("ada", "bea", "cat", "dan")
    ]
    roads, trees = await _community(store, "roads"), await _community(store, "trees")
    assert await _suggested(store, me) == ["roads", "trees", "ada", "bea", "cat", "dan"]
    await people.follow(store, me, roads, accepted=False)
    await store.write(blocks.block, people.new_id(), me, ada, None)
    await store.write(blocks.block, people.new_id(), bea, me, None)
    await store.write(blocks.mute, people.new_id(), me, cat, notifications=True, until=None)
    assert await _suggested(store, me) == ["trees", "dan"]
    await store.write(findable.dismiss, me, trees)
    await store.write(findable.dismiss, me, trees)
    assert await _suggested(store, me) == ["dan"]
    assert "trees" in await _suggested(store, dan)


async def test_who_bans_one_is_not_suggested_until_that_ends(store: Store) -> None:
    me = await people.add(store, "me")
    for slug, until in (("roads", None), ("trees", NOON + timedelta(days=1)), ("floods", NOON)):
        await store.write(
            communities.ban,
            await _community(store, slug),
            me,
            by_actor=None,
            reason="",
            until=until,
            now=NOON - timedelta(days=1),
        )
    assert await _suggested(store, me) == ["floods"]


async def test_who_was_muted_for_a_while_is_suggested_again(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada", findable="public")
    await store.write(blocks.mute, people.new_id(), me, ada, notifications=True, until=NOON)
    assert await _suggested(store, me) == ["ada"]
