"""A facilitator invites people, who then join without a decision."""

import pytest

from fedcop.actions import follow, invite, moderate
from fedcop.errors import Invalid, NotPermitted
from storage import invited, memberships
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


@pytest.fixture
async def weir(scene: Scene, ada: Actor) -> Actor:
    """Give a community that one joins by invitation only, and that only its members read."""
    return await scene.community("weir", ada, join_mode="invite", visibility="members")


async def test_who_is_invited_is_told_and_joins_at_once(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, weir: Actor
) -> None:
    await invite.invite(scene.node, ada, weir, ben)

    (told,) = await scene.notices(ben)
    assert (told.type, told.by_actor) == ("mention", weir.id)
    assert (await follow.follow(scene.node, ben, weir)).state == "accepted"
    assert await scene.node.store.read(memberships.is_member, weir.id, ben.id)
    with pytest.raises(NotPermitted, match="by invitation only"):
        await follow.follow(scene.node, cat, weir)


async def test_an_invitation_stands_for_the_decision_where_joining_is_decided(
    scene: Scene, ada: Actor, ben: Actor, bids: Actor
) -> None:
    await invite.invite(scene.node, ada, bids, ben)

    assert (await follow.follow(scene.node, ben, bids)).state == "accepted"


async def test_fedcop_is_sent_an_invite_and_other_software_a_note(
    scene: Scene, ada: Actor, weir: Actor
) -> None:
    dee = await scene.remote("dee", "devon.example", kind="group", software="fedcop")
    mo = await scene.remote("mo", "mastodon.example", kind="plain")
    for person in (dee, mo):
        await invite.invite(scene.node, ada, weir, person)

    sent = await scene.sent()
    assert [(one.inbox, one.form) for one in sent] == [(dee.inbox, "Invite"), (mo.inbox, "Create Note")]
    assert (sent[0].document["object"], sent[0].document["target"]) == (weir.uri, dee.uri)
    note = sent[1].document["object"]
    assert (note["to"], note["cc"]) == ([mo.uri], [])
    assert weir.uri in note["content"]


async def test_only_a_facilitator_invites_and_nobody_who_is_banned_or_in(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, weir: Actor
) -> None:
    with pytest.raises(NotPermitted, match="only a facilitator"):
        await invite.invite(scene.node, ben, weir, cat)
    with pytest.raises(Invalid, match="already"):
        await invite.invite(scene.node, ada, weir, ada)
    await invite.invite(scene.node, ada, weir, ben)
    await moderate.ban(scene.node, ada, weir, ben)
    assert not await scene.node.store.read(invited.is_invited, weir.id, ben.id)
    with pytest.raises(NotPermitted, match="banned"):
        await invite.invite(scene.node, ada, weir, ben)


async def test_a_community_is_not_invited(scene: Scene, ada: Actor, roads: Actor, weir: Actor) -> None:
    with pytest.raises(Invalid, match="cannot be invited"):
        await invite.invite(scene.node, ada, weir, roads)
