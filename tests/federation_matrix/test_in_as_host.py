"""What arrives from others for a community of ours."""

from datetime import timedelta

from fedcop.actions.draft import PollDraft
from storage import communities, follows, memberships, polls, posts, reports, visible
from storage.pages import Page
from storage.visible import SYSTEM
from tests.federation_matrix.scene import (
    Scene,
    accepted,
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
from tests.federation_matrix.table import IN_HOST, cell


@cell("Create Page", IN_HOST)
async def test_passed_on_whole_to_group_peers_and_by_its_id_to_plain_ones(scene: Scene) -> None:
    await members(scene)
    uri = await thread(scene)
    assert (await held(scene, uri)).community_id == scene.makers.id
    assert wrapped(scene) == ["Create"]
    assert [one["object"] for one in scene.surrey.sent("Announce")] == [uri]


@cell("Create Note (reply)", IN_HOST)
async def test_passed_on_whole_and_to_nobody_plain(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    before = len(scene.surrey.received)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 2, "Wood glue", inReplyTo=ours.uri)))
    assert wrapped(scene) == ["Create", "Create"]
    assert len(scene.surrey.received) == before


@cell("Update Page, Note", IN_HOST)
async def test_newer_text_is_shown_and_passed_on_whole(scene: Scene) -> None:
    await members(scene)
    uri = await thread(scene)
    newer = note(scene.surrey, 1, "Which wood glue?", cc=[scene.makers.uri], updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, newer))
    assert "wood glue" in (await held(scene, uri)).content
    assert wrapped(scene) == ["Create", "Update"]


@cell("Update Group", IN_HOST)
async def test_a_listed_facilitator_changes_name_and_summary_and_nothing_else(scene: Scene) -> None:
    await members(scene)
    changed = {
        "id": scene.makers.uri, "type": "Group", "preferredUsername": "other", "name": "Makers of Kent",
        "summary": "<p>Glue <script>x</script></p>", "manuallyApprovesFollowers": True, "inbox": "https://x.example/",
    }  # fmt: skip
    update = act(scene.lemmy, "Update", 1, changed, by="cal")
    await scene.arrives(scene.lemmy, update)
    assert (await scene.kent.known(scene.makers)).display_name == "Makers"
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    await scene.arrives(scene.lemmy, update | {"id": f"{update['id']}/again"})
    makers = await scene.kent.known(scene.makers)
    assert (makers.display_name, makers.summary) == ("Makers of Kent", "<p>Glue </p>")
    assert (makers.handle, makers.approves, makers.inbox) == ("makers", False, scene.makers.inbox)
    assert wrapped(scene) == ["Update"]
    assert [one["actor"] for one in scene.surrey.sent("Update")] == [scene.makers.uri]


@cell("Delete by the author", IN_HOST)
async def test_the_post_is_emptied_and_its_announce_taken_back(scene: Scene) -> None:
    await members(scene)
    uri = await thread(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, uri))
    assert (await held(scene, uri)).content == ""
    assert wrapped(scene) == ["Create", "Delete"]
    assert plain(scene) == ["Announce", "Undo"]


@cell("Delete by a facilitator", IN_HOST)
async def test_only_a_listed_one_removes_and_no_followers_home_holds_it(scene: Scene) -> None:
    await members(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 50, scene.ada.uri))
    ours = await our_thread(scene)
    removal = act(scene.lemmy, "Delete", 1, ours.uri, by="cal", summary="Advert")
    await scene.arrives(scene.lemmy, removal)
    assert (await held(scene, ours.uri)).removed_at is None
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    await scene.arrives(scene.lemmy, removal | {"id": f"{removal['id']}/again"})
    removed = await held(scene, ours.uri)
    assert (removed.content, removed.removed_for) == ("", "Advert")
    assert await scene.kent.home(scene.ada) == []
    assert wrapped(scene) == ["Create", "Delete"]
    # Mastodon believes its author's node only, and has the post by the Announce and as a follower.
    assert sorted(plain(scene)) == ["Announce", "Create", "Delete", "Undo"]
    assert scene.lemmy.sent("Delete") == []


