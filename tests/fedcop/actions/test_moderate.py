"""What facilitators do, as hosts of a community here and as guests of one elsewhere."""

from datetime import timedelta

import pytest

from fedcop.actions import moderate
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import audit, communities, follows, memberships
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def members(scene: Scene, roads: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), roads)


async def verbs(scene: Scene) -> list[str]:
    found = await scene.node.store.read(audit.latest, 10)
    return [entry.verb for entry in found if entry.by_name == "ada" and entry.verb != "community open"]


async def test_a_removed_post_is_emptied_and_taken_back_everywhere(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await members(scene, roads)
    thread = await scene.write(ben, "@roads Buy my grit")
    await scene.sent()
    await scene.delivered()
    await moderate.remove_post(scene.node, ada, thread.id, reason="Advert")

    sent = await scene.sent()
    assert sorted((one.inbox, one.form) for one in sent) == [
        (LEMMY, "Announce Delete"),
        (MASTODON, "Delete"),
        (MASTODON, "Undo Announce"),
    ]
    removal = next(one.document["object"] for one in sent if one.form == "Announce Delete")
    assert (removal["actor"], removal["object"], removal["summary"]) == (ada.uri, thread.uri, "Advert")
    assert "proof" in removal
    own = next(one.document for one in sent if one.form == "Delete")
    assert own["actor"] == ben.uri
    held = await scene.held(thread.id)
    assert (held.content, held.removed_by, held.removed_for) == ("", ada.id, "Advert")
    assert await verbs(scene) == ["remove"]


async def test_only_a_facilitator_moderates(scene: Scene, ben: Actor, cat: Actor, roads: Actor) -> None:
    thread = await scene.write(ben, "@roads Hello")

    with pytest.raises(NotPermitted):
        await moderate.remove_post(scene.node, cat, thread.id)
    with pytest.raises(NotPermitted):
        await moderate.ban(scene.node, cat, roads, ben)
    assert (await scene.held(thread.id)).removed_at is None


async def test_what_is_in_no_community_is_nobodys_to_moderate(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ben, "Hello")

    with pytest.raises(NotFound):
        await moderate.remove_post(scene.node, ada, held.id)


async def test_a_lock_and_its_end_are_passed_on(scene: Scene, ada: Actor, roads: Actor) -> None:
    await members(scene, roads)
    thread = await scene.write(ada, "@roads Hello")
    await scene.sent()
    await moderate.lock(scene.node, ada, thread.id, reason="Answered")
    assert (await scene.held(thread.id)).locked
    await moderate.unlock(scene.node, ada, thread.id)

    assert not (await scene.held(thread.id)).locked
    assert await scene.forms() == [(LEMMY, "Announce Lock"), (LEMMY, "Announce Undo Lock")]
    assert await verbs(scene) == ["unlock", "lock"]


async def test_a_pin_and_its_end_are_passed_on(scene: Scene, ada: Actor, roads: Actor) -> None:
    await members(scene, roads)
    thread = await scene.write(ada, "@roads Hello")
    await scene.sent()
    await moderate.pin(scene.node, ada, thread.id)
    assert (await scene.held(thread.id)).pinned_at is not None
    await moderate.unpin(scene.node, ada, thread.id)

    assert (await scene.held(thread.id)).pinned_at is None
    sent = await scene.sent()
    assert [one.form for one in sent] == ["Announce Add", "Announce Remove"]
    assert sent[0].document["object"]["target"] == f"{roads.uri}/featured"


async def test_who_is_banned_is_no_member_any_more_and_told_so(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    await members(scene, roads)
    mal = await scene.remote("mal", "devon.example", kind="plain")
    await scene.joined(mal, roads)
    until = scene.node.clock.now() + timedelta(days=1)
    await moderate.ban(scene.node, ada, roads, mal, reason="Spam", until=until)

    assert await scene.forms() == [
        ("https://devon.example/inbox", "Block"),
        (mal.inbox, "Reject Follow"),
        (LEMMY, "Announce Block"),
    ]
    assert not await scene.node.store.read(memberships.is_member, roads.id, mal.id)
    assert await scene.node.store.read(communities.is_banned, roads.id, mal.id, scene.node.clock.now())
    assert not await scene.node.store.read(communities.is_banned, roads.id, mal.id, until)


async def test_a_lifted_ban_is_passed_on(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    await members(scene, roads)
    await moderate.ban(scene.node, ada, roads, ben)
    await moderate.unban(scene.node, ada, roads, ben)

    assert not await scene.node.store.read(communities.is_banned, roads.id, ben.id, scene.node.clock.now())
    assert await scene.forms() == [(LEMMY, "Announce Block"), (LEMMY, "Announce Undo Block")]
    assert await verbs(scene) == ["unban", "ban"]


async def test_nobody_bans_themselves(scene: Scene, ada: Actor, roads: Actor) -> None:
    with pytest.raises(Invalid):
        await moderate.ban(scene.node, ada, roads, ada)


async def test_as_guest_a_facilitator_tells_the_community_and_changes_nothing_here(
    scene: Scene, ada: Actor
) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    eve = await scene.remote("eve", "mastodon.example")
    thread = await scene.theirs(eve, community_id=grit.id, type="Page", title="Grit")
    await scene.joined(eve, grit)
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, grit.id, ada.id, lead=False, now=now)
    await moderate.remove_post(scene.node, ada, thread.id, reason="Advert")
    await moderate.ban(scene.node, ada, grit, eve)

    sent = await scene.sent()
    assert sorted((one.inbox, one.form) for one in sent) == [
        (LEMMY, "Block"),
        (LEMMY, "Delete"),
        (MASTODON, "Block"),
    ]
    assert all("proof" in one.document for one in sent)
    assert (await scene.held(thread.id)).removed_at is None
    assert await scene.node.store.read(follows.find, eve.id, grit.id) is not None
    assert await verbs(scene) == []
