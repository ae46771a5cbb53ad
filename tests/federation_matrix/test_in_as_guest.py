"""What a community elsewhere passes on to its members here, and what else its node says."""

from datetime import timedelta
from typing import Any

from fedcop import fetch
from fedcop.actions import follow
from fedcop.actions.draft import PollDraft
from storage import communities, follows, memberships, polls, posts, reports, visible
from storage.actors import Actor
from storage.pages import Page
from storage.visible import SYSTEM
from tests.federation_matrix.scene import (
    Scene,
    accepted,
    act,
    announced,
    create,
    facilitator,
    held,
    known,
    note,
    our_thread,
    page,
    passed,
)
from tests.federation_matrix.table import IN_GUEST, cell

PLANNING = "@planning@lemmy.example"


async def listed(scene: Scene, planning: Actor) -> Actor:
    """Let planning list sam of surrey, and nobody else; and let bea be known here."""
    for name in ("sam", "bea"):
        await fetch.actor(scene.kent.node, scene.surrey.uri(name))
    return await facilitator(scene, scene.surrey.uri("sam"), planning)


async def only_by_who_is_listed(scene: Scene, activity: dict[str, Any], number: int) -> None:
    """Let it arrive in every way that must not count, then in the one that does."""
    stranger = activity | {"actor": scene.surrey.uri("bea"), "id": f"{activity['id']}/bea"}
    await scene.arrives(scene.surrey, stranger)
    await passed(scene, stranger, number)
    await scene.arrives(scene.surrey, activity | {"id": f"{activity['id']}/direct"})
    outcomes = await scene.outcomes()
    await passed(scene, activity, number + 1)
    assert (await scene.outcomes())["done"] == outcomes["done"] + 1


@cell("Create Page", IN_GUEST)
async def test_shown_in_the_homes_of_members_as_what_the_community_announced(scene: Scene) -> None:
    planning = await scene.planning()
    await page(scene, planning)
    (view,) = await scene.kent.home(scene.ada)
    assert (view.post.title, view.post.community_id) == ("Plans", planning.id)


@cell("Create Note (reply)", IN_GUEST)
async def test_put_into_its_thread_with_the_parents_that_are_missing(scene: Scene) -> None:
    planning = await scene.planning()
    scene.lemmy.put(
        "/notes/1",
        note(
            scene.lemmy, 1, "How?", type="Page", name="Plans", attributedTo=scene.lemmy.uri("cal"),
            audience=planning.uri, to=[planning.uri, "as:Public"],
        ),
    )  # fmt: skip
    reply = note(
        scene.lemmy,
        2,
        "Like so",
        attributedTo=scene.lemmy.uri("cal"),
        inReplyTo=f"{scene.lemmy.base}/notes/1",
    )
    await passed(scene, create(reply), 2)
    found, thread = await held(scene, reply["id"]), await held(scene, reply["inReplyTo"])
    assert (found.parent_id, found.community_id) == (thread.id, planning.id)


@cell("Update Page, Note", IN_GUEST)
async def test_newer_text_is_shown_and_older_is_not(scene: Scene) -> None:
    document = await page(scene, await scene.planning())
    newer = document | {"content": "<p>How now?</p>", "updated": "2026-03-02T11:30:00Z"}
    await passed(scene, act(scene.lemmy, "Update", 5, newer, by="cal"), 5)
    older = document | {"content": "<p>Before</p>", "updated": "2026-03-02T11:10:00Z"}
    await passed(scene, act(scene.lemmy, "Update", 6, older, by="cal"), 6)
    assert "How now?" in (await held(scene, document["id"])).content


@cell("Update Group", IN_GUEST)
async def test_read_from_the_group_itself_and_asked_for_when_a_facilitator_says_so(scene: Scene) -> None:
    planning = await scene.planning()
    document = scene.lemmy.documents["/users/planning"]
    await scene.arrives(
        scene.lemmy, act(scene.lemmy, "Update", 1, document | {"name": "Plans"}, by="planning")
    )
    assert (await known(scene, planning.uri)).display_name == "Plans"
    scene.lemmy.put("/users/planning", document | {"name": "Plans of all"})
    by_facilitator = act(scene.surrey, "Update", 2, document | {"name": "Forged"})
    await passed(scene, by_facilitator, 2)
    assert (await known(scene, planning.uri)).display_name == "Plans of all"


