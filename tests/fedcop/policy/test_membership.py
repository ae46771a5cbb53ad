"""How somebody stands to a community, and what follows for joining and facilitating."""

from datetime import UTC, datetime

import msgspec
import pytest

from fedcop.errors import NotPermitted
from fedcop.node import Node
from fedcop.policy import membership
from fedcop.policy.membership import Standing
from storage import communities, follows
from storage.actors import Actor, NewActor, upsert
from storage.engine import Reader, Store, Transaction
from storage.follows import NewFollow
from storage.ids import ActorId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(node: Node) -> Store:
    """Give the store of a node."""
    return node.store


async def actor(store: Store, number: int, kind: str = "Person", *, approves: bool = False) -> Actor:
    new = NewActor(
        uri=f"https://york.example/{number}",
        type=kind,
        handle=f"a{number}",
        host="york.example",
        domain="york.example",
        local=False,
        approves=approves,
        created_at=NOON,
        updated_at=NOON,
    )
    await store.write(upsert, new, actor_id=ActorId(number))
    counted = {"state": "active", "followers_count": 0, "following_count": 0, "posts_count": 0}
    given = msgspec.structs.asdict(new)
    del given["readers"]
    return Actor(id=ActorId(number), whole=True, last_post_at=None, **counted, **given)


async def standing(store: Store, community: Actor, person: Actor) -> Standing:
    async def read(reader: Reader) -> Standing:
        return await membership.standing_of(reader, community, person.id, NOON)

    return await store.read(read)


async def test_everything_that_ties_somebody_to_a_community_is_read(store: Store) -> None:
    roads, ada = await actor(store, 1, "Group"), await actor(store, 2)

    async def fill(tx: Transaction) -> None:
        await communities.add(tx, roads.id, join_mode="approval", visibility="public")
        await communities.add_facilitator(tx, roads.id, ada.id, lead=True, now=NOON)
        await communities.ban(tx, roads.id, ada.id, by_actor=None, reason="", until=None, now=NOON)
        new = NewFollow(
            id=1, follower_id=ada.id, target_id=roads.id, uri="x", requested_at=NOON, accepted_at=NOON
        )
        await follows.add(tx, new)

    before = await standing(store, roads, ada)
    await store.write(fill)
    after = await standing(store, roads, ada)

    assert (before.member, before.facilitator, before.banned) == (False, False, False)
    assert (after.member, after.facilitator, after.banned) == (True, True, True)
    assert after.settings.join_mode == "approval"


@pytest.mark.parametrize(("approves", "visibility"), [(False, "public"), (True, "members")])
async def test_another_nodes_community_is_as_open_as_its_document_says(
    store: Store, approves: bool, visibility: str
) -> None:
    grit = await actor(store, 1, "Group", approves=approves)
    found = await standing(store, grit, await actor(store, 2))

    assert (found.settings.join_mode, found.settings.visibility) == ("open", visibility)


def stands(mode: str = "open", *, closed: bool = False, **ties: bool) -> Standing:
    settings = communities.Community(ActorId(1), mode, "public", NOON if closed else None)
    given = {"member": False, "facilitator": False, "banned": False} | ties
    return Standing(settings=settings, **given)


@pytest.mark.parametrize(
    ("found", "at_once"),
    [
        (stands(), True),
        (stands("approval"), False),
        (stands("approval", facilitator=True), True),
    ],
)
def test_a_wish_to_join_is_granted_or_waits(found: Standing, at_once: bool) -> None:
    membership.ensure_may_join(found, "roads")
    assert membership.joins_at_once(found) is at_once


@pytest.mark.parametrize("found", [stands(closed=True), stands(banned=True), stands("invite")])
def test_some_may_not_even_ask(found: Standing) -> None:
    with pytest.raises(NotPermitted, match="roads"):
        membership.ensure_may_join(found, "roads")


def test_only_a_facilitator_facilitates() -> None:
    membership.ensure_facilitates(stands(facilitator=True), "roads")
    with pytest.raises(NotPermitted, match="roads"):
        membership.ensure_facilitates(stands(member=True), "roads")


@pytest.mark.parametrize(
    ("software", "version", "may"),
    [
        ("fedcop", "0.1.0", True),
        ("lemmy", "1.0.0-alpha.5", True),
        ("lemmy", "v1.2", True),
        ("lemmy", "0.19.12", False),
        ("lemmy", "", False),
        ("lemmy", "9" * 5000, False),
        ("mastodon", "4.5.0", False),
        ("", "", False),
    ],
)
async def test_only_software_that_keeps_a_community_closed_may_hold_it(
    store: Store, software: str, version: str, may: bool
) -> None:
    closed, open_ = await actor(store, 1, "Group", approves=True), await actor(store, 2, "Group")
    membership.ensure_keeps_closed(open_, software, version)
    if may:
        membership.ensure_keeps_closed(closed, software, version)
    else:
        with pytest.raises(NotPermitted, match=r"wanted fedcop, or Lemmy 1\.0 or later"):
            membership.ensure_keeps_closed(closed, software, version)
