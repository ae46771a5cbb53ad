"""Votes from elsewhere in polls of ours."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions import moderate
from fedcop.actions.draft import PollDraft
from storage import polls
from storage.ids import PostId
from storage.polls import Poll
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note
from tests.support.speak import Peer

ASKED = PollDraft(options=("Tea", "Coffee"), seconds=3600)


async def asked(scene: Scene, poll: PollDraft = ASKED, **more: Any) -> PostId:
    return await scene.kent.publish(scene.fin, more.pop("text", "What shall we drink?"), poll=poll, **more)


async def poll_of(scene: Scene, post_id: PostId) -> Poll:
    found = await scene.kent.node.store.read(polls.find, SYSTEM, post_id)
    assert found is not None
    return found


async def counts(scene: Scene, post_id: PostId) -> list[int]:
    return [option.votes_count for option in (await poll_of(scene, post_id)).options]


def vote(peer: Peer, number: int, poll: str, name: str, *, by: str = "sam", **more: Any) -> dict[str, Any]:
    """Give a vote as Mastodon sends it."""
    voter = peer.uri(by)
    return {
        "id": f"{voter}#votes/{number}",
        "type": "Note",
        "name": name,
        "attributedTo": voter,
        "inReplyTo": poll,
        "to": [peer.uri("fin")],
        "cc": [],
    } | more


async def test_a_vote_counts_once_for_each_voter(scene: Scene) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, "Tea")))
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 2, uri, "Tea")))
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 3, uri, "Coffee")))
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 4, uri, "Coffee", by="bea")))
    assert await counts(scene, post_id) == [1, 1]
    assert (await poll_of(scene, post_id)).voters_count == 2


async def test_a_vote_is_no_reply_and_tells_nobody(scene: Scene) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, "Tea")))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.replies_count == 0
    assert await scene.kent.post(f"{scene.surrey.uri('sam')}#votes/1") is None
    assert await scene.kent.told(scene.fin) == []


async def test_several_choices_come_one_by_one_or_together(scene: Scene) -> None:
    post_id = await asked(scene, PollDraft(options=("Tea", "Coffee", "Milk"), seconds=3600, multiple=True))
    uri = await scene.kent.uri_of(post_id)
    for number, name in enumerate(("Tea", "Milk")):  # Mastodon
        await scene.arrives(scene.surrey, create(vote(scene.surrey, number, uri, name)))
    together = create(vote(scene.surrey, 8, uri, "Tea", by="bea"))  # GoToSocial
    together["object"] = [together["object"], vote(scene.surrey, 9, uri, "Coffee", by="bea")]
    await scene.arrives(scene.surrey, together)
    assert await counts(scene, post_id) == [2, 1, 1]
    assert (await poll_of(scene, post_id)).voters_count == 2


@pytest.mark.parametrize("name", ["Milk", "tea", "0"])
async def test_what_is_not_to_be_chosen_does_not_count(scene: Scene, name: str) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, name)))
    assert await counts(scene, post_id) == [0, 0]
    assert (await scene.outcomes())["refused"] == 1


async def test_after_the_end_no_vote_counts(scene: Scene) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    scene.network.clock.move(timedelta(hours=1))
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, "Tea")))
    assert await counts(scene, post_id) == [0, 0]


async def test_nobody_votes_for_another(scene: Scene) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    forged = create(vote(scene.surrey, 1, uri, "Tea")) | {"actor": scene.surrey.uri("bea")}
    await scene.arrives(scene.surrey, forged)
    assert await counts(scene, post_id) == [0, 0]


async def test_a_vote_that_a_community_passes_on_does_not_count(scene: Scene) -> None:
    await scene.planning()
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    inner = create(vote(scene.lemmy, 1, uri, "Tea", by="cal"))
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, inner))
    assert await counts(scene, post_id) == [0, 0]


async def test_who_may_not_see_a_poll_has_no_vote(scene: Scene) -> None:
    post_id = await asked(scene, audience="followers")
    uri = await scene.kent.uri_of(post_id)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, "Tea")))
    assert await counts(scene, post_id) == [0, 0]
    follow = act(scene.surrey, "Follow", 5, scene.fin.uri)
    await scene.arrives(scene.surrey, follow)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 2, uri, "Tea")))
    assert await counts(scene, post_id) == [1, 0]


async def test_who_was_banned_from_the_community_has_no_vote(scene: Scene) -> None:
    post_id = await asked(scene, text="@makers Which one?")
    uri = await scene.kent.uri_of(post_id)
    await scene.join(scene.surrey, "sam")
    sam = await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    await moderate.ban(scene.kent.node, scene.fin, scene.makers, sam)
    await scene.arrives(scene.surrey, create(vote(scene.surrey, 1, uri, "Tea")))
    assert await counts(scene, post_id) == [0, 0]


async def test_a_named_note_with_a_text_is_a_reply(scene: Scene) -> None:
    post_id = await asked(scene)
    uri = await scene.kent.uri_of(post_id)
    reply = note(scene.surrey, 7, "I like tea", name="Tea", inReplyTo=uri)
    await scene.arrives(scene.surrey, create(reply))
    assert await counts(scene, post_id) == [0, 0]
    assert await scene.kent.post(reply["id"]) is not None


async def test_a_vote_in_what_is_no_poll_of_ours_is_ignored(scene: Scene) -> None:
    plain = await scene.kent.uri_of(await scene.kent.publish(scene.fin, "Plain"))
    for number, uri in enumerate((plain, f"{scene.surrey.base}/notes/77", "https://kent.example/posts/1")):
        await scene.arrives(scene.surrey, create(vote(scene.surrey, number, uri, "Tea")))
    assert await scene.outcomes() == {"ignored": 3}
