"""Likes go to the author and the community; bookmarks, pins and muted threads are told to nobody."""

import asyncio

import pytest

from fedcop.actions import like
from fedcop.errors import Invalid, NotFound
from storage import bookmarks, likes, visible
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def test_a_like_goes_to_the_author_and_tells_nobody_else(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    post = await scene.theirs(eve := await scene.remote("eve", "mastodon.example"))
    await like.like(scene.node, ada, post.id)

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form, sent.document["object"]) == (eve.inbox, "Like", post.uri)
    assert "proof" not in sent.document
    assert (await scene.held(post.id)).likes_count == 1


async def test_a_like_in_a_community_is_passed_on_to_who_reads_likes(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), roads)
    thread = await scene.write(ada, "@roads Hello")
    await scene.sent()
    await like.like(scene.node, ben, thread.id)

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form) == (LEMMY, "Announce Like")
    inner = sent.document["object"]
    assert (inner["audience"], inner["to"]) == (roads.uri, [roads.uri])
    assert "proof" in inner


async def test_a_like_in_a_community_elsewhere_is_sent_there(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    eve = await scene.remote("eve", "mastodon.example")
    post = await scene.theirs(eve, community_id=grit.id)
    await like.like(scene.node, ada, post.id)

    assert await scene.forms() == [(grit.inbox, "Like"), (eve.inbox, "Like")]


async def test_a_second_like_changes_nothing(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "Hello")
    await like.like(scene.node, ben, held.id)
    await like.like(scene.node, ben, held.id)

    assert (await scene.held(held.id)).likes_count == 1
    assert [one.type for one in await scene.notices(ada)] == ["like"]


async def test_a_like_is_taken_back_by_its_own_id(scene: Scene, ada: Actor) -> None:
    post = await scene.theirs(await scene.remote("eve", "mastodon.example"))
    await like.like(scene.node, ada, post.id)
    (liked,) = await scene.sent()
    await like.unlike(scene.node, ada, post.id)

    (sent,) = await scene.sent()
    assert (sent.form, sent.document["object"]["id"]) == ("Undo Like", liked.document["id"])
    assert await scene.node.store.read(likes.find, ada.id, post.id) is None


async def test_without_a_like_nothing_is_taken_back(scene: Scene, ada: Actor) -> None:
    post = await scene.theirs(await scene.remote("eve", "mastodon.example"))
    await like.unlike(scene.node, ada, post.id)

    assert await scene.sent() == []


async def test_a_bookmark_is_told_to_nobody(scene: Scene, ada: Actor) -> None:
    post = await scene.theirs(await scene.remote("eve", "mastodon.example"))
    await like.bookmark(scene.node, ada, post.id)
    assert await scene.rows("SELECT post_id FROM bookmarks WHERE actor_id = :me", me=ada.id) == [post.id]
    await like.unbookmark(scene.node, ada, post.id)

    assert await scene.rows("SELECT post_id FROM bookmarks") == []
    assert await scene.sent() == []


async def test_only_ones_own_posts_are_pinned_and_five_at_most(scene: Scene, ada: Actor, ben: Actor) -> None:
    own = [await scene.write(ada, f"Number {n}") for n in range(6)]
    for held in own[:5]:
        await like.pin(scene.node, ada, held.id)

    with pytest.raises(Invalid, match="at most 5"):
        await like.pin(scene.node, ada, own[5].id)
    assert await scene.node.store.read(bookmarks.pinned_count, visible.SYSTEM, ada.id) == 5
    with pytest.raises(Invalid, match="your own"):
        await like.pin(scene.node, ben, own[0].id)
    await like.unpin(scene.node, ada, own[0].id)
    await like.pin(scene.node, ada, own[5].id)


async def test_a_muted_thread_tells_nothing(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread = await scene.write(ada, "Hello")
    answer = await scene.write(ben, "Hi", in_reply_to=thread.id)
    await like.mute_thread(scene.node, ada, answer.id)
    await scene.write(ben, "Again", in_reply_to=answer.id)
    await scene.write(ben, "And again", in_reply_to=thread.id)
    assert len(await scene.notices(ada)) == 1
    await like.unmute_thread(scene.node, ada, answer.id)
    await scene.write(ben, "At last", in_reply_to=thread.id)

    assert len(await scene.notices(ada)) == 2


async def test_what_cannot_be_seen_is_not_there(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "psst", audience="direct")

    for act in (like.like, like.unlike, like.bookmark, like.unbookmark, like.mute_thread):
        with pytest.raises(NotFound):
            await act(scene.node, ben, held.id)


async def test_likes_and_their_end_at_once_count_once(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "Hello")
    await asyncio.gather(like.like(scene.node, ben, held.id), like.like(scene.node, ben, held.id))
    assert (await scene.held(held.id)).likes_count == 1
    await asyncio.gather(like.unlike(scene.node, ben, held.id), like.unlike(scene.node, ben, held.id))

    assert (await scene.held(held.id)).likes_count == 0
