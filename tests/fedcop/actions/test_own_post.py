"""Deleting a post of one's own: it is gone here, and taken back everywhere."""

import pytest

from fedcop.actions import own_post
from fedcop.errors import NotFound
from storage import activities, copies, posts, tombstones, visible
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_post import LEMMY, MASTODON, peer_member


async def test_a_deleted_post_is_gone_here_and_taken_back_everywhere(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    await peer_member(scene, roads)
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), roads)
    thread = await scene.write(ada, "@roads Hello")
    sent = await scene.sent()
    plain = next(one.document for one in sent if one.inbox == MASTODON)
    await scene.delivered()
    # Mastodon got only the id, and fetched the post.
    await scene.node.store.write(copies.fetched, thread.uri, "mastodon.example")
    await own_post.delete(scene.node, ada, thread.id)

    sent = await scene.sent()
    assert sorted((one.inbox, one.form) for one in sent) == [
        (LEMMY, "Announce Delete"),
        (LEMMY, "Delete"),
        (MASTODON, "Delete"),
        (MASTODON, "Undo Announce"),
    ]
    undo = next(one.document for one in sent if one.form == "Undo Announce")
    assert undo["object"]["id"] == plain["id"]
    gone = await scene.held(thread.id)
    assert (gone.content, gone.title, gone.removed_at is not None) == ("", "", True)
    assert await scene.node.store.read(tombstones.is_dead, thread.uri, ada.uri)


async def test_the_text_of_a_deleted_post_is_kept_nowhere(scene: Scene, ada: Actor) -> None:
    thread = await scene.write(ada, "@roads Secret text")
    await own_post.delete(scene.node, ada, thread.id)

    kept = await scene.node.store.read(activities.of_post, thread.id)
    assert [one.type for one in kept] == ["Delete"]
    assert not any(b"Secret" in body for body in await scene.rows("SELECT body FROM bodies"))


async def test_a_deleted_post_is_deleted_once(scene: Scene, ada: Actor) -> None:
    held = await scene.write(ada, "Hello")
    await own_post.delete(scene.node, ada, held.id)

    with pytest.raises(NotFound):
        await own_post.delete(scene.node, ada, held.id)


async def test_an_answer_to_what_is_deleted_is_refused(scene: Scene, ada: Actor) -> None:
    held = await scene.write(ada, "Hello")
    await own_post.delete(scene.node, ada, held.id)

    with pytest.raises(NotFound):
        await scene.write(ada, "More", in_reply_to=held.id)
    assert await scene.node.store.read(posts.find, visible.SYSTEM, held.id) is not None
