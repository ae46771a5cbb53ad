"""What people here do in a community elsewhere: said to that community, which passes it on."""

from typing import Any

import pytest

from fedcop.actions import (
    answer,
    describe,
    facilitate,
    follow,
    join,
    like,
    moderate,
    own_post,
    post,
    report,
    vote,
)
from fedcop.actions.describe import Description
from fedcop.actions.draft import Draft
from fedcop.errors import NotPermitted
from storage.actors import Actor
from storage.posts import Post
from tests.federation_matrix.scene import (
    Scene,
    accepted,
    act,
    facilitator,
    held,
    known,
    last,
    our_thread,
    page,
)
from tests.federation_matrix.table import OUT_GUEST, cell

PLANNING = "@planning@lemmy.example"


async def member(scene: Scene) -> Actor:
    """Let ada be a member of planning and facilitate it, and let surrey hold nothing yet."""
    planning = await scene.planning()
    await facilitator(scene, scene.ada.uri, planning)
    return planning


async def said(scene: Scene, *types: str) -> dict[str, Any]:
    """Give the last of what planning's node was told, which after the first Follow is all of these."""
    await scene.network.settle()
    assert [one["type"] for one in scene.lemmy.received[1:]] == list(types)
    told = scene.lemmy.received[-1]
    assert told["actor"] == scene.ada.uri
    return told


async def theirs(scene: Scene, planning: Actor) -> Post:
    """Give a thread of cal's in planning."""
    return await held(scene, (await page(scene, planning))["id"])


@cell("Create Page", OUT_GUEST)
async def test_to_the_community_with_a_proof(scene: Scene) -> None:
    planning = await member(scene)
    await our_thread(scene, PLANNING)
    told = await said(scene, "Create")
    assert (told["object"]["type"], told["object"]["audience"]) == ("Page", planning.uri)
    assert "proof" in told
    assert scene.surrey.received == []


@cell("Create Note (reply)", OUT_GUEST)
async def test_to_the_community_and_whom_it_answers(scene: Scene) -> None:
    planning = await member(scene)
    thread = await theirs(scene, planning)
    await scene.kent.publish(scene.ada, "@cal@lemmy.example Like so", in_reply_to=thread.id)
    told = await said(scene, "Create")
    assert (told["object"]["inReplyTo"], told["object"]["audience"]) == (thread.uri, planning.uri)


@cell("Update Page, Note", OUT_GUEST)
async def test_an_edit_to_the_community(scene: Scene) -> None:
    await member(scene)
    ours = await our_thread(scene, PLANNING)
    await post.edit(scene.kent.node, scene.ada, ours.id, Draft(text=f"Which glue?\n\n{PLANNING} For metal."))
    told = await said(scene, "Create", "Update")
    assert told["object"]["updated"] > told["object"]["published"]


@cell("Update Group", OUT_GUEST)
async def test_the_whole_document_changed_by_a_facilitator(scene: Scene) -> None:
    planning = await member(scene)
    with pytest.raises(NotPermitted):
        await describe.describe(scene.kent.node, scene.fin, planning, Description(name="Plans"))
    await describe.describe(scene.kent.node, scene.ada, planning, Description(name="Plans", summary="All"))
    told = await said(scene, "Update")
    document = scene.lemmy.documents["/users/planning"]
    assert (told["object"]["name"], told["object"]["summary"]) == ("Plans", "<p>All</p>")
    assert told["object"]["publicKey"] == document["publicKey"]
    assert (await known(scene, planning.uri)).display_name == "Planning", "its node decides"


@cell("Delete by the author", OUT_GUEST)
async def test_to_the_community_without_a_reason(scene: Scene) -> None:
    await member(scene)
    ours = await our_thread(scene, PLANNING)
    await own_post.delete(scene.kent.node, scene.ada, ours.id)
    told = await said(scene, "Create", "Delete")
    assert (told["object"], told.get("summary")) == (ours.uri, None)


@cell("Delete by a facilitator", OUT_GUEST)
async def test_asked_of_the_community_with_a_reason_and_done_when_it_says_so(scene: Scene) -> None:
    thread = await theirs(scene, await member(scene))
    await moderate.remove_post(scene.kent.node, scene.ada, thread.id)
    told = await said(scene, "Delete")
    assert (told["object"], told["summary"]) == (thread.uri, "")
    assert (await held(scene, thread.uri)).removed_at is None
    await scene.arrives(
        scene.lemmy, {**act(scene.lemmy, "Announce", 9, told, by="planning"), "to": ["as:Public"]}
    )
    assert (await held(scene, thread.uri)).removed_at is not None