@cell("Undo Delete", IN_HOST)
async def test_a_facilitator_puts_back_what_was_removed_but_not_what_its_author_deleted(scene: Scene) -> None:
    await members(scene)
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    uri = await thread(scene)
    removal = act(scene.lemmy, "Delete", 1, uri, by="cal", summary="")
    await scene.arrives(scene.lemmy, removal)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 2, removal, by="cal"))
    back = await held(scene, uri)
    assert (back.removed_at, back.content) == (None, "<p>Which glue?</p>")
    assert wrapped(scene) == ["Create", "Delete", "Undo Delete"]
    assert plain(scene) == ["Announce", "Undo", "Announce"]

    await scene.arrives(scene.lemmy, removal | {"id": f"{removal['id']}/2"})
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 3, uri))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 4, removal, by="cal"))
    assert (await held(scene, uri)).removed_at is not None


@cell("Like, Undo Like", IN_HOST)
async def test_counted_and_passed_on_and_taken_back_by_its_content(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    like = act(scene.surrey, "Like", 1, ours.uri)
    await scene.arrives(scene.surrey, like)
    assert (await held(scene, ours.uri)).likes_count == 1
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 2, like | {"id": f"{like['id']}/anew"}))
    assert (await held(scene, ours.uri)).likes_count == 0
    assert wrapped(scene) == ["Create", "Like", "Undo Like"]


@cell("Dislike, Undo Dislike", IN_HOST)
async def test_passed_on_and_not_counted(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    dislike = act(scene.surrey, "Dislike", 1, ours.uri)
    await scene.arrives(scene.surrey, dislike)
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 2, dislike))
    assert (await held(scene, ours.uri)).likes_count == 0
    assert wrapped(scene) == ["Create", "Dislike", "Undo Dislike"]


@cell("Lock, Undo Lock", IN_HOST)
async def test_a_listed_facilitator_closes_threads_and_replies_and_another_opens_them(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    reply = note(scene.surrey, 2, "Wood glue", inReplyTo=ours.uri)
    await scene.arrives(scene.surrey, create(reply))
    lock = act(scene.lemmy, "Lock", 1, reply["id"], by="cal")
    await scene.arrives(scene.lemmy, lock)
    assert not (await held(scene, reply["id"])).locked
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    await facilitator(scene, scene.surrey.uri("bea"), scene.makers)
    await scene.arrives(scene.lemmy, lock | {"id": f"{lock['id']}/again"})
    below = create(note(scene.surrey, 3, "Why?", inReplyTo=reply["id"]))
    await scene.arrives(scene.surrey, below)
    assert await scene.kent.post(below["object"]["id"]) is None
    assert [one["object"]["id"] for one in scene.surrey.sent("Reject")] == [below["id"]]
    beside = create(note(scene.surrey, 4, "Or nails?", inReplyTo=ours.uri))
    await scene.arrives(scene.surrey, beside)
    assert await scene.kent.post(beside["object"]["id"]) is not None
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 5, lock, by="bea"))
    assert not (await held(scene, reply["id"])).locked
    assert wrapped(scene) == ["Create", "Create", "Lock", "Create", "Undo Lock"]


@cell("ChooseAnswer, Undo ChooseAnswer", IN_HOST)
async def test_who_asked_accepts_an_answer_and_a_listed_facilitator_too(scene: Scene) -> None:
    await members(scene)
    asked = await thread(scene)
    reply = note(scene.surrey, 2, "Bone", inReplyTo=asked, attributedTo=scene.surrey.uri("bea"))
    await scene.arrives(scene.surrey, create(reply))
    choice = act(scene.surrey, "ChooseAnswer", 1, reply["id"])
    await scene.arrives(scene.lemmy, act(scene.lemmy, "ChooseAnswer", 2, reply["id"], by="cal"))
    assert not await accepted(scene, reply["id"])
    await scene.arrives(scene.surrey, choice)
    assert await accepted(scene, reply["id"])
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    theirs = act(scene.lemmy, "ChooseAnswer", 3, reply["id"], by="cal")
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 4, theirs, by="cal"))
    assert not await accepted(scene, reply["id"])
    assert wrapped(scene) == ["Create", "Create", "ChooseAnswer", "Undo ChooseAnswer"]