@cell("Delete by the author", IN_GUEST)
async def test_gone_once_its_origin_gives_it_no_more(scene: Scene) -> None:
    document = await page(scene, await scene.planning())
    await scene.join(scene.surrey, "sam")
    await passed(scene, act(scene.lemmy, "Delete", 5, document["id"], by="cal"), 5)
    assert (await held(scene, document["id"])).content == ""
    assert await scene.kent.home(scene.ada) == []


@cell("Delete by a facilitator", IN_GUEST)
async def test_by_whom_the_community_lists_and_our_authors_followers_are_told(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    await scene.arrives(scene.surrey, act(scene.surrey, "Follow", 50, scene.ada.uri, by="bea"))
    ours = await our_thread(scene, PLANNING)
    await only_by_who_is_listed(scene, act(scene.surrey, "Delete", 5, ours.uri, summary="Advert"), 5)
    removed = await held(scene, ours.uri)
    assert (removed.content, removed.removed_for) == ("", "Advert")
    assert [one["type"] for one in scene.surrey.received] == ["Accept", "Create", "Delete"]
    assert scene.lemmy.sent("Delete") == [], "whoever it comes from hears nothing of it"


@cell("Undo Delete", IN_GUEST)
async def test_back_from_what_the_author_put_away_or_as_the_authors_node_gives_it(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    ours, theirs = (await our_thread(scene, PLANNING)).uri, (await page(scene, planning))["id"]
    for number, uri in enumerate((ours, theirs)):
        removal = act(scene.surrey, "Delete", 10 + number, uri, summary="")
        await passed(scene, removal, 10 + number)
        assert (await held(scene, uri)).content == ""
        await only_by_who_is_listed(scene, act(scene.surrey, "Undo", 20 + number, removal), 20 + 2 * number)
        assert "For wood" in (await held(scene, uri)).content or "How?" in (await held(scene, uri)).content
    titles = sorted(view.post.title for view in await scene.kent.home(scene.ada))
    assert titles == ["Plans", "Which glue?"]

    await passed(scene, act(scene.lemmy, "Delete", 31, theirs, by="cal"), 31)
    await passed(scene, act(scene.surrey, "Undo", 32, removal), 32)
    assert (await held(scene, theirs)).removed_at is not None, "what its author deleted stays so"


@cell("Like, Undo Like", IN_GUEST)
async def test_counted_on_the_communitys_word_for_its_own_posts(scene: Scene) -> None:
    document = await page(scene, await scene.planning())
    await scene.join(scene.surrey, "sam")
    elsewhere = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    for number, uri in enumerate((document["id"], elsewhere)):
        await passed(scene, act(scene.surrey, "Like", 5 + number, uri), 5 + number)
    assert (await held(scene, document["id"])).likes_count == 1
    assert (await held(scene, elsewhere)).likes_count == 0
    undone = act(scene.surrey, "Like", 99, document["id"])
    await passed(scene, act(scene.surrey, "Undo", 8, undone), 8)
    assert (await held(scene, document["id"])).likes_count == 0


@cell("Dislike, Undo Dislike", IN_GUEST)
async def test_read_and_not_counted(scene: Scene) -> None:
    document = await page(scene, await scene.planning())
    await scene.join(scene.surrey, "sam")
    dislike = act(scene.surrey, "Dislike", 5, document["id"])
    await passed(scene, dislike, 5)
    await passed(scene, act(scene.surrey, "Undo", 6, dislike), 6)
    assert (await held(scene, document["id"])).likes_count == 0
    assert (await scene.outcomes()).get("refused") is None


@cell("Lock, Undo Lock", IN_GUEST)
async def test_closed_and_opened_by_whom_the_community_lists(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    document = await page(scene, planning)
    lock = act(scene.surrey, "Lock", 5, document["id"])
    await only_by_who_is_listed(scene, lock, 5)
    assert (await held(scene, document["id"])).locked
    # Another facilitator may open it, here somebody of the community's own host.
    await passed(scene, act(scene.lemmy, "Undo", 8, lock, by="cal"), 8)
    assert not (await held(scene, document["id"])).locked


@cell("ChooseAnswer, Undo ChooseAnswer", IN_GUEST)
async def test_accepted_by_whom_the_community_lists_or_who_asked(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    asked = await page(scene, planning)
    reply = await page(scene, planning, 2, inReplyTo=asked["id"])
    await only_by_who_is_listed(scene, act(scene.surrey, "ChooseAnswer", 5, reply["id"]), 5)
    assert await accepted(scene, reply["id"])
    own = act(scene.lemmy, "ChooseAnswer", 8, reply["id"], by="cal")
    await passed(scene, act(scene.lemmy, "Undo", 9, own, by="cal"), 8)
    assert not await accepted(scene, reply["id"])


@cell("Add, Remove featured", IN_GUEST)
async def test_pinned_by_whom_the_community_lists(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    document = await page(scene, planning)
    pin = act(scene.surrey, "Add", 5, document["id"], target=planning.featured_uri)
    await only_by_who_is_listed(scene, pin, 5)
    assert len(await scene.kent.node.store.read(posts.pinned, SYSTEM, planning.id)) == 1
    await passed(scene, pin | {"type": "Remove", "id": f"{pin['id']}/off"}, 8)
    assert await scene.kent.node.store.read(posts.pinned, SYSTEM, planning.id) == []


@cell("Add, Remove facilitators", IN_GUEST)
async def test_listed_here_as_whom_the_community_lists_says(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    target = planning.facilitators_uri
    await only_by_who_is_listed(scene, act(scene.surrey, "Add", 5, scene.ada.uri, target=target), 5)
    await passed(scene, act(scene.surrey, "Remove", 8, scene.surrey.uri("sam"), target=target), 8)
    people = await scene.kent.node.store.read(communities.facilitators_of, SYSTEM, planning.id)
    assert [one.handle for one in people] == ["ada"]


@cell("Block, Undo Block", IN_GUEST)
async def test_a_ban_by_whom_the_community_lists_with_all_that_was_posted_there(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    ours = await our_thread(scene, PLANNING)
    ban = act(scene.surrey, "Block", 5, scene.ada.uri, target=planning.uri, removeData=True)
    await passed(scene, ban | {"actor": scene.surrey.uri("bea"), "id": f"{ban['id']}/bea"}, 5)
    now = scene.network.clock.now()
    assert not await scene.kent.node.store.read(communities.is_banned, planning.id, scene.ada.id, now)
    await passed(scene, ban, 6)
    assert await scene.kent.node.store.read(communities.is_banned, planning.id, scene.ada.id, now)
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, planning.id) is None
    assert (await held(scene, ours.uri)).removed_at is not None
    # Nobody here is a member any more: the end comes straight from who lifts it.
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 7, ban, by="sam"))
    assert not await scene.kent.node.store.read(communities.is_banned, planning.id, scene.ada.id, now)


@cell("Flag", IN_GUEST)
async def test_one_about_somebody_here_reaches_who_can_act_here(scene: Scene) -> None:
    await scene.planning()
    ours = await our_thread(scene, PLANNING)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Flag", 1, ours.uri, by="cal", summary="Advert"))
    everything = await scene.kent.node.store.read(reports.deciders, None, scene.ada.id)
    assert everything == [], "there is no admin here"
    found = await scene.kent.node.store.read(
        reports.page, visible.person(scene.fin.id), Page(limit=9), closed=False
    )
    assert found == [], "planning is none of fin's"
    assert (await scene.outcomes())["done"] == 2


@cell("Create Note (vote)", IN_GUEST)
async def test_a_vote_that_a_community_passes_on_does_not_count(scene: Scene) -> None:
    await scene.planning()
    poll = PollDraft(options=("Tea", "Coffee"), seconds=3600)
    post_id = await scene.kent.publish(scene.ada, f"Which?\n\n{PLANNING} For all.", poll=poll)
    vote = note(
        scene.lemmy, 2, "", name="Tea", inReplyTo=await scene.kent.uri_of(post_id), content=None,
        to=[scene.ada.uri], attributedTo=scene.lemmy.uri("cal"),
    )  # fmt: skip
    await passed(scene, create(vote), 2)
    counted = await scene.kent.node.store.read(polls.find, SYSTEM, post_id)
    assert counted is not None
    assert [one.votes_count for one in counted.options] == [0, 0]


@cell("Follow", IN_GUEST)
async def test_none_is_read_inside_an_announce(scene: Scene) -> None:
    await scene.planning()
    await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    await passed(scene, act(scene.surrey, "Follow", 5, scene.ada.uri), 5)
    sam = await known(scene, scene.surrey.uri("sam"))
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.ada.id) is None


@cell("Accept, Reject of a Follow", IN_GUEST)
async def test_membership_holds_from_the_accept_and_ends_with_a_reject(scene: Scene) -> None:
    planning = await scene.planning()
    assert await scene.kent.node.store.read(memberships.is_member, planning.id, scene.ada.id)
    (asked,) = scene.lemmy.sent("Follow")
    await scene.arrives(scene.surrey, act(scene.surrey, "Reject", 5, asked))
    assert await scene.kent.node.store.read(memberships.is_member, planning.id, scene.ada.id)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Reject", 6, asked, by="planning"))
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, planning.id) is None


@cell("Undo Follow", IN_GUEST)
async def test_no_end_of_a_follow_is_read_inside_an_announce(scene: Scene) -> None:
    planning = await scene.planning()
    (asked,) = scene.lemmy.sent("Follow")
    await passed(
        scene, {"id": f"{asked['id']}/undo", "type": "Undo", "actor": scene.ada.uri, "object": asked}, 5
    )
    assert await scene.kent.node.store.read(memberships.is_member, planning.id, scene.ada.id)
    await follow.unfollow(scene.kent.node, scene.ada, planning)


@cell("Announce of several", IN_GUEST)
async def test_each_is_read_and_one_that_cannot_be_had_stops_no_other(scene: Scene) -> None:
    document = await page(scene, await scene.planning())
    await scene.join(scene.surrey, "sam")
    gone = {
        "id": "https://lemmy.example/c/9",
        "type": "Create",
        "actor": scene.lemmy.uri("x"),
        "object": "no",
    }
    likes = [
        gone,
        act(scene.surrey, "Like", 5, document["id"]),
        act(scene.lemmy, "Like", 6, document["id"], by="cal"),
    ]
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 5, likes))
    assert (await held(scene, document["id"])).likes_count == 2