@cell("Undo Delete", OUT_GUEST)
async def test_asked_of_the_community(scene: Scene) -> None:
    thread = await theirs(scene, await member(scene))
    await moderate.remove_post(scene.kent.node, scene.ada, thread.id)
    removal = await said(scene, "Delete")
    announce = act(scene.lemmy, "Announce", 9, removal, by="planning", to=["as:Public"])
    await scene.arrives(scene.lemmy, announce)
    await moderate.restore_post(scene.kent.node, scene.ada, thread.id)
    told = await said(scene, "Delete", "Undo")
    assert (told["object"]["type"], told["object"]["object"], told["object"]["summary"]) == (
        "Delete", thread.uri, "",
    )  # fmt: skip
    assert (await held(scene, thread.uri)).removed_at is not None
    await scene.arrives(scene.lemmy, announce | {"id": f"{announce['id']}/undo", "object": told})
    assert (await held(scene, thread.uri)).removed_at is None


@cell("Like, Undo Like", OUT_GUEST)
async def test_to_author_and_community_with_the_like_embedded_in_its_undo(scene: Scene) -> None:
    thread = await theirs(scene, await member(scene))
    await like.like(scene.kent.node, scene.ada, thread.id)
    await like.unlike(scene.kent.node, scene.ada, thread.id)
    told = await said(scene, *["Like"] * 2, *["Undo"] * 2)  # each has an inbox of its own
    assert (told["object"]["type"], told["object"]["object"]) == ("Like", thread.uri)


@cell("Lock, Undo Lock", OUT_GUEST)
async def test_asked_of_the_community_by_a_facilitator_here(scene: Scene) -> None:
    thread = await theirs(scene, await member(scene))
    await moderate.lock(scene.kent.node, scene.ada, thread.id)
    await moderate.unlock(scene.kent.node, scene.ada, thread.id)
    told = await said(scene, "Lock", "Undo")
    assert (told["object"]["type"], told["object"]["object"]) == ("Lock", thread.uri)
    assert not (await held(scene, thread.uri)).locked


@cell("ChooseAnswer, Undo ChooseAnswer", OUT_GUEST)
async def test_only_asked_of_the_community_by_a_facilitator_here(scene: Scene) -> None:
    planning = await member(scene)
    thread = await theirs(scene, planning)
    reply = await held(scene, (await page(scene, planning, 2, inReplyTo=thread.uri))["id"])
    await answer.accept(scene.kent.node, scene.ada, reply.id)
    told = await said(scene, "ChooseAnswer")
    assert (told["object"], told["cc"]) == (reply.uri, [planning.uri])
    assert not await accepted(scene, reply.uri)
    await scene.arrives(
        scene.lemmy, {**act(scene.lemmy, "Announce", 9, told, by="planning"), "to": ["as:Public"]}
    )
    assert await accepted(scene, reply.uri)


@cell("Add, Remove featured", OUT_GUEST)
async def test_pins_asked_of_the_community(scene: Scene) -> None:
    planning = await member(scene)
    thread = await theirs(scene, planning)
    await moderate.pin(scene.kent.node, scene.ada, thread.id)
    await moderate.unpin(scene.kent.node, scene.ada, thread.id)
    told = await said(scene, "Add", "Remove")
    assert (told["object"], told["target"]) == (thread.uri, planning.featured_uri)


@cell("Add, Remove facilitators", OUT_GUEST)
async def test_never_asked_from_afar(scene: Scene) -> None:
    planning = await member(scene)
    for change in (facilitate.appoint, facilitate.dismiss, facilitate.hand_over):
        with pytest.raises(NotPermitted):
            await change(scene.kent.node, scene.ada, planning, scene.fin)
    await scene.network.settle()
    assert len(scene.lemmy.received) == 1


@cell("Block, Undo Block", OUT_GUEST)
async def test_a_ban_asked_of_the_community(scene: Scene) -> None:
    planning = await member(scene)
    cal = await known(scene, (await page(scene, planning))["attributedTo"])
    await moderate.ban(scene.kent.node, scene.ada, planning, cal, reason="Spam", remove_posts=True)
    await moderate.unban(scene.kent.node, scene.ada, planning, cal)
    told = await said(scene, "Block", "Undo")
    assert (told["object"]["object"], told["object"]["target"]) == (cal.uri, planning.uri)
    assert (await held(scene, f"{scene.lemmy.base}/notes/1")).removed_at is None


