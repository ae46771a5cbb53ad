"""What people here do in a community of ours, as members' nodes get it."""

from datetime import timedelta

import pytest

from fedcop.actions import answer, describe, facilitate, follow, like, moderate, own_post, post, report, vote
from fedcop.actions.describe import Description
from fedcop.actions.draft import Draft
from fedcop.errors import NotFound
from storage import follows
from tests.federation_matrix.scene import (
    Scene,
    act,
    create,
    facilitator,
    held,
    known,
    last,
    members,
    note,
    our_thread,
    plain,
    thread,
    wrapped,
)
from tests.federation_matrix.table import OUT_HOST, cell


@cell("Create Page", OUT_HOST)
async def test_whole_and_proved_to_group_peers_and_by_its_id_to_plain_ones(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    made = last(scene, "Announce")["object"]
    assert (made["type"], made["object"]["type"], made["object"]["name"]) == ("Create", "Page", "Which glue?")
    assert "proof" in made
    assert made["object"]["audience"] == scene.makers.uri
    assert [one["object"] for one in scene.surrey.sent("Announce")] == [ours.uri]


@cell("Create Note (reply)", OUT_HOST)
async def test_whole_to_group_peers_and_straight_to_whom_it_answers(scene: Scene) -> None:
    await members(scene)
    uri = await thread(scene)
    theirs = await held(scene, uri)
    await scene.kent.publish(scene.ada, "@sam@surrey.example Wood glue", in_reply_to=theirs.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Create"]
    assert last(scene, "Announce")["object"]["object"]["type"] == "Note"
    assert plain(scene) == ["Announce", "Create"]


@cell("Update Page, Note", OUT_HOST)
async def test_whole_to_group_peers_and_by_the_author_to_whoever_holds_it(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    await post.edit(scene.kent.node, scene.ada, ours.id, Draft(text="Which glue?\n\n@makers For metal."))
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Update"]
    assert plain(scene) == ["Announce", "Update"]
    assert scene.surrey.sent("Update")[0]["actor"] == scene.ada.uri


@cell("Update Group", OUT_HOST)
async def test_by_the_facilitator_whole_and_by_the_group_itself_to_plain_ones(scene: Scene) -> None:
    await members(scene)
    await describe.describe(scene.kent.node, scene.fin, scene.makers, Description(summary="Glue and nails"))
    await scene.network.settle()
    whole, direct = last(scene, "Announce")["object"], scene.surrey.sent("Update")[0]
    assert (whole["type"], whole["actor"], direct["actor"]) == ("Update", scene.fin.uri, scene.makers.uri)
    assert whole["object"]["summary"] == direct["object"]["summary"] == "<p>Glue and nails</p>"
    assert whole["object"]["inbox"] == scene.makers.inbox
    assert scene.lemmy.sent("Update") == []


@cell("Delete by the author", OUT_HOST)
async def test_whole_to_group_peers_with_the_undo_of_the_announce_and_to_whoever_holds_it(
    scene: Scene,
) -> None:
    await members(scene)
    ours = await our_thread(scene)
    await own_post.delete(scene.kent.node, scene.ada, ours.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Delete"]
    assert sorted(plain(scene)) == ["Announce", "Delete", "Undo"]
    assert "summary" not in last(scene, "Announce")["object"], "by it Lemmy knows a removal"


@cell("Delete by a facilitator", OUT_HOST)
async def test_with_a_reason_and_no_followers_home_holds_it(scene: Scene) -> None:
    await members(scene)
    uri = await thread(scene)
    ours = await our_thread(scene)
    for removed in (await held(scene, uri), ours):
        await moderate.remove_post(scene.kent.node, scene.fin, removed.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Create", "Delete", "Delete"]
    assert last(scene, "Announce")["object"]["summary"] == ""
    # Both Announces are taken back; of the post by an author of ours its node says so as well.
    assert sorted(plain(scene)) == ["Announce", "Announce", "Delete", "Undo", "Undo"]
    assert scene.surrey.sent("Delete")[0]["object"] == ours.uri
    assert scene.lemmy.sent("Delete") == []


@cell("Undo Delete", OUT_HOST)
async def test_whole_to_group_peers_and_announced_anew_to_plain_ones(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    await moderate.remove_post(scene.kent.node, scene.fin, ours.id, reason="Advert")
    await moderate.restore_post(scene.kent.node, scene.fin, ours.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Delete", "Undo Delete"]
    announces, (undo,) = scene.surrey.sent("Announce"), scene.surrey.sent("Undo")
    assert [one["object"] for one in announces] == [ours.uri, ours.uri]
    assert undo["object"]["id"] == announces[0]["id"] != announces[1]["id"]
    back = await held(scene, ours.uri)
    assert (back.title, back.content, back.source) == (ours.title, ours.content, ours.source)
    assert len(await scene.kent.home(scene.ada)) == 1
    # The next removal takes the new Announce back.
    await moderate.remove_post(scene.kent.node, scene.fin, ours.id)
    await scene.network.settle()
    assert scene.surrey.sent("Undo")[1]["object"]["id"] == announces[1]["id"]


@cell("Like, Undo Like", OUT_HOST)
async def test_whole_to_group_peers_and_to_the_author(scene: Scene) -> None:
    await members(scene)
    theirs = await held(scene, await thread(scene))
    await like.like(scene.kent.node, scene.ada, theirs.id)
    await like.unlike(scene.kent.node, scene.ada, theirs.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Like", "Undo Like"]
    assert plain(scene) == ["Announce", "Like", "Undo"]


@cell("Dislike, Undo Dislike", OUT_HOST)
async def test_of_members_elsewhere_passed_on_as_it_came(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    dislike = act(scene.surrey, "Dislike", 1, ours.uri)
    await scene.arrives(scene.surrey, dislike)
    passed = last(scene, "Announce")["object"]
    assert {key: passed[key] for key in dislike} == dislike


@cell("Lock, Undo Lock", OUT_HOST)
async def test_of_threads_and_replies_whole_to_group_peers(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    reply = create(note(scene.surrey, 2, "Wood glue", inReplyTo=ours.uri))
    await scene.arrives(scene.surrey, reply)
    for uri in (ours.uri, reply["object"]["id"]):
        await moderate.lock(scene.kent.node, scene.fin, (await held(scene, uri)).id, reason="Answered")
        await moderate.unlock(scene.kent.node, scene.fin, (await held(scene, uri)).id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Create", "Lock", "Undo Lock", "Lock", "Undo Lock"]
    assert plain(scene) == ["Announce"]


@cell("ChooseAnswer, Undo ChooseAnswer", OUT_HOST)
async def test_by_who_asked_whole_to_group_peers_and_shown_in_the_post(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    reply = create(note(scene.surrey, 2, "Bone", inReplyTo=ours.uri))
    await scene.arrives(scene.surrey, reply)
    answered = await held(scene, reply["object"]["id"])
    await answer.accept(scene.kent.node, scene.ada, answered.id)
    await scene.network.settle()
    assert answered.uri in last(scene, "Announce")["object"]["object"]["content"]
    await answer.take_back(scene.kent.node, scene.ada, answered.id)
    await scene.network.settle()
    assert wrapped(scene) == [
        "Create", "Create", "ChooseAnswer", "Update", "Undo ChooseAnswer", "Update",
    ]  # fmt: skip
    assert "ChooseAnswer" in plain(scene), "who answered is told, whatever runs there"


@cell("Add, Remove featured", OUT_HOST)
async def test_pins_whole_to_group_peers(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    await moderate.pin(scene.kent.node, scene.fin, ours.id)
    await moderate.unpin(scene.kent.node, scene.fin, ours.id)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Add", "Remove"]
    assert last(scene, "Announce")["object"]["target"] == scene.makers.featured_uri
    assert plain(scene) == ["Announce"]


@cell("Add, Remove facilitators", OUT_HOST)
async def test_who_facilitates_from_any_node_whole_to_group_peers_and_to_the_person(scene: Scene) -> None:
    await members(scene)
    bea = await known(scene, scene.surrey.uri("bea"))
    await facilitate.appoint(scene.kent.node, scene.fin, scene.makers, bea)
    await facilitate.dismiss(scene.kent.node, scene.fin, scene.makers, bea)
    await scene.network.settle()
    assert wrapped(scene) == ["Add", "Remove"]
    added = last(scene, "Announce")["object"]
    assert (added["object"], added["target"]) == (bea.uri, scene.makers.facilitators_uri)
    assert plain(scene) == ["Add", "Remove"]


@cell("Block, Undo Block", OUT_HOST)
async def test_a_ban_with_its_end_whole_and_the_follow_rejected(scene: Scene) -> None:
    await members(scene)
    bea = await known(scene, scene.surrey.uri("bea"))
    await scene.arrives(
        scene.surrey, create(note(scene.surrey, 1, "Buy", attributedTo=bea.uri, cc=[scene.makers.uri]))
    )
    until = scene.network.clock.now() + timedelta(days=1)
    await moderate.ban(
        scene.kent.node, scene.fin, scene.makers, bea, reason="Spam", until=until, remove_posts=True
    )
    await moderate.unban(scene.kent.node, scene.fin, scene.makers, bea)
    await scene.network.settle()
    assert wrapped(scene) == ["Create", "Block", "Undo Block"]
    (block,) = scene.surrey.sent("Block")
    assert (block["endTime"], block["removeData"], block["target"]) == (
        "2026-03-03T12:00:00Z", True, scene.makers.uri,
    )  # fmt: skip
    assert len(scene.surrey.sent("Reject")) == 1
    assert (await held(scene, f"{scene.surrey.base}/notes/1")).removed_at is not None


@cell("Flag", OUT_HOST)
async def test_by_the_node_actor_to_facilitators_elsewhere(scene: Scene) -> None:
    await members(scene)
    cal = await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    theirs = await held(scene, await thread(scene))
    author = await known(scene, scene.surrey.uri("sam"))
    await report.report(scene.kent.node, scene.ada, author, post_ids=[theirs.id], comment="Rude")
    await scene.network.settle()
    flag = last(scene, "Flag")
    assert (flag["actor"], flag["to"]) == (scene.kent.node.uris.actor, [cal.uri])
    assert flag["object"] == [author.uri, theirs.uri]
    assert wrapped(scene) == ["Create"]
    assert scene.surrey.sent("Flag") == [], "nobody asked to send it on"


@cell("Create Note (vote)", OUT_HOST)
async def test_to_the_polls_author_only(scene: Scene) -> None:
    await members(scene)
    uri = await thread(
        scene, type="Question", endTime="2026-03-03T12:00:00Z",
        oneOf=[{"type": "Note", "name": "Tea"}, {"type": "Note", "name": "Coffee"}],
    )  # fmt: skip
    await vote.vote(scene.kent.node, scene.ada, (await held(scene, uri)).id, [1])
    await scene.network.settle()
    (cast,) = scene.surrey.sent("Create")
    assert cast["object"]["name"] == "Coffee"
    assert wrapped(scene) == ["Create"]


@cell("Accept, Reject of a Follow", OUT_HOST)
async def test_echoed_as_it_came_each_time_it_comes(scene: Scene) -> None:
    for number in (1, 2):
        wish = act(scene.surrey, "Follow", number, scene.makers.uri)
        await scene.arrives(scene.surrey, wish)
        accept = scene.surrey.sent("Accept")[-1]
        assert (accept["actor"], accept["object"]["id"]) == (scene.makers.uri, wish["id"])
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Follow", 3, scene.makers.uri, by="planning"))
    assert last(scene, "Reject")["object"]["actor"] == scene.lemmy.uri("planning")
    assert "proof" not in accept


@cell("Reject of a Create", OUT_HOST)
async def test_to_an_author_elsewhere_with_the_reason(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    sent = create(note(scene.surrey, 1, "Hello", cc=[closed.uri]))
    await scene.arrives(scene.surrey, sent)
    (reject,) = scene.surrey.sent("Reject")
    assert (reject["actor"], reject["object"]["id"]) == (closed.uri, sent["id"])
    assert "only members" in reject["summary"]


@cell("Offer of a Follow, its answer", OUT_HOST)
async def test_to_facilitators_on_fedcop_and_a_note_to_those_on_other_software(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    devon = scene.network.peer("devon.example", software="fedcop")
    devon.person("dee")
    await scene.join(scene.surrey, "bea")
    await scene.arrives(devon, act(devon, "Follow", 1, scene.makers.uri, by="dee"))
    for uri in (devon.uri("dee"), scene.surrey.uri("bea")):
        await facilitator(scene, uri, closed)
    wish = act(scene.surrey, "Follow", 5, closed.uri)
    await scene.arrives(scene.surrey, wish)
    await scene.arrives(scene.surrey, wish | {"id": f"{wish['id']}/again"})
    (offered,) = devon.sent("Offer")
    assert (offered["actor"], offered["to"]) == (closed.uri, [devon.uri("dee")])
    assert offered["object"]["actor"] == scene.surrey.uri("sam")
    (told,) = scene.surrey.sent("Create")
    assert scene.surrey.uri("sam") in told["object"]["content"] or "@sam" in told["object"]["content"]
    assert told["object"]["to"] == [scene.surrey.uri("bea")]

    await follow.follow(scene.kent.node, scene.ada, closed)
    await scene.network.settle()
    assert [one["object"]["actor"] for one in devon.sent("Offer")] == [scene.surrey.uri("sam"), scene.ada.uri]
    await scene.arrives(devon, act(devon, "Accept", 6, offered, by="dee"))
    assert [one["object"]["type"] for one in devon.sent("Undo")] == ["Offer"]
    sam = await known(scene, scene.surrey.uri("sam"))
    accepted = await scene.kent.node.store.read(follows.find, sam.id, closed.id)
    assert accepted is not None
    assert accepted.state == "accepted"


async def test_what_its_author_deleted_is_put_back_by_nobody(scene: Scene) -> None:
    ours = await our_thread(scene)
    await own_post.delete(scene.kent.node, scene.ada, ours.id)
    with pytest.raises(NotFound):
        await moderate.restore_post(scene.kent.node, scene.fin, ours.id)
