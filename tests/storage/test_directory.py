from datetime import datetime, timedelta
from typing import Any

from storage import actors, communities, directory, follows, peers, practices, visible
from storage.actors import Actor
from storage.engine import Reader, Store, Transaction
from storage.follows import NewFollow
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON

DEVON = visible.node("devon.example")
LATER = NOON + timedelta(hours=1)


async def actor(store: Store, handle: str, host: str = people.HOME, **given: Any) -> Actor:
    found = await store.read(actors.find, SYSTEM, await people.add(store, handle, host, **given))
    assert found is not None
    return found


async def listed(store: Store, kind: directory.Kind = "people") -> list[str]:
    return [one.uri for one in await store.read(directory.ours, DEVON, kind)]


async def choose(store: Store, who: Actor, findable: str) -> str | None:
    """Let somebody say who may find them, and give what is new in the directory."""

    async def write(tx: Transaction) -> str | None:
        await tx.execute("UPDATE actors SET findable = :to WHERE id = :id", to=findable, id=who.id)
        return await directory.settle(tx, who.id, LATER)

    return await store.write(write)


async def test_who_is_listed_follows_from_what_they_chose(store: Store) -> None:
    ada = await actor(store, "ada")
    came = [await choose(store, ada, level) for level in ("council", "nodes", "public", "members", "hidden")]
    assert came == [None, "listed", None, "unlisted", None]
    assert await listed(store) == []


async def test_only_another_node_is_told_who_is_listed(store: Store) -> None:
    ada = await actor(store, "ada")
    await choose(store, ada, "nodes")
    assert await listed(store) == [ada.uri]
    for viewer in (visible.STRANGER, visible.person(ada.id)):
        assert await store.read(directory.ours, viewer, "people") == []
        assert await store.read(directory.page, viewer, "people", limit=9, skipped=0) == []


async def test_somebody_suspended_or_moved_is_not_listed_and_nobody_elsewhere_is(store: Store) -> None:
    ada, ben = await actor(store, "ada"), await actor(store, "ben", "devon.example")
    await choose(store, ada, "nodes")
    await store.write(actors.set_state, ada.id, "suspended", NOON)
    assert await choose(store, ada, "nodes") == "unlisted"
    assert await choose(store, ben, "nodes") is None


async def test_a_row_that_says_no_is_enough(store: Store) -> None:
    ada = await actor(store, "ada")
    await choose(store, ada, "nodes")
    await store.write(actors.set_state, ada.id, "suspended", NOON)
    assert await listed(store) == []
    (shown,) = await store.read(directory.page, DEVON, "people", limit=9, skipped=0)
    assert not shown.listed


async def test_a_community_is_listed_unless_members_alone_read_it_or_it_is_closed(store: Store) -> None:
    floods, sealed = await actor(store, "floods", kind="Group"), await actor(store, "sealed", kind="Group")
    await store.write(communities.add, floods.id, join_mode="open", visibility="public")
    await store.write(communities.add, sealed.id, join_mode="open", visibility="members")
    await store.write(_approves, sealed)
    assert await choose(store, sealed, "public") is None
    assert await choose(store, floods, "public") == "listed"
    assert await listed(store, "communities") == [floods.uri]
    await store.write(communities.close, floods.id, NOON)
    assert await choose(store, floods, "public") == "unlisted"


async def _approves(tx: Transaction, who: Actor) -> None:
    await tx.execute("UPDATE actors SET approves = 1 WHERE id = :id", id=who.id)


async def test_who_left_stays_as_a_tombstone_for_a_while(store: Store) -> None:
    ada = await actor(store, "ada")
    await choose(store, ada, "nodes")
    await choose(store, ada, "hidden")
    (gone,) = await store.read(directory.page, DEVON, "people", limit=9, skipped=0)
    assert (gone.uri, gone.listed, gone.changed_at) == (ada.uri, False, LATER)
    assert await store.write(directory.forget_gone, LATER, 9) == 0
    assert await store.write(directory.forget_gone, LATER + timedelta(seconds=1), 9) == 1


async def test_somebody_elsewhere_is_held_only_if_their_own_document_wants_it(store: Store) -> None:
    ben = await actor(store, "ben", "devon.example")
    assert not await store.write(directory.learn, ben.id, "people")
    await choose(store, ben, "nodes")
    assert await store.write(directory.learn, ben.id, "people")
    assert [one.uri for one in await store.read(directory.theirs, SYSTEM, "devon.example", "people")] == [
        ben.uri
    ]
    assert await store.read(directory.hosts) == ["devon.example"]