@cell("Flag", OUT_GUEST)
async def test_to_the_communitys_and_the_authors_host_without_the_reporters_name(scene: Scene) -> None:
    planning = await member(scene)
    thread = await theirs(scene, planning)
    cal = await known(scene, scene.lemmy.uri("cal"))
    await report.report(scene.kent.node, scene.ada, cal, post_ids=[thread.id], comment="Rude", forward=True)
    await scene.network.settle()
    flags = scene.lemmy.sent("Flag")
    assert sorted(str(one["object"]) for one in flags) == sorted([str([cal.uri, thread.uri]), thread.uri])
    assert [planning.uri] in [one["to"] for one in flags]
    assert {one["actor"] for one in flags} == {scene.kent.node.uris.actor}
    assert scene.ada.uri not in str(flags)


@cell("Create Note (vote)", OUT_GUEST)
async def test_to_the_polls_author_and_not_to_the_community(scene: Scene) -> None:
    planning = await member(scene)
    options = [{"type": "Note", "name": "Tea"}, {"type": "Note", "name": "Coffee"}]
    poll = await page(scene, planning, oneOf=options, endTime="2026-03-03T12:00:00Z")
    document = poll | {"type": "Question", "id": f"{scene.lemmy.base}/notes/2"}
    made = {
        "id": "https://lemmy.example/c/2",
        "type": "Create",
        "actor": scene.lemmy.uri("cal"),
        "object": document,
    }
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Announce", 2, made, by="planning", to=["as:Public"]))
    await vote.vote(scene.kent.node, scene.ada, (await held(scene, document["id"])).id, [0])
    told = await said(scene, "Create")
    assert (told["object"]["name"], told["to"]) == ("Tea", [scene.lemmy.uri("cal")])


@cell("Follow", OUT_GUEST)
async def test_a_wish_to_join_to_the_community(scene: Scene) -> None:
    planning = await scene.planning()
    (asked,) = scene.lemmy.sent("Follow")
    assert (asked["actor"], asked["object"], asked["to"]) == (scene.ada.uri, planning.uri, [planning.uri])
    assert "proof" not in asked


@cell("Accept, Reject of a Follow", OUT_GUEST)
async def test_of_people_here_and_none_for_a_community_elsewhere(scene: Scene) -> None:
    await member(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Follow", 5, scene.ada.uri, by="cal"))
    assert last(scene, "Accept")["actor"] == scene.ada.uri
    await follow.remove_follower(scene.kent.node, scene.ada, await known(scene, scene.lemmy.uri("cal")))
    await scene.network.settle()
    assert last(scene, "Reject")["object"]["actor"] == scene.lemmy.uri("cal")


@cell("Undo Follow", OUT_GUEST)
async def test_leaving_with_the_follow_embedded(scene: Scene) -> None:
    planning = await scene.planning()
    await follow.unfollow(scene.kent.node, scene.ada, planning)
    told = await said(scene, "Undo")
    (asked,) = scene.lemmy.sent("Follow")
    assert {key: told["object"][key] for key in ("id", "type", "actor", "object")} == {
        key: asked[key] for key in ("id", "type", "actor", "object")
    }


@cell("Offer of a Follow, its answer", OUT_GUEST)
async def test_the_decision_of_a_facilitator_here_with_the_offer_echoed(scene: Scene) -> None:
    planning = await member(scene)
    for number, (name, accept) in enumerate((("sam", True), ("bea", False))):
        wish = act(scene.surrey, "Follow", 5 + number, planning.uri, by=name)
        offer = act(scene.lemmy, "Offer", 15 + number, wish, by="planning", to=[scene.ada.uri])
        await scene.arrives(scene.lemmy, offer)
        requester = await known(scene, scene.surrey.uri(name))
        await join.decide(scene.kent.node, scene.ada, requester.id, accept=accept)
    told = await said(scene, "Accept", "Reject")
    assert (told["type"], told["object"]["id"], told["to"]) == ("Reject", offer["id"], [planning.uri])
    assert "follow_request" not in await scene.kent.told(scene.ada)
