"""What follows an accepted answer by itself."""

from datetime import timedelta

import pytest

from fedcop.actions import answer, follow_up, moderate
from fedcop.errors import Invalid, NotFound
from storage import answers, asks, posts
from storage.actors import Actor
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene

MASTODON = "https://mastodon.example/inbox"


async def resolved(scene: Scene, ada: Actor, asker: Actor) -> tuple[Post, Post]:
    """Give an ask with an accepted answer of ada's."""
    thread = await scene.write(asker, "@roads Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, asker, reply.id)
    return thread, reply


async def replies(scene: Scene, thread: Post) -> list[str]:
    return list(await scene.rows("SELECT content FROM posts WHERE parent_id = :id ORDER BY id", id=thread.id))


async def asked_elsewhere(scene: Scene, roads: Actor, software: str) -> Post:
    """Give an ask in roads by somebody whose node runs other software."""
    kind = "group" if software == "fedcop" else "plain"
    dee = await scene.remote("dee", "mastodon.example", kind=kind, software=software)
    return await scene.theirs(dee, community_id=roads.id, type="Page", title="Grit?", language="cy")


async def test_a_community_says_what_the_node_of_who_asked_does_not(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    thread = await asked_elsewhere(scene, roads, "mastodon")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, ada, reply.id)
    assert await scene.node.store.read(answers.to_say, scene.node.clock.now(), 9) == [thread.id]
    await scene.sent()
    for _ in range(2):
        await follow_up.say_resolved(scene.node, thread.id)
    said = [one for one in await replies(scene, thread) if "Datryswyd" in one]
    assert len(said) == 1
    assert f'href="{reply.url}"' in said[0]
    assert (MASTODON, "Create Note") in await scene.forms()
    assert await scene.node.store.read(answers.to_say, scene.node.clock.now(), 9) == []
    held = await scene.node.store.read(asks.find, SYSTEM, thread.id)
    assert held is not None
    assert held.state == "resolved"


async def test_who_asked_at_fedcop_needs_no_such_note(scene: Scene, ada: Actor, roads: Actor) -> None:
    thread = await asked_elsewhere(scene, roads, "fedcop")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, ada, reply.id)
    assert await scene.node.store.read(answers.to_say, scene.node.clock.now(), 9) == []


async def test_in_a_locked_thread_nothing_more_is_said(scene: Scene, ada: Actor, roads: Actor) -> None:
    thread = await asked_elsewhere(scene, roads, "mastodon")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, ada, reply.id)
    await moderate.lock(scene.node, ada, thread.id)
    await follow_up.say_resolved(scene.node, thread.id)
    assert len(await replies(scene, thread)) == 1
    assert await scene.node.store.read(answers.to_say, scene.node.clock.now(), 9) == []


async def test_who_asked_here_is_asked_once_whether_it_helped(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread, _ = await resolved(scene, ada, ben)
    later = scene.node.clock.now() + timedelta(days=30)
    for _ in range(2):
        await follow_up.ask_again(scene.node, thread.id)
    assert await scene.node.store.read(answers.to_ask_again, later, 9) == []
    notes = await scene.rows("SELECT id FROM posts WHERE audience = 'direct'")
    assert len(notes) == 1
    note = await scene.node.store.read(posts.find, SYSTEM, PostId(notes[0]))
    assert note is not None
    assert "Did it help?" in note.content
    assert thread.url in note.content
    assert "mention" in [one.type for one in await scene.notices(ben)]


async def test_what_became_of_it_is_kept(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread, _ = await resolved(scene, ada, ben)
    with pytest.raises(NotFound, match="not asked"):
        await follow_up.helped(scene.node, ben, thread.id, "yes", "")
    await follow_up.ask_again(scene.node, thread.id)
    with pytest.raises(NotFound):
        await follow_up.helped(scene.node, ada, thread.id, "yes", "")
    with pytest.raises(Invalid, match="one of yes"):
        await follow_up.helped(scene.node, ben, thread.id, "perhaps", "")
    with pytest.raises(Invalid, match="500"):
        await follow_up.helped(scene.node, ben, thread.id, "yes", "x" * 501)
    await follow_up.helped(scene.node, ben, thread.id, "no", " It was for lorries. ")
    held = await scene.node.store.read(asks.find, SYSTEM, thread.id)
    assert held is not None
    assert held.helped == "no"
    assert await scene.rows("SELECT helped_how FROM asks") == ["It was for lorries."]
