"""Who joins, decided by facilitators of other nodes."""

import pytest

from fedcop.actions import follow, join, offer
from fedcop.errors import NotFound
from storage import communities, follows, offers
from storage.actors import Actor
from storage.follows import NewFollow
from storage.offers import Offer
from tests.fedcop.actions.scene import Scene


async def elsewhere(scene: Scene, community: Actor, *, software: str) -> Actor:
    """Let somebody of another node facilitate a community."""
    host = "devon.example" if software == "fedcop" else "mastodon.example"
    found = await scene.remote("eve", host, software=software)
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, community.id, found.id, lead=False, now=now)
    return found


async def test_a_request_by_somebody_here_is_offered_to_who_facilitates_on_fedcop(
    scene: Scene, ben: Actor, bids: Actor
) -> None:
    eve = await elsewhere(scene, bids, software="fedcop")
    await follow.follow(scene.node, ben, bids)
    (sent,) = await scene.sent()
    assert (sent.form, sent.inbox, sent.document["to"]) == ("Offer Follow", eve.inbox, [eve.uri])
    assert sent.document["object"]["actor"] == ben.uri


async def test_one_on_other_software_reads_a_note_that_only_they_get(
    scene: Scene, ben: Actor, bids: Actor
) -> None:
    eve = await elsewhere(scene, bids, software="mastodon")
    await follow.follow(scene.node, ben, bids)
    (sent,) = await scene.sent()
    assert (sent.form, sent.inbox, sent.document["to"]) == ("Create Note", eve.inbox, [eve.uri])
    assert ben.uri in sent.document["object"]["content"]
    assert "proof" not in sent.document
    assert await scene.notices(ben) == []


async def test_in_an_open_community_nobody_is_asked(scene: Scene, ben: Actor, roads: Actor) -> None:
    await elsewhere(scene, roads, software="fedcop")
    await follow.follow(scene.node, ben, roads)
    assert await scene.sent() == []


async def test_once_one_decides_the_others_hear_that_they_need_not(
    scene: Scene, ada: Actor, ben: Actor, bids: Actor
) -> None:
    await elsewhere(scene, bids, software="fedcop")
    await follow.follow(scene.node, ben, bids)
    await scene.sent()
    await join.decide(scene.node, ada, ben.id, accept=True)
    assert [one.form for one in await scene.sent()] == ["Undo Offer Follow"]


async def test_an_answer_is_given_once(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    sam = await scene.remote("sam", "mastodon.example")
    now = scene.node.clock.now()
    await scene.joined(sam, grit, accepted=False)
    held = Offer(scene.node.ids.next(now), grit.id, ada.id, sam.id, "https://lemmy.example/o", b"{}", now)
    await scene.node.store.write(offers.add, held)
    await join.decide(scene.node, ada, sam.id, accept=False)
    (sent,) = await scene.sent()
    assert (sent.document["type"], sent.document["actor"], sent.inbox) == ("Reject", ada.uri, grit.inbox)
    assert await scene.node.store.read(follows.find, sam.id, grit.id) is None
    for decide in (
        join.decide(scene.node, ada, sam.id, accept=True),
        offer.answer(scene.node, ada, sam, grit, accept=True),
    ):
        with pytest.raises(NotFound):
            await decide


async def test_somebody_here_who_waits_elsewhere_is_not_accepted_by_who_facilitates_there_but_by_its_node(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    now = scene.node.clock.now()
    wish = NewFollow(
        id=scene.node.ids.next(now), follower_id=ben.id, target_id=grit.id, uri="u", requested_at=now
    )
    await scene.node.store.write(follows.add, wish)
    held = Offer(scene.node.ids.next(now), grit.id, ada.id, ben.id, "https://lemmy.example/o", b"{}", now)
    await scene.node.store.write(offers.add, held)
    await join.decide(scene.node, ada, ben.id, accept=True)
    waits = await scene.node.store.read(follows.find, ben.id, grit.id)
    assert waits is not None
    assert waits.state == "requested"
