"""Who follows whom."""

from datetime import timedelta

from storage import actors, blocks, endorsements, follows, notifications, peers, visible
from storage.engine import Store
from storage.follows import Ending, NewFollow, Relationship
from storage.ids import ActorId, NotificationId
from storage.notifications import NewNotification
from storage.pages import Page
from storage.visible import SYSTEM, Viewer
from tests.storage import people
from tests.storage.people import NOON


async def _counts(store: Store, actor_id: ActorId) -> tuple[int, int]:
    actor = await store.read(actors.find, SYSTEM, actor_id)
    assert actor is not None
    return actor.followers_count, actor.following_count


async def test_a_request_counts_once_it_is_accepted(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea, accepted=False)
    assert await _counts(store, bea) == (0, 0)
    assert await store.write(follows.accept, ada, bea, NOON)
    assert not await store.write(follows.accept, ada, bea, NOON)
    assert (await _counts(store, bea), await _counts(store, ada)) == ((1, 0), (0, 1))
    found = await store.read(follows.find, ada, bea)
    assert found is not None
    assert (found.state, found.accepted_at) == ("accepted", NOON)


async def test_nothing_is_accepted_that_was_not_asked(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    assert not await store.write(follows.accept, ada, bea, NOON)
    assert await store.read(follows.find, ada, bea) is None


async def test_a_second_follow_brings_its_id_and_ends_nothing(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    first = await people.follow(store, ada, bea)
    again = NewFollow(
        id=people.new_id(),
        follower_id=ada,
        target_id=bea,
        uri="https://devon.example/follows/2",
        body=b"{}",
        reblogs=False,
        requested_at=NOON + timedelta(days=1),
    )
    follow = await store.write(follows.add, again)
    assert (follow.id, follow.state, follow.accepted_at) == (first, "accepted", NOON)
    assert (follow.uri, follow.body, follow.reblogs) == (again.uri, b"{}", False)
    assert await _counts(store, bea) == (1, 0)
    assert await store.read(follows.find_by_uri, again.uri) == follow


async def test_a_request_that_is_granted_by_a_second_follow_counts(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea, accepted=False)
    await people.follow(store, ada, bea, accepted=True)
    assert await _counts(store, bea) == (1, 0)


async def test_an_ended_follow_is_given_and_no_longer_counts(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    follow_id = await people.follow(store, ada, bea)
    gone = await store.write(follows.remove, ada, bea)
    assert gone is not None
    assert gone.id == follow_id
    assert await store.write(follows.remove, ada, bea) is None
    assert await _counts(store, bea) == (0, 0)


async def test_a_withdrawn_request_changes_no_count(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea, accepted=False)
    assert await store.write(follows.remove, ada, bea) is not None
    assert await _counts(store, bea) == (0, 0)


async def test_options_change_one_at_a_time(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea)
    await store.write(follows.set_options, ada, bea, notify=True)
    await store.write(follows.set_options, ada, bea, reblogs=False)
    found = await store.read(follows.find, ada, bea)
    assert found is not None
    assert (found.reblogs, found.notify) == (False, True)


async def test_every_follow_by_or_of_an_actor_is_given(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    by = await people.follow(store, ada, bea)
    of = await people.follow(store, cat, ada, accepted=False)
    await people.follow(store, cat, bea)
    assert [follow.id for follow in await store.read(follows.of_actor, ada)] == [by, of]


async def test_followers_and_followed_are_paged_by_the_follow(store: Store) -> None:
    ada = await people.add(store, "ada")
    others = [await people.add(store, f"other{n}") for n in range(3)]
    ids = [await people.follow(store, other, ada) for other in others]
    await people.follow(store, ada, others[0])
    await people.follow(store, await people.add(store, "waits"), ada, accepted=False)
    first = await store.read(follows.followers, SYSTEM, ada, Page(limit=2))
    assert [(follow_id, actor.id) for follow_id, actor in first] == [(ids[2], others[2]), (ids[1], others[1])]
    rest = await store.read(follows.followers, SYSTEM, ada, Page(max_id=ids[1]))
    assert [follow_id for follow_id, _ in rest] == [ids[0]]
    back = await store.read(follows.followers, SYSTEM, ada, Page(min_id=ids[0], limit=1))
    assert [follow_id for follow_id, _ in back] == [ids[1]]
    followed = await store.read(follows.following, SYSTEM, ada, Page())
    assert [actor.handle for _, actor in followed] == ["other0"]


async def test_whoever_hides_whom_they_follow_sees_it_alone(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    await people.follow(store, cat, ada)
    page = Page(limit=5)
    for hidden in (True, False):
        await people.hide_follows(store, ada, hidden=hidden)
        for listing, whom in ((follows.following, bea), (follows.followers, cat)):
            for viewer, wanted in (
                (visible.person(ada), [whom]), (visible.SYSTEM, [whom]),
                (visible.person(bea), [] if hidden else [whom]), (visible.STRANGER, [] if hidden else [whom]),
            ):  # fmt: skip
                assert [row.id for _, row in await store.read(listing, viewer, ada, page)] == wanted


async def test_followers_at_a_hidden_peer_are_not_shown(store: Store) -> None:
    ada, cleo = await people.add(store, "ada"), await people.add(store, "cleo", "devon.example")
    await people.follow(store, cleo, ada)
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.read(follows.followers, visible.person(ada), ada, Page()) == []


async def test_a_relationship_says_everything_at_once(store: Store) -> None:
    me, bea, cat = [await people.add(store, name) for name in ("me", "bea", "cat")]
    await people.follow(store, me, bea, notify=True)
    await people.follow(store, bea, me, accepted=False)
    await people.follow(store, me, cat, accepted=False)
    await people.follow(store, cat, me)
    await store.write(blocks.block, people.new_id(), me, bea, None)
    await store.write(blocks.block, people.new_id(), cat, me, None)
    until = NOON + timedelta(hours=1)
    await store.write(blocks.mute, people.new_id(), me, cat, notifications=True, until=until)
    await store.write(blocks.set_remark, me, bea, "roads")
    await store.write(endorsements.add, 7, me, bea)
    found = await store.read(follows.relationships, SYSTEM, me, [cat, bea, 1], NOON)
    assert found == [
        Relationship(
            actor_id=cat,
            following=False,
            requested=True,
            showing_reblogs=False,
            notifying=False,
            followed_by=True,
            requested_by=False,
            blocking=False,
            blocked_by=True,
            muting=True,
            muting_notifications=True,
            mute_until=until,
            remark="",
            host_muted=False,
            endorsed=False,
        ),
        Relationship(
            actor_id=bea,
            following=True,
            requested=False,
            showing_reblogs=True,
            notifying=True,
            followed_by=False,
            requested_by=True,
            blocking=True,
            blocked_by=False,
            muting=False,
            muting_notifications=False,
            mute_until=None,
            remark="roads",
            host_muted=False,
            endorsed=True,
        ),
    ]
    (later, _) = await store.read(follows.relationships, SYSTEM, me, [cat, bea], until)
    assert not later.muting


async def test_inboxes_of_followers_are_shared_ones_once_for_each_peer(store: Store) -> None:
    ada = await people.add(store, "ada")
    for handle, host in (("one", "devon.example"), ("two", "devon.example"), ("three", "york.example")):
        await people.follow(store, await people.add(store, handle, host), ada)
    alone = await people.add(store, "alone", "leeds.example", shared_inbox=None)
    await people.follow(store, alone, ada)
    await people.follow(store, await people.add(store, "bea"), ada)
    await people.follow(store, await people.add(store, "cat", "hull.example"), ada, accepted=False)
    gone = await people.add(store, "gone", "bath.example")
    await people.follow(store, gone, ada)
    await store.write(actors.mark_deleted, gone, NOON)
    assert await store.read(follows.inboxes_of_followers, ada) == [
        ("devon.example", "https://devon.example/inbox"),
        ("leeds.example", "https://leeds.example/people/alone/inbox"),
        ("york.example", "https://york.example/inbox"),
    ]


async def test_inboxes_of_followers_are_chosen_by_kind_and_never_met_is_unknown(store: Store) -> None:
    ada = await people.add(store, "ada")
    for handle, host in (("one", "devon.example"), ("two", "york.example"), ("three", "leeds.example")):
        await people.follow(store, await people.add(store, handle, host), ada)
    for host, kind in (("devon.example", "group"), ("york.example", "plain")):
        await store.write(peers.set_software, host, software="x", version="1", kind=kind, now=NOON)
    chosen = await store.read(follows.inboxes_of_followers, ada, ("group", "unknown"))
    assert [host for host, _ in chosen] == ["devon.example", "leeds.example"]
    assert await store.read(follows.inboxes_of_followers, ada, ()) == []


async def test_all_follows_with_a_host_end_both_ways_and_are_told(store: Store) -> None:
    ada, floods = await people.add(store, "ada"), await people.add(store, "floods", kind="Group")
    cleo, dan = (
        await people.add(store, "cleo", "devon.example"),
        await people.add(store, "dan", "york.example"),
    )
    for follower, target in ((cleo, floods), (ada, cleo), (dan, floods), (ada, floods)):
        await people.follow(store, follower, target)
    assert await store.write(follows.end_with_hosts, ["devon.example"]) == [
        Ending(cleo, floods, "devon.example", "membership", "@cleo@devon.example of @floods@kent.example"),
        Ending(ada, cleo, "devon.example", "follow", "@ada@kent.example of @cleo@devon.example"),
    ]
    assert await store.read(follows.find, cleo, floods) is None
    assert await store.read(follows.find, dan, floods) is not None
    assert (await _counts(store, floods), await _counts(store, ada)) == ((2, 0), (0, 1))
    assert await store.write(follows.end_with_hosts, ["devon.example"]) == []


async def test_those_who_asked_to_be_told_of_each_post_are_given_once(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods, cleo = (
        await people.add(store, "floods", kind="Group"),
        await people.add(store, "cleo", "devon.example"),
    )
    for follower, target in ((ada, bea), (ada, floods), (cleo, bea)):
        await people.follow(store, follower, target, notify=True)
    await people.follow(store, cat, bea)
    assert await store.read(follows.watchers, [bea, floods]) == [ada]
    await store.write(actors.set_state, ada, "suspended", NOON)
    assert await store.read(follows.watchers, [bea, floods]) == []


async def test_who_belongs_to_a_members_only_community_its_members_see_and_nobody_else(store: Store) -> None:
    club = await people.add(store, "club", kind="Group", approves=True)
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    for member in (ada, bea):
        await people.follow(store, member, club)

    async def seen(viewer: Viewer) -> list[int]:
        by = [one.id for _, one in await store.read(follows.followers, viewer, club, Page(limit=9))]
        return by + [one.id for _, one in await store.read(follows.following, viewer, ada, Page(limit=9))]

    assert await seen(visible.person(bea)) == [bea, ada, club]
    assert await seen(visible.person(cat)) == []
    assert await seen(visible.STRANGER) == []
    assert await seen(visible.node("york.example")) == []


async def test_who_is_no_longer_followed_is_no_longer_told_of_it(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")

    async def tell(me: ActorId, kind: str, by: ActorId, target: ActorId | None) -> bool:
        new = NewNotification(
            id=NotificationId(people.new_id()), actor_id=me, type=kind, by_actor=by, post_id=None,
            target_id=target, created_at=NOON,
        )  # fmt: skip
        return await store.write(notifications.add, new)

    told = [(ada, "follow", bea, None), (ada, "follow", cat, None), (ada, "follow_request", bea, floods)]
    assert [await tell(*one) for one in told] == [True] * 3
    await people.follow(store, bea, ada)
    await store.write(follows.remove, bea, ada)
    assert [await tell(*one) for one in told] == [True, False, False]
    await people.follow(store, bea, floods, accepted=False)
    await store.write(follows.remove, bea, floods)
    assert [await tell(*one) for one in told] == [False, False, True]


async def test_a_relationship_is_told_of_whom_one_pointed_to_and_follows_no_more(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada")
    await people.follow(store, me, ada)
    await store.write(endorsements.add, 8, me, ada)
    await store.write(follows.remove, me, ada)
    (found,) = await store.read(follows.relationships, visible.person(me), me, [ada], NOON)
    assert (found.following, found.endorsed) == (False, False)