@cell("Reject of a Create", IN_GUEST)
async def test_the_author_here_reads_why_in_a_note_of_the_community(scene: Scene) -> None:
    await scene.planning()
    ours = await our_thread(scene, PLANNING)
    made = scene.lemmy.sent("Create")[-1]
    for number, (kind, by) in enumerate((("Reject", "cal"), ("Reject", "planning"))):
        reject = act(scene.lemmy, kind, number, made, by=by, summary="Names a resident")
        await scene.arrives(scene.lemmy, reject)
    (view,) = [one for one in await scene.kent.home(scene.ada) if one.post.audience == "direct"]
    assert "Names a resident" in view.post.content
    assert ours.url in view.post.content
    assert await scene.kent.told(scene.ada) == ["mention"]


@cell("Offer of a Follow, its answer", IN_GUEST)
async def test_who_facilitates_it_here_is_asked_and_hears_when_another_decided(scene: Scene) -> None:
    planning = await scene.planning()
    follow_ = act(scene.surrey, "Follow", 5, planning.uri)
    offer = act(scene.lemmy, "Offer", 6, follow_, by="planning", to=[scene.ada.uri])
    await scene.arrives(scene.lemmy, offer)
    assert await scene.kent.told(scene.ada) == [], "nobody here facilitates there"
    await facilitator(scene, scene.ada.uri, planning)
    await scene.arrives(scene.lemmy, offer | {"id": f"{offer['id']}/again"})
    await scene.arrives(
        scene.surrey, offer | {"id": f"{scene.surrey.base}/o", "actor": scene.surrey.uri("sam")}
    )
    assert await scene.kent.told(scene.ada) == ["follow_request"]
    ada = visible.person(scene.ada.id)
    waiting = await scene.kent.node.store.read(memberships.requests_for, ada, scene.ada.id, Page(limit=9))
    assert [person.handle for _, person in waiting] == ["sam"]
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Undo", 8, offer, by="planning"))
    assert await scene.kent.told(scene.ada) == []
    assert await scene.kent.node.store.read(memberships.requests_count, ada, scene.ada.id) == 0


async def test_a_facilitator_too_new_to_be_listed_here_is_asked_for_every_ten_minutes(scene: Scene) -> None:
    planning = await scene.planning()
    await listed(scene, planning)
    document = await page(scene, planning)
    bea = scene.surrey.uri("bea")
    scene.lemmy.put(
        "/users/planning/moderators",
        {"id": planning.facilitators_uri, "type": "OrderedCollection", "orderedItems": [bea]},
    )
    await passed(scene, act(scene.surrey, "Lock", 5, document["id"], by="bea"), 5)
    assert not (await held(scene, document["id"])).locked
    scene.network.clock.move(timedelta(minutes=11))
    await passed(scene, act(scene.surrey, "Lock", 6, document["id"], by="bea"), 6)
    assert (await held(scene, document["id"])).locked