async def test_who_is_listed_no_longer_loses_the_profile_but_not_by_another_nodes_word(store: Store) -> None:
    says = {"summary": "<p>Gauges</p>", "practice": '{"offers":["function/110"]}'}
    ben = await actor(store, "ben", "devon.example", **says)
    await choose(store, ben, "nodes")
    await store.write(directory.learn, ben.id, "people")
    assert await store.read(_offering, "function/110") == [ben.id]
    assert await store.write(directory.forget, "essex.example", [ben.uri]) == 0
    assert await store.write(directory.forget, "devon.example", [ben.uri]) == 1
    row = await store.read(actors.find, SYSTEM, ben.id)
    assert row is not None
    assert (row.summary, row.findable, row.practice) == ("", "hidden", "{}")
    assert await store.read(_offering, "function/110") == []


async def test_of_a_node_that_is_let_go_of_no_profile_stays_and_of_others_all(store: Store) -> None:
    levels = ("nodes", "public", "members", "hidden")
    gone = [await actor(store, name, "devon.example", summary="x", findable=name) for name in levels]
    kept = await actor(store, "kim", "essex.example", summary="x", findable="nodes")
    for one in (gone[0], kept):
        await store.write(directory.learn, one.id, "people")
    await store.write(practices.set_readers, gone[2].id, '["https://kent.example/communities/floods"]')
    while await store.bulk(directory.forget_node, "devon.example", 1):
        pass
    rows = [await store.read(actors.find, SYSTEM, one.id) for one in (*gone, kept)]
    assert [(row.findable, row.summary) for row in rows if row is not None] == [
        ("hidden", ""), ("hidden", ""), ("hidden", ""), ("hidden", "x"), ("nodes", "x"),
    ]  # fmt: skip
    assert await store.read(directory.hosts) == ["essex.example"]
    assert await store.read(_readers) == []


async def _readers(read: Reader) -> list[int]:
    return await read.values("SELECT actor_id FROM profile_readers")


async def _offering(read: Reader, service: str) -> list[int]:
    statement = "SELECT actor_id FROM practice_terms WHERE kind = 'offers' AND term = :service"
    return await read.values(statement, service=service)


async def test_directories_are_read_at_once_and_then_after_a_while(store: Store) -> None:
    day = timedelta(days=1)
    for host in ("devon.example", "essex.example"):
        await store.write(directory.want, host, NOON)
    await store.write(directory.whole, "devon.example", NOON)
    await store.write(directory.put_off, "devon.example", NOON + day)
    due = await store.read(directory.due, LATER, 9)
    assert [(one.host, one.whole_at) for one in due] == [("essex.example", None)]
    due = await store.read(directory.due, NOON + day, 9)
    assert [(one.host, one.whole_at) for one in due] == [("essex.example", None), ("devon.example", NOON)]
    await store.write(directory.end, "devon.example")
    await store.write(directory.put_off, "devon.example", NOON)
    assert [one.host for one in await store.read(directory.due, NOON + day, 9)] == ["essex.example"]
    assert await store.read(directory.hosts) == ["essex.example"]


async def test_councils_are_asked_to_be_followed_once_a_day_until_they_let_us(store: Store) -> None:
    node = await actor(store, "kent", kind="Application")
    for host, software in (
        ("devon.example", "fedcop"),
        ("essex.example", "fedcop"),
        ("m.example", "mastodon"),
    ):
        await store.write(peers.set_software, host, software=software, version="", kind="group", now=NOON)

    async def strange(now: datetime) -> list[str]:
        return await store.read(directory.strange, node.id, now - timedelta(days=1), 9)

    assert await strange(NOON) == ["devon.example", "essex.example"]
    await store.write(directory.tried, "devon.example", NOON)
    assert await strange(LATER) == ["essex.example"]
    assert await strange(NOON + timedelta(days=1)) == ["essex.example", "devon.example"]
    await store.write(directory.tried, "devon.example", None)
    assert await strange(LATER) == ["devon.example", "essex.example"]
    other = await actor(store, "devon", "devon.example", kind="Application")
    new = NewFollow(
        id=1, follower_id=node.id, target_id=other.id, uri="https://kent.example/f", requested_at=NOON
    )
    await store.write(follows.add, new)
    assert await strange(LATER) == ["devon.example", "essex.example"]
    await store.write(follows.accept, node.id, other.id, NOON)
    assert await strange(LATER) == ["essex.example"]


async def test_who_said_already_that_they_are_not_to_be_found_keeps_what_they_sent(store: Store) -> None:
    ben = await actor(store, "ben", "devon.example", summary="<p>Gauges</p>")
    await choose(store, ben, "nodes")
    await store.write(directory.learn, ben.id, "people")
    await choose(store, ben, "members")
    assert await store.write(directory.forget, "devon.example", [ben.uri]) == 1
    row = await store.read(actors.find, SYSTEM, ben.id)
    assert row is not None
    assert row.summary == "<p>Gauges</p>"
