"""Follows, blocks and mutes: what holds at once, what waits for an answer, what other nodes are told."""

import pytest

from fedcop.actions import follow
from fedcop.errors import Invalid, NotPermitted
from storage import actors, blocks, communities, follows
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


async def test_a_follow_of_somebody_here_holds_at_once(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await follow.follow(scene.node, ada, ben)

    assert held.state == "accepted"
    assert [one.type for one in await scene.notices(ben)] == ["follow"]
    assert (await scene.actor(ben.id)).followers_count == 1


async def test_who_decides_about_followers_is_asked(scene: Scene, ada: Actor, ben: Actor) -> None:
    profile = actors.profile_of(ben)
    changed = type(profile)(
        **{**{n: getattr(profile, n) for n in profile.__struct_fields__}, "approves": True}
    )
    await scene.node.store.write(actors.set_profile, ben.id, changed, scene.node.clock.now())
    held = await follow.follow(scene.node, ada, await scene.actor(ben.id))

    assert held.state == "requested"
    assert [one.type for one in await scene.notices(ben)] == ["follow_request"]


async def test_a_follow_of_somebody_elsewhere_waits_for_their_node(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    held = await follow.follow(scene.node, ada, dee)

    (sent,) = await scene.sent()
    assert held.state == "requested"
    assert (sent.inbox, sent.form) == (dee.inbox, "Follow")
    assert (sent.document["id"], sent.document["object"]) == (held.uri, dee.uri)


async def test_a_second_follow_only_sets_the_options(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await follow.follow(scene.node, ada, dee)
    await scene.sent()
    held = await follow.follow(scene.node, ada, dee, reblogs=False, notify_posts=True)

    assert (held.state, held.reblogs, held.notify) == ("requested", False, True)
    assert await scene.sent() == []


async def test_nobody_follows_themselves_or_whom_a_block_parts_them_from(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    with pytest.raises(Invalid):
        await follow.follow(scene.node, ada, ada)
    await follow.block(scene.node, ben, ada)

    for me, target in ((ada, ben), (ben, ada)):
        with pytest.raises(NotPermitted, match="blocks"):
            await follow.follow(scene.node, me, target)


async def test_nobody_follows_who_moved(scene: Scene, ada: Actor) -> None:
    gone = await scene.remote("gone", "lemmy.example", moved_to="https://devon.example/users/gone")

    with pytest.raises(NotPermitted, match="moved"):
        await follow.follow(scene.node, ada, gone)


async def test_the_end_of_a_follow_undoes_it_by_its_id(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    held = await follow.follow(scene.node, ada, dee)
    await scene.sent()
    await follow.unfollow(scene.node, ada, dee)
    await follow.unfollow(scene.node, ada, dee)

    (sent,) = await scene.sent()
    assert (sent.form, sent.document["object"]["id"]) == ("Undo Follow", held.uri)
    assert await scene.node.store.read(follows.find, ada.id, dee.id) is None


async def test_the_last_facilitator_cannot_leave(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    with pytest.raises(NotPermitted, match="last facilitator"):
        await follow.unfollow(scene.node, ada, roads)
    await scene.node.store.write(
        communities.add_facilitator, roads.id, ben.id, lead=False, now=scene.node.clock.now()
    )
    await follow.unfollow(scene.node, ada, roads)

    found = await scene.node.store.read(follows.find, ada.id, roads.id)
    assert found is None
    assert not await scene.node.store.read(communities.is_facilitator, roads.id, ada.id)


async def test_a_follower_who_is_removed_is_told_by_a_reject(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, ada, body=b'{"type":"Follow","id":"https://lemmy.example/f"}')
    await follow.remove_follower(scene.node, ada, dee)
    await follow.remove_follower(scene.node, ada, dee)

    (sent,) = await scene.sent()
    assert (sent.form, sent.document["object"]["id"]) == ("Reject Follow", "https://lemmy.example/f")
    assert await scene.node.store.read(follows.find, dee.id, ada.id) is None


async def test_a_block_ends_follows_both_ways_and_is_told(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, ada)
    await scene.joined(ada, dee)
    await follow.block(scene.node, ada, dee)
    await follow.block(scene.node, ada, dee)

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form, sent.document["object"]) == (dee.inbox, "Block", dee.uri)
    assert await scene.node.store.read(follows.of_actor, dee.id) == []


async def test_the_end_of_a_block_is_told_if_there_was_one(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await follow.unblock(scene.node, ada, dee)
    assert await scene.sent() == []
    await follow.block(scene.node, ada, dee)
    (blocked,) = await scene.sent()
    await follow.unblock(scene.node, ada, dee)

    (sent,) = await scene.sent()
    assert (sent.form, sent.document["object"]["id"]) == ("Undo Block", blocked.document["id"])
    assert not await scene.node.store.read(blocks.is_blocked, ada.id, dee.id)


async def test_a_mute_is_told_to_nobody_and_silences(scene: Scene, ada: Actor, ben: Actor) -> None:
    await follow.mute(scene.node, ada, ben)
    await scene.write(ben, "@ada Hello")
    assert await scene.notices(ada) == []
    await follow.unmute(scene.node, ada, ben)
    await scene.write(ben, "@ada Hello")

    assert len(await scene.notices(ada)) == 1


async def test_nobody_blocks_or_mutes_themselves(scene: Scene, ada: Actor) -> None:
    for act in (follow.block, follow.mute):
        with pytest.raises(Invalid):
            await act(scene.node, ada, ada)


async def test_a_mute_for_a_time_has_an_end(scene: Scene, ada: Actor, ben: Actor) -> None:
    await follow.mute(scene.node, ada, ben, notifications=False, seconds=60)

    assert await scene.rows("SELECT until FROM mutes") == ["2026-03-02T12:01:00.000Z"]
    await scene.write(ben, "@ada Hello")
    assert len(await scene.notices(ada)) == 1
