"""Joining a community of this node, and the decisions of its facilitators."""

import asyncio

import pytest

from fedcop.actions import follow, join
from fedcop.errors import NotFound, NotPermitted
from storage import communities, follows, memberships
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

FOLLOW = b'{"id": "https://lemmy.example/f",  "type": "Follow"}'


async def test_anybody_joins_an_open_community_at_once(scene: Scene, ben: Actor, roads: Actor) -> None:
    held = await follow.follow(scene.node, ben, roads)

    assert held.state == "accepted"
    assert await scene.node.store.read(memberships.is_member, roads.id, ben.id)


async def test_where_joining_is_decided_the_facilitators_are_asked(
    scene: Scene, ada: Actor, ben: Actor, bids: Actor
) -> None:
    held = await follow.follow(scene.node, ben, bids)

    assert held.state == "requested"
    assert [(one.type, one.by_actor, one.target_id) for one in await scene.notices(ada)] == [
        ("follow_request", ben.id, bids.id)
    ]


async def test_who_is_banned_cannot_even_ask(scene: Scene, ada: Actor, ben: Actor, bids: Actor) -> None:
    now = scene.node.clock.now()
    await scene.node.store.write(
        communities.ban, bids.id, ben.id, by_actor=ada.id, reason="", until=None, now=now
    )

    with pytest.raises(NotPermitted, match="banned"):
        await follow.follow(scene.node, ben, bids)


async def test_a_facilitator_lets_somebody_of_this_node_in(
    scene: Scene, ada: Actor, ben: Actor, bids: Actor
) -> None:
    await follow.follow(scene.node, ben, bids)
    await join.decide(scene.node, ada, ben.id, accept=True)

    assert await scene.node.store.read(memberships.is_member, bids.id, ben.id)
    assert await scene.notices(ada) == []
    assert await scene.sent() == []


@pytest.mark.parametrize(("accept", "form"), [(True, "Accept Follow"), (False, "Reject Follow")])
async def test_the_answer_to_somebody_elsewhere_echoes_their_follow(
    scene: Scene, ada: Actor, bids: Actor, accept: bool, form: str
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, bids, accepted=False, body=FOLLOW)
    await join.decide(scene.node, ada, dee.id, accept=accept)

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form, sent.document["actor"]) == (dee.inbox, form, bids.uri)
    assert FOLLOW in sent.body
    assert await scene.node.store.read(memberships.is_member, bids.id, dee.id) is accept
    assert (await scene.node.store.read(follows.find, dee.id, bids.id) is not None) is accept


async def test_a_request_is_decided_once(scene: Scene, ada: Actor, ben: Actor, bids: Actor) -> None:
    await follow.follow(scene.node, ben, bids)
    await join.decide(scene.node, ada, ben.id, accept=False)

    with pytest.raises(NotFound):
        await join.decide(scene.node, ada, ben.id, accept=True)


async def test_nobody_but_a_facilitator_decides(scene: Scene, ben: Actor, cat: Actor, bids: Actor) -> None:
    await follow.follow(scene.node, ben, bids)

    with pytest.raises(NotFound):
        await join.decide(scene.node, cat, ben.id, accept=True)


async def test_the_oldest_request_is_decided_or_that_of_the_community_named(
    scene: Scene, ada: Actor, ben: Actor, bids: Actor
) -> None:
    tenders = await scene.community("tenders", ada, join_mode="approval")
    await follow.follow(scene.node, ben, bids)
    await follow.follow(scene.node, ben, tenders)
    await join.decide(scene.node, ada, ben.id, accept=True, community_id=tenders.id)

    assert not await scene.node.store.read(memberships.is_member, bids.id, ben.id)
    await join.decide(scene.node, ada, ben.id, accept=True)
    assert await scene.node.store.read(memberships.is_member, bids.id, ben.id)


async def test_who_lets_a_follower_in_is_told_of_the_follow(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, ada, accepted=False)
    await join.decide(scene.node, ada, dee.id, accept=True)

    assert [(one.type, one.by_actor) for one in await scene.notices(ada)] == [("follow", dee.id)]
    (sent,) = await scene.sent()
    assert sent.document["object"]["id"] == f"{dee.uri}/follows/ada"


async def test_a_facilitator_joins_what_others_are_let_into(scene: Scene, ben: Actor, bids: Actor) -> None:
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, bids.id, ben.id, lead=False, now=now)
    held = await follow.follow(scene.node, ben, bids)

    assert held.state == "accepted"


async def test_two_decisions_at_once_are_one(scene: Scene, ada: Actor, bids: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, bids, accepted=False, body=FOLLOW)
    both = await asyncio.gather(
        join.decide(scene.node, ada, dee.id, accept=True),
        join.decide(scene.node, ada, dee.id, accept=False),
        return_exceptions=True,
    )

    assert [type(one) for one in both if one is not None] == [NotFound]
    assert len(await scene.sent()) == 1


async def test_a_member_who_is_removed_twice_at_once_is_told_once(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, ada, body=FOLLOW)
    await asyncio.gather(
        follow.remove_follower(scene.node, ada, dee), follow.remove_follower(scene.node, ada, dee)
    )

    assert len(await scene.sent()) == 1
