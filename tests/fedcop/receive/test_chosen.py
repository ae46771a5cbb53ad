"""PieFed's ChooseAnswer: whose it is to say, of what, and where."""

from typing import Any

import pytest

from fedcop.actions import answer
from storage import actors, answers, asks, communities
from storage.actors import Actor
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note


async def state(scene: Scene, uri: str) -> str | None:
    """Give the state of the ask of a thread that kent holds; None for none."""
    found = await scene.kent.post(uri)
    assert found is not None
    ask = await scene.kent.node.store.read(asks.find, SYSTEM, found.id)
    return ask.state if ask else None


async def is_accepted(scene: Scene, uri: str) -> bool:
    found = await scene.kent.post(uri)
    assert found is not None
    return await scene.kent.node.store.read(answers.find, SYSTEM, found.id) is not None


async def known(scene: Scene, uri: str) -> Actor:
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert found is not None
    return found


async def asked_by_sam(scene: Scene) -> tuple[str, str]:
    """Give an ask of sam's, of surrey, in kent's community, and ada's answer."""
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "sam")
    ask = note(scene.surrey, 1, "Which glue?", cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(ask))
    reply = await answered(scene, ask["id"])
    scene.lemmy.received.clear()
    return ask["id"], reply


async def answered(scene: Scene, uri: str) -> str:
    """Let ada answer a thread."""
    thread = await scene.kent.post(uri)
    assert thread is not None
    reply = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Bone.", in_reply_to=thread.id))
    await scene.network.settle()
    return reply


async def in_planning(scene: Scene, number: int = 1) -> tuple[str, dict[str, Any]]:
    """Give an ask of cal's in the community planning, of lemmy, and sam's answer, both passed on by it."""
    await scene.planning()
    uri = scene.lemmy.uri("planning")
    placed = {"audience": uri, "to": [uri, "as:Public"], "cc": []}
    page = note(scene.lemmy, number, "How?", attributedTo=scene.lemmy.uri("cal"), **placed)
    reply = note(scene.lemmy, number + 1, "So.", attributedTo=scene.lemmy.uri("pia"), **placed)
    reply |= {"inReplyTo": page["id"]}
    scene.lemmy.person("pia")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, number, create(page)))
    await scene.arrives(scene.lemmy, announced(scene.lemmy, number + 1, create(reply)))
    return page["id"], reply


async def test_who_asked_elsewhere_accepts_in_our_community_and_it_is_passed_on(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    choice = act(scene.surrey, "ChooseAnswer", 7, reply)
    await scene.arrives(scene.surrey, choice)
    assert (await state(scene, ask), await is_accepted(scene, reply)) == ("resolved", True)
    assert "update" in await scene.kent.told(scene.ada)
    (passed,) = scene.lemmy.sent("Announce")
    assert {key: passed["object"][key] for key in choice} == choice

    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 8, choice))
    assert (await state(scene, ask), await is_accepted(scene, reply)) == ("answered", False)
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["ChooseAnswer", "Undo"]


async def test_a_choice_counts_once_however_often_it_comes(scene: Scene) -> None:
    _, reply = await asked_by_sam(scene)
    for number in (7, 7, 9):
        await scene.arrives(scene.surrey, act(scene.surrey, "ChooseAnswer", number, reply))
    assert len(scene.lemmy.sent("Announce")) == 1
    assert (await scene.kent.told(scene.ada)).count("update") == 1


async def test_nobody_accepts_for_another(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "ChooseAnswer", 7, reply, by="bea"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "ChooseAnswer", 7, reply, by="cal"))
    assert (await state(scene, ask), scene.lemmy.sent("Announce")) == ("answered", [])


async def test_nobody_takes_back_what_another_accepted(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    choice = act(scene.surrey, "ChooseAnswer", 7, reply)
    await scene.arrives(scene.surrey, choice)
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 8, choice, by="bea"))
    own = act(scene.surrey, "ChooseAnswer", 9, reply, by="bea")
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 10, own, by="bea"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 11, choice, by="cal"))
    assert await state(scene, ask) == "resolved"


async def test_what_is_no_answer_of_the_thread_is_accepted_by_nobody(scene: Scene) -> None:
    ask, _ = await asked_by_sam(scene)
    alone = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Bone."))
    other = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "@makers Glue has come"))
    theirs = await answered(scene, other)
    for number, uri in enumerate((ask, alone, other, theirs, "https://kent.example/posts/1", scene.ada.uri)):
        await scene.arrives(scene.surrey, act(scene.surrey, "ChooseAnswer", 20 + number, uri))
    assert await state(scene, ask) == "answered"
    assert not await is_accepted(scene, theirs)


async def test_a_facilitator_elsewhere_accepts_in_our_community(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    cal, now = await known(scene, scene.lemmy.uri("cal")), scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    await scene.arrives(scene.lemmy, act(scene.lemmy, "ChooseAnswer", 7, reply, by="cal"))
    assert await state(scene, ask) == "resolved"


async def test_who_was_banned_accepts_nothing(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    sam, now = await known(scene, scene.surrey.uri("sam")), scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.ban, scene.makers.id, sam.id, by_actor=scene.fin.id, reason="", until=None, now=now
    )
    await scene.arrives(scene.surrey, act(scene.surrey, "ChooseAnswer", 7, reply))
    assert await state(scene, ask) == "answered"


async def test_a_community_elsewhere_says_what_was_accepted_in_it(scene: Scene) -> None:
    ask, reply = await in_planning(scene)
    choice = act(scene.lemmy, "ChooseAnswer", 7, reply["id"], by="cal")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 7, choice))
    assert await state(scene, ask) == "resolved"
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 8, act(scene.lemmy, "Undo", 8, choice, by="cal")))
    assert await state(scene, ask) == "answered"