@cell("Add, Remove featured", IN_HOST)
async def test_a_listed_facilitator_pins_and_unpins(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    pin = act(scene.lemmy, "Add", 1, ours.uri, by="cal", target=scene.makers.featured_uri)
    await scene.arrives(scene.lemmy, pin)
    assert (await held(scene, ours.uri)).pinned_at is None
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    await scene.arrives(scene.lemmy, pin | {"id": f"{pin['id']}/again"})
    assert (await held(scene, ours.uri)).pinned_at is not None
    await scene.arrives(scene.lemmy, pin | {"id": f"{pin['id']}/3", "type": "Remove"})
    assert (await held(scene, ours.uri)).pinned_at is None
    assert wrapped(scene) == ["Create", "Add", "Remove"]


@cell("Add, Remove facilitators", IN_HOST)
async def test_refused_even_from_a_facilitator(scene: Scene) -> None:
    await members(scene)
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    for number, kind in enumerate(("Add", "Remove")):
        about = scene.surrey.uri("bea") if kind == "Add" else scene.fin.uri
        change = act(scene.lemmy, kind, number, about, by="cal", target=scene.makers.facilitators_uri)
        await scene.arrives(scene.lemmy, change)
    people = await scene.kent.node.store.read(communities.facilitators_of, SYSTEM, scene.makers.id)
    assert [one.handle for one in people] == ["fin", "cal"]
    assert wrapped(scene) == []


@cell("Block, Undo Block", IN_HOST)
async def test_a_ban_by_a_listed_facilitator_ends_when_it_says_and_takes_the_posts_if_it_says(
    scene: Scene,
) -> None:
    await members(scene)
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    uri = await thread(scene)
    sam = await known(scene, scene.surrey.uri("sam"))
    ban = act(
        scene.lemmy, "Block", 1, sam.uri, by="cal", target=scene.makers.uri, removeData=True,
        endTime="2026-03-02T13:00:00Z",
    )  # fmt: skip
    await scene.arrives(scene.lemmy, ban)
    assert (await held(scene, uri)).removed_at is not None
    assert plain(scene) == ["Announce", "Undo"]
    again = create(note(scene.surrey, 2, "Again", cc=[scene.makers.uri]))
    await scene.arrives(scene.surrey, again)
    assert await scene.kent.post(again["object"]["id"]) is None

    scene.network.clock.move(timedelta(hours=1))
    later = create(note(scene.surrey, 3, "Later", cc=[scene.makers.uri]))
    await scene.arrives(scene.surrey, later)
    assert await scene.kent.post(later["object"]["id"]) is not None
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 2, ban, by="cal"))
    assert wrapped(scene) == ["Create", "Block", "Create", "Undo Block"]


@cell("Flag", IN_HOST)
async def test_facilitators_here_are_told_and_those_elsewhere_get_one_of_the_node_actor(scene: Scene) -> None:
    await members(scene)
    await facilitator(scene, scene.lemmy.uri("cal"), scene.makers)
    ours = await our_thread(scene)
    # As Mastodon sends it: by its instance actor, an account and posts, no to and no cc.
    scene.surrey.person("actor", type="Application")
    flag = act(scene.surrey, "Flag", 1, [scene.ada.uri, ours.uri], by="actor", content="Rude")
    await scene.arrives(scene.surrey, flag)
    fin = visible.person(scene.fin.id)
    (report,) = await scene.kent.node.store.read(reports.page, fin, Page(limit=9), closed=False)
    assert (report.target_id, report.comment) == (scene.ada.id, "Rude")
    assert await scene.kent.told(scene.fin) == ["report"]
    assert last(scene, "Flag")["actor"] == scene.kent.node.uris.actor
    # What Lemmy says besides about reports is nobody's to act on here.
    for number, kind in enumerate(("Resolve", "Warn")):
        await scene.arrives(scene.lemmy, act(scene.lemmy, kind, 5 + number, flag, by="cal"))
    assert (await scene.outcomes())["ignored"] == 2
    assert wrapped(scene) == ["Create"]


@cell("Create Note (vote)", IN_HOST)
async def test_counted_and_never_passed_on(scene: Scene) -> None:
    await members(scene)
    poll = PollDraft(options=("Tea", "Coffee"), seconds=3600)
    post_id = await scene.kent.publish(scene.ada, "Which?\n\n@makers For all.", poll=poll)
    vote = note(
        scene.surrey, 2, "", name="Tea", inReplyTo=await scene.kent.uri_of(post_id),
        to=[scene.ada.uri], content=None,
    )  # fmt: skip
    await scene.arrives(scene.surrey, create(vote))
    counted = await scene.kent.node.store.read(polls.find, SYSTEM, post_id)
    assert counted is not None
    assert [one.votes_count for one in counted.options] == [1, 0]
    assert wrapped(scene) == ["Create"]


