"""Voting, and what becomes of a poll."""

from datetime import timedelta

import msgspec
import pytest

from fedcop.actions import moderate, post, vote
from fedcop.actions.draft import PollDraft
from fedcop.actions.post import Draft
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import activities, polls
from storage.actors import Actor
from storage.ids import PostId
from storage.polls import Poll
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.support.clock import NOON


async def asked(scene: Scene, author: Actor, text: str = "Which?", **more: bool) -> PostId:
    poll = PollDraft(options=("A", "B"), seconds=3600, **more)
    return await post.publish(scene.node, author, Draft(text=text, poll=poll))


async def poll_of(scene: Scene, post_id: PostId) -> Poll:
    found = await scene.node.store.read(polls.find, SYSTEM, post_id)
    assert found is not None
    return found


async def test_a_vote_makes_the_new_counts_due_within_a_minute(scene: Scene, ada: Actor, ben: Actor) -> None:
    post_id = await asked(scene, ada)
    await vote.vote(scene.node, ben, post_id, [1, 1])
    assert [option.votes_count for option in (await poll_of(scene, post_id)).options] == [0, 1]
    assert await scene.node.store.read(polls.due, NOON + timedelta(seconds=59), 9) == []
    assert await scene.node.store.read(polls.due, NOON + timedelta(minutes=1), 9) == [post_id]


async def test_a_vote_where_totals_are_hidden_makes_nothing_due(scene: Scene, ada: Actor, ben: Actor) -> None:
    post_id = await asked(scene, ada, hide_totals=True)
    await vote.vote(scene.node, ben, post_id, [1])
    assert await scene.node.store.read(polls.due, NOON + timedelta(minutes=59), 9) == []


async def test_a_refused_vote_changes_nothing(scene: Scene, ada: Actor, ben: Actor) -> None:
    post_id = await asked(scene, ada)
    with pytest.raises(Invalid):
        await vote.vote(scene.node, ben, post_id, [0, 1])
    assert (await poll_of(scene, post_id)).votes_count == 0
    assert await scene.node.store.read(polls.due, NOON + timedelta(minutes=2), 9) == []


async def test_who_was_banned_has_no_vote(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    post_id = await asked(scene, ada, "@roads Which road?")
    await moderate.ban(scene.node, ada, roads, ben)
    with pytest.raises(NotPermitted):
        await vote.vote(scene.node, ben, post_id, [0])


async def test_who_may_not_see_a_poll_has_no_vote(scene: Scene, ada: Actor, ben: Actor) -> None:
    poll = PollDraft(options=("A", "B"), seconds=3600)
    draft = Draft(text="Between us", audience="followers", poll=poll)
    post_id = await post.publish(scene.node, ada, draft)
    for cast in (vote.vote, vote.count):
        with pytest.raises(NotFound):
            await cast(scene.node, ben, post_id, [0])
    assert (await poll_of(scene, post_id)).votes_count == 0


async def test_there_is_no_vote_in_what_is_no_poll(scene: Scene, ada: Actor, ben: Actor) -> None:
    plain = await post.publish(scene.node, ada, Draft(text="Plain"))
    for post_id in (plain, PostId(1)):
        with pytest.raises(NotFound):
            await vote.vote(scene.node, ben, post_id, [0])
        with pytest.raises(NotFound):
            await vote.count(scene.node, ben, post_id, [0])
        await vote.settle(scene.node, post_id)


async def test_what_is_due_is_told_once(scene: Scene, ada: Actor, ben: Actor) -> None:
    post_id = await asked(scene, ada, "@roads Which road?")
    await vote.vote(scene.node, ben, post_id, [0])
    await vote.settle(scene.node, post_id)  # nothing is due yet
    kept = await scene.node.store.read(activities.of_post, post_id)
    assert [one.type for one in kept] == ["Create"]
    assert b'"totalItems":0' in kept[0].body


async def test_a_poll_in_a_community_is_a_thread_of_it(scene: Scene, ada: Actor, roads: Actor) -> None:
    post_id = await asked(scene, ada, "@roads Which road?\n\nBoth are long.")
    (kept,) = await scene.node.store.read(activities.of_post, post_id)
    assert kept.plain_by is not None
    document = msgspec.json.decode(kept.body)["object"]
    assert (document["type"], document["name"]) == ("Question", "Which road?")
    # Mastodon shows the content of a Question and not its name.
    assert document["content"] == "<p><strong>Which road?</strong></p><p>Both are long.</p>"