async def test_its_bare_word_is_enough_for_its_own_threads_and_for_no_other(scene: Scene) -> None:
    ours, our_reply = await asked_by_sam(scene)
    ask, reply = await in_planning(scene)
    uri, placed = scene.lemmy.uri("planning"), {"audience": scene.lemmy.uri("planning")}
    by_bea = note(
        scene.surrey, 50, "So.", attributedTo=scene.surrey.uri("bea"), to=[uri, "as:Public"], **placed
    )
    scene.surrey.documents["/notes/50"] = by_bea | {"inReplyTo": ask}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 50, create(by_bea | {"inReplyTo": ask})))
    # Sam, of surrey, is said to have accepted; nothing but the word of the community speaks for it.
    await scene.arrives(
        scene.lemmy, announced(scene.lemmy, 51, act(scene.surrey, "ChooseAnswer", 51, our_reply))
    )
    assert await state(scene, ours) == "answered"
    await scene.arrives(
        scene.lemmy, announced(scene.lemmy, 52, act(scene.surrey, "ChooseAnswer", 52, reply["id"]))
    )
    assert await state(scene, ask) == "resolved", "no list of facilitators is held: its word is enough"


async def test_a_thread_that_is_no_ask_here_becomes_one_when_its_community_says_so(scene: Scene) -> None:
    await scene.planning()
    uri = scene.lemmy.uri("planning")
    placed = {"audience": uri, "to": [uri, "as:Public"], "cc": []}
    page = note(scene.lemmy, 1, "Glue does not hold", attributedTo=scene.lemmy.uri("cal"), **placed)
    reply = note(scene.lemmy, 2, "Bone.", attributedTo=scene.lemmy.uri("cal"), **placed)
    for number, one in ((1, page), (2, reply | {"inReplyTo": page["id"]})):
        await scene.arrives(scene.lemmy, announced(scene.lemmy, number, create(one)))
    assert await state(scene, page["id"]) is None
    choice = act(scene.lemmy, "ChooseAnswer", 7, reply["id"], by="cal")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 7, choice))
    assert await state(scene, page["id"]) == "resolved"


async def test_the_post_of_who_asked_here_says_so_when_another_accepts(scene: Scene) -> None:
    planning = await scene.planning()
    thread = await scene.kent.publish(scene.ada, "@planning@lemmy.example How?")
    await scene.network.settle()
    ask = await scene.kent.uri_of(thread)
    reply = note(
        scene.lemmy, 2, "So.", attributedTo=scene.lemmy.uri("cal"), audience=planning.uri, inReplyTo=ask
    )
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, create(reply)))
    choice = act(scene.lemmy, "ChooseAnswer", 7, reply["id"], by="cal")
    await scene.arrives(scene.lemmy, choice)
    assert await state(scene, ask) == "answered", "only in the community's Announce"
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 7, choice))
    assert await state(scene, ask) == "resolved"
    (update,) = scene.lemmy.sent("Update")
    assert reply["id"] in update["object"]["content"]


async def test_what_a_facilitator_here_asked_of_a_community_elsewhere_comes_back_decided(
    scene: Scene,
) -> None:
    ask, reply = await in_planning(scene)
    planning = await known(scene, scene.lemmy.uri("planning"))
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, planning.id, scene.fin.id, lead=False, now=now
    )
    held = await scene.kent.post(reply["id"])
    assert held is not None
    await answer.accept(scene.kent.node, scene.fin, PostId(held.id))
    await scene.network.settle()
    assert await state(scene, ask) == "answered"
    (choice,) = scene.lemmy.sent("ChooseAnswer")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 9, choice))
    assert await state(scene, ask) == "resolved"


@pytest.mark.parametrize("text", ["solved", "@ada Accept: bone it is"])
async def test_who_asks_from_a_plain_client_accepts_by_a_word_and_the_community_says_so(
    scene: Scene, text: str
) -> None:
    ask, reply = await asked_by_sam(scene)
    word = note(scene.surrey, 5, text, inReplyTo=reply, cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(word))
    assert (await state(scene, ask), await is_accepted(scene, reply)) == ("resolved", True)
    passed = [one["object"] for one in scene.lemmy.sent("Announce")]
    (choice,) = [one for one in passed if one["type"] == "ChooseAnswer"]
    assert (choice["actor"], choice["object"]) == (scene.makers.uri, reply)


async def test_the_word_of_anybody_else_accepts_nothing(scene: Scene) -> None:
    ask, reply = await asked_by_sam(scene)
    word = note(scene.surrey, 5, "solved", inReplyTo=reply, attributedTo=scene.surrey.uri("bea"))
    await scene.arrives(scene.surrey, create(word | {"cc": [scene.makers.uri]}))
    late = note(scene.surrey, 6, "solved", inReplyTo=ask, cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(late))
    assert await state(scene, ask) == "answered"