@cell("Follow", IN_HOST)
async def test_people_join_each_time_answered_and_a_community_does_not(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    again = act(scene.surrey, "Follow", 2, scene.makers.uri)
    await scene.arrives(scene.surrey, again)
    assert len(scene.surrey.sent("Accept")) == 2
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Follow", 1, scene.makers.uri, by="planning"))
    assert await scene.kent.node.store.read(memberships.members_count, SYSTEM, scene.makers.id) == 2
    assert len(scene.lemmy.sent("Reject")) == 1
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Follow", 2, scene.kent.node.uris.actor, by="cal"))
    assert scene.lemmy.sent("Accept") == []


@cell("Accept, Reject of a Follow", IN_HOST)
async def test_nobody_accepts_for_a_community_of_ours(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    follow = act(scene.surrey, "Follow", 1, closed.uri)
    await scene.arrives(scene.surrey, follow)
    await scene.arrives(scene.surrey, act(scene.surrey, "Accept", 2, follow))
    sam = await known(scene, scene.surrey.uri("sam"))
    assert not await scene.kent.node.store.read(memberships.is_member, closed.id, sam.id)


@cell("Undo Follow", IN_HOST)
async def test_a_member_leaves_by_the_follow_or_by_its_id(scene: Scene) -> None:
    await members(scene)
    cal = scene.lemmy.uri("cal")
    follow = {"id": "https://lemmy.example/anew", "type": "Follow", "actor": cal, "object": scene.makers.uri}
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 1, follow, by="cal"))
    await scene.arrives(
        scene.surrey, act(scene.surrey, "Undo", 2, f"{scene.surrey.uri('bea')}/follow", by="bea")
    )
    for uri in (cal, scene.surrey.uri("bea")):
        person = await known(scene, uri)
        assert await scene.kent.node.store.read(follows.find, person.id, scene.makers.id) is None
    assert wrapped(scene) == []


@cell("Announce of several", IN_HOST)
async def test_an_announce_is_never_announced_and_says_nothing_about_our_posts(scene: Scene) -> None:
    await members(scene)
    ours = await our_thread(scene)
    likes = [
        act(scene.lemmy, "Like", 1, ours.uri, by="cal"),
        act(scene.surrey, "Like", 2, ours.uri, by="bea"),
    ]
    announce = {
        "id": "https://lemmy.example/announces/9", "type": "Announce", "actor": scene.lemmy.uri("planning"),
        "object": likes, "to": ["as:Public"], "cc": [scene.makers.uri],
    }  # fmt: skip
    await scene.arrives(scene.lemmy, announce)
    await scene.arrives(
        scene.lemmy, act(scene.lemmy, "Announce", 10, ours.uri, by="planning", to=["as:Public"])
    )
    found = await scene.kent.node.store.read(posts.find_by_uri, SYSTEM, ours.uri)
    assert found is not None
    assert found.likes_count == 0
    assert wrapped(scene) == ["Create"]


@cell("Reject of a Create", IN_HOST)
async def test_nobody_else_refuses_what_is_posted_in_our_community(scene: Scene) -> None:
    ours = await our_thread(scene)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 1, ours.uri, by="planning"))
    assert await scene.kent.told(scene.ada) == []


@cell("Offer of a Follow, its answer", IN_HOST)
async def test_the_answer_of_a_listed_facilitator_elsewhere_decides(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    await members(scene)
    await facilitator(scene, scene.lemmy.uri("cal"), closed)
    for number, (kind, name) in enumerate((("Accept", "sam"), ("Reject", "bea"))):
        follow = act(scene.surrey, "Follow", 20 + number, closed.uri, by=name)
        await scene.arrives(scene.surrey, follow)
        offer = {"id": f"{closed.uri}/offer", "type": "Offer", "actor": closed.uri, "object": follow}
        await scene.arrives(scene.surrey, act(scene.surrey, kind, 30 + number, offer, by=name))
        person = await known(scene, scene.surrey.uri(name))
        waits = await scene.kent.node.store.read(follows.find, person.id, closed.id)
        assert waits is not None
        assert waits.state == "requested", "who asks does not decide"
        await scene.arrives(scene.lemmy, act(scene.lemmy, kind, 40 + number, offer, by="cal"))
        decided = await scene.kent.node.store.read(follows.find, person.id, closed.id)
        assert (decided is not None and decided.state == "accepted") is (kind == "Accept")
        assert len(scene.surrey.sent(kind)) == (2 if kind == "Accept" else 1)
