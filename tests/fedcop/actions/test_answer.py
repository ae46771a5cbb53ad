"""Accepting answers: who may, what goes out, and what the post of the asker says."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop.actions import answer, like, moderate, post
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import answers, asks, communities, posts, views
from storage.actors import Actor
from storage.asks import Ask
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def held(scene: Scene, post_id: PostId) -> Ask:
    found = await scene.node.store.read(asks.find, SYSTEM, post_id)
    assert found is not None
    return found


async def asked(scene: Scene, ada: Actor, ben: Actor) -> tuple[Post, Post]:
    """Let ben ask, and ada, who facilitates, answer."""
    thread = await scene.write(ben, "@roads Who has grit?\n\nOurs is gone.")
    return thread, await scene.write(ada, "We have.", in_reply_to=thread.id)


def documents(sent: Any, kind: str) -> list[Any]:
    """Give what was sent of a type, passed on or not."""
    found = [one.document for one in sent]
    inner = [one["object"] for one in found if one["type"] == "Announce" and isinstance(one["object"], dict)]
    return [one for one in (*found, *inner) if one["type"] == kind]


async def test_who_asked_accepts_and_everybody_is_told(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    thread, reply = await asked(scene, ada, ben)
    await scene.sent()
    await answer.accept(scene.node, ben, reply.id)
    assert (await held(scene, thread.id)).accepted_id == reply.id
    sent = await scene.sent()
    assert {one.inbox for one in sent} == {LEMMY}
    (choice,) = documents(sent, "ChooseAnswer")
    assert (choice["actor"], choice["object"], choice["audience"]) == (ben.uri, reply.uri, roads.uri)
    assert choice["cc"] == [roads.uri]
    assert choice["proof"]["type"] == "DataIntegrityProof"
    update = documents(sent, "Update")[0]
    shown = update["object"]
    assert f'Resolved: <a href="{reply.url}"' in shown["content"]
    assert shown["summary"].startswith(f"Resolved: {reply.url}\n")
    assert shown["updated"] > shown["published"]
    assert (await scene.notices(ada))[0].type == "update"


async def test_an_accepted_answer_is_accepted_once(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    _, reply = await asked(scene, ada, ben)
    await answer.accept(scene.node, ben, reply.id)
    await scene.sent()
    await answer.accept(scene.node, ben, reply.id)
    await answer.accept(scene.node, ada, reply.id)
    assert await scene.sent() == []


async def test_what_is_taken_back_is_said_no_more(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    thread, reply = await asked(scene, ada, ben)
    other = await scene.write(ada, "And so have others.", in_reply_to=reply.id)
    await answer.accept(scene.node, ben, reply.id)
    await answer.accept(scene.node, ben, other.id)
    (first, _) = [one for one in documents(await scene.sent(), "ChooseAnswer")][:2]
    await answer.take_back(scene.node, ben, reply.id)
    sent = await scene.sent()
    (undo,) = documents(sent, "Undo")
    assert (undo["object"]["type"], undo["object"]["id"]) == ("ChooseAnswer", first["id"])
    assert f'href="{other.url}"' in documents(sent, "Update")[0]["object"]["content"]
    await answer.take_back(scene.node, ben, other.id)
    assert "Resolved" not in documents(await scene.sent(), "Update")[0]["object"]["content"]
    assert (await held(scene, thread.id)).state == "answered"
    await answer.take_back(scene.node, ben, other.id)
    assert await scene.sent() == []


async def test_a_facilitator_accepts_for_who_asked(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread = await scene.write(ben, "@roads Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await answer.accept(scene.node, ada, reply.id)
    found = await scene.node.store.read(answers.find, SYSTEM, reply.id)
    assert found is not None
    assert found.by_actor == ada.id


async def test_nobody_else_accepts(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    thread, reply = await asked(scene, ada, ben)
    for one in (reply, await scene.write(cat, "So have we.", in_reply_to=thread.id)):
        with pytest.raises(NotPermitted, match="only who asked"):
            await answer.accept(scene.node, cat, one.id)
        with pytest.raises(NotPermitted):
            await answer.take_back(scene.node, cat, one.id)
    assert (await held(scene, thread.id)).state == "answered"


async def test_only_a_reply_in_a_thread_of_a_community_is_accepted(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    thread = await scene.write(ben, "@roads Who has grit?")
    alone = await scene.write(ben, "Who has grit?")
    outside = await scene.write(ada, "We have.", in_reply_to=alone.id)
    hidden = await scene.write(ada, "@cat We have.", in_reply_to=thread.id, audience="direct")
    for one in (thread, alone, outside):
        with pytest.raises(Invalid, match="only a reply"):
            await answer.accept(scene.node, ben, one.id)
    for post_id in (hidden.id, PostId(1)):
        with pytest.raises(NotFound):
            await answer.accept(scene.node, ben, post_id)


async def test_who_was_banned_accepts_nothing(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    _, reply = await asked(scene, ada, ben)
    await moderate.ban(scene.node, ada, roads, ben, reason="Spam")
    with pytest.raises(NotPermitted, match="banned"):
        await answer.accept(scene.node, ben, reply.id)


async def test_who_is_no_facilitator_any_more_writes_nothing(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    now = scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, roads.id, cat.id, lead=False, now=now)
    _, reply = await asked(scene, ada, ben)
    case = await scene.node.store.read(answer.case_of, reply.id)
    assert case is not None
    made = await answer.choice(scene.node, cat, case, uri=None, accepts=True)
    await scene.node.store.write(communities.remove_facilitator, roads.id, cat.id)
    with pytest.raises(NotPermitted):
        await scene.node.store.write(answer.decide, scene.node, made)
    assert await scene.node.store.read(answers.find, SYSTEM, reply.id) is None


@pytest.mark.parametrize("text", ["@ada Solved: thank you", "accept", "Datryswyd!"])
async def test_a_reply_to_an_answer_accepts_it_by_its_first_word(
    scene: Scene, ada: Actor, ben: Actor, text: str
) -> None:
    thread, reply = await asked(scene, ada, ben)
    said = await scene.write(ben, text, in_reply_to=reply.id)
    assert said.content != ""
    found = await scene.node.store.read(answers.find, SYSTEM, reply.id)
    assert found is not None
    assert (found.by_actor, (await held(scene, thread.id)).state) == (ben.id, "resolved")


async def test_other_replies_accept_nothing(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    thread, reply = await asked(scene, ada, ben)
    await scene.write(cat, "Solved!", in_reply_to=reply.id)
    await scene.write(ben, "Solved it by asking Devon.", in_reply_to=reply.id)
    await scene.write(ben, "Solved!", in_reply_to=thread.id)
    assert (await held(scene, thread.id)).state == "answered"


async def test_a_favourite_accepts_nothing(scene: Scene, ada: Actor, ben: Actor) -> None:

    thread, reply = await asked(scene, ada, ben)
    await like.like(scene.node, ben, reply.id)
    assert (await held(scene, thread.id)).state == "answered"


async def test_a_later_edit_keeps_what_became_of_an_ask(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    thread, reply = await asked(scene, ada, ben)
    await answer.accept(scene.node, ben, reply.id)
    await scene.sent()
    await post.edit(scene.node, ben, thread.id, post.Draft(text="@roads Who has grit?\n\nOurs is all gone."))
    shown = documents(await scene.sent(), "Update")[0]["object"]
    assert "all gone" in shown["content"]
    assert f'href="{reply.url}"' in shown["content"]


async def test_a_facilitator_of_a_community_elsewhere_only_says_so(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    theirs = await scene.remote("planning", "lemmy.example", type="Group")
    await scene.node.store.write(
        communities.add_facilitator, theirs.id, ada.id, lead=False, now=scene.node.clock.now()
    )
    dee = await scene.remote("dee", "lemmy.example")
    thread = await scene.theirs(dee, community_id=theirs.id, type="Page", title="Grit?")
    reply = await scene.write(ben, "We have.", in_reply_to=thread.id)
    await scene.sent()
    await answer.accept(scene.node, ada, reply.id)
    assert [(one.inbox, one.form) for one in await scene.sent()] == [(LEMMY, "ChooseAnswer")]
    assert await scene.node.store.read(answers.find, SYSTEM, reply.id) is None


async def test_who_asks_here_in_a_community_elsewhere_accepts_at_once(scene: Scene, ben: Actor) -> None:
    theirs = await scene.remote("planning", "lemmy.example", type="Group")
    dee = await scene.remote("dee", "mastodon.example", kind="plain", software="mastodon")
    thread = await scene.write(ben, "@planning@lemmy.example Who has grit?")
    reply = await scene.theirs(
        dee,
        community_id=theirs.id,
        in_reply_to=thread.uri,
        parent_id=thread.id,
        root_id=thread.id,
    )
    await scene.sent()
    await answer.accept(scene.node, ben, reply.id)
    forms = await scene.forms()
    # Who answered hears of it, member or not; the community passes it on itself.
    assert (LEMMY, "ChooseAnswer") in forms
    assert (MASTODON, "ChooseAnswer") in forms
    assert (LEMMY, "Update Page") in forms
    assert (await held(scene, thread.id)).state == "resolved"


async def test_in_a_closed_community_only_its_members_nodes_are_told(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    closed = await scene.community("inner", ada, visibility="members", join_mode="approval")
    for one in (ben, await scene.remote("dee", "lemmy.example")):
        await scene.joined(one, closed)
    thread = await scene.write(ben, "@inner Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=thread.id)
    await scene.sent()
    await answer.accept(scene.node, ben, reply.id)
    sent = await scene.sent()
    assert {one.inbox for one in sent} == {LEMMY}
    assert all("Public" not in str(one.body) for one in sent)


async def test_an_answer_is_asked_about_after_thirty_days(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread, reply = await asked(scene, ada, ben)
    await answer.accept(scene.node, ben, reply.id)
    later = scene.node.clock.now() + timedelta(days=30)
    assert await scene.node.store.read(answers.to_ask_again, later, 9) == [thread.id]
    assert await scene.node.store.read(answers.to_say, later, 9) == []


async def test_the_post_reads_as_edited_and_its_text_stays(scene: Scene, ada: Actor, ben: Actor) -> None:
    thread, reply = await asked(scene, ada, ben)
    await answer.accept(scene.node, ben, reply.id)
    found = await scene.node.store.read(posts.find, SYSTEM, thread.id)
    assert found is not None
    assert (found.content, found.source) == (thread.content, thread.source)
    assert found.edited_at is not None
    view = await scene.node.store.read(views.post_view, SYSTEM, thread.id)
    assert view is not None
    assert view.ask is not None
    assert view.ask.accepted_url == reply.url
