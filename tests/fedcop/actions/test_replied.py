"""What a reply does by its first word beside being one."""

from datetime import timedelta

from fedcop.actions import answer, follow_up, replied
from fedcop.actions.answer import Choice
from storage import answers, asks, posts, questions
from storage.actors import Actor
from storage.asks import Ask
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def held(scene: Scene, post_id: PostId) -> Ask:
    found = await scene.node.store.read(asks.find, SYSTEM, post_id)
    assert found is not None
    return found


async def asked_again(scene: Scene, ada: Actor, ben: Actor) -> tuple[Post, Post]:
    """Give an ask of ben's whose answer he was asked about, and the note that asked."""
    thread = await scene.write(ben, "@roads Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, ben, reply.id)
    await follow_up.ask_again(scene.node, thread.id)
    (note_id,) = await scene.rows("SELECT asked_again_by FROM asks")
    note = await scene.node.store.read(posts.find, SYSTEM, note_id)
    assert note is not None
    return thread, note


async def test_a_reply_to_an_answer_may_accept_it(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread = await scene.write(ben, "@roads Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    done = await replied.prepare(scene.node, ben, "Solved!", reply)
    assert isinstance(done, Choice)
    assert await replied.prepare(scene.node, ben, "Solved!", thread) is None
    assert await replied.prepare(scene.node, ben, "Solved!", None) is None
    assert await scene.node.store.read(answers.find, SYSTEM, reply.id) is None


async def test_a_private_reply_says_whether_it_helped(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread, note = await asked_again(scene, ada, ben)
    await scene.write(ben, "@ask Thank you", in_reply_to=note.id, audience="direct")
    assert (await held(scene, thread.id)).helped is None
    assert await scene.rows("SELECT helped_how FROM asks") == ["Thank you"]
    await scene.write(ben, "@ask Partly: the fee is new.", in_reply_to=note.id, audience="direct")
    assert (await held(scene, thread.id)).helped == "partly"
    assert await scene.rows("SELECT helped_how FROM asks") == ["the fee is new."]


async def test_what_is_said_about_it_is_no_question_to_ask(scene: Scene, ada: Actor, ben: Actor) -> None:
    _, note = await asked_again(scene, ada, ben)
    await scene.write(ben, "@ask It saved us a week.", in_reply_to=note.id, audience="direct")
    assert await scene.node.store.read(questions.due, 9) == []
    await scene.write(ben, "@ask Who has salt?", audience="direct")
    assert len(await scene.node.store.read(questions.due, 9)) == 1


async def test_what_is_said_too_long_is_cut(scene: Scene, ada: Actor, ben: Actor) -> None:
    _, note = await asked_again(scene, ada, ben)
    await scene.write(ben, "@ask yes " + "x" * 900, in_reply_to=note.id, audience="direct")
    assert await scene.rows("SELECT helped_how FROM asks") == ["x" * replied.LONGEST]


async def test_who_wants_no_such_question_gets_none(scene: Scene, ada: Actor, ben: Actor) -> None:
    _, note = await asked_again(scene, ada, ben)
    await scene.write(ben, "@ask stop", in_reply_to=note.id, audience="direct")
    other = await scene.write(ben, "@roads Who has salt?")
    reply = await scene.write(ada, "We have.", in_reply_to=other.id)
    await answer.accept(scene.node, ben, reply.id)
    later = scene.node.clock.now() + timedelta(days=60)
    assert await scene.node.store.read(answers.to_ask_again, later, 9) == []
