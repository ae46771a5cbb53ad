"""Know-how is published, changed, used, and written anew without who left."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop.actions import answer, distilling, knowhow, leave, moderate, objections, own_post, post
from fedcop.actions.distilling import Outline
from fedcop.actions.knowhow import Revision
from fedcop.as2.knowhow import COUNCILS_ONLY, OPEN_GOVERNMENT
from fedcop.errors import NotFound, NotPermitted
from fedcop.workers import know_how
from storage import activities, know_how_drafts, posts, visible
from storage import knowhow as rows
from storage.actors import Actor
from storage.ids import PostId, RowId
from storage.know_how_drafts import KnowHowDraft
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def thread(scene: Scene, asker: Actor, *repliers: Actor, place: str = "@roads") -> list[PostId]:
    """Let somebody ask in a community and others answer; give the posts, oldest first."""
    asked = await scene.publish(asker, f"{place} How often do you empty gullies?\n\nOurs block.")
    answers = [await scene.publish(one, f"{one.handle}: twice a year", in_reply_to=asked) for one in repliers]
    return [asked, *answers]


async def drafted(scene: Scene, me: Actor, picks: list[PostId], **more: Any) -> RowId:
    """Keep a draft of the thread that the first pick began."""
    given = {"title": "Empty gullies twice", "lead": "It is cheaper.", "picks": tuple(picks)} | more
    return await distilling.draft(scene.node, me, picks[0], Outline(**given))


async def held(scene: Scene, draft_id: RowId) -> KnowHowDraft:
    found = await scene.node.store.read(know_how_drafts.find, SYSTEM, draft_id)
    assert found is not None
    return found


async def published(scene: Scene, me: Actor, picks: list[PostId], **more: Any) -> PostId:
    """Draft, tell, wait, publish."""
    draft_id = await drafted(scene, me, picks, **more)
    await objections.tell(scene.node, me, draft_id)
    await know_how.work(scene.node)
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(scene.node)
    note = (await held(scene, draft_id)).post_id
    assert note is not None
    return note


async def names(scene: Scene, note: PostId) -> list[str]:
    return [one.handle for one in await scene.node.store.read(rows.people, SYSTEM, note)]


async def documents(scene: Scene, note: PostId) -> list[dict[str, Any]]:
    """Give what is kept of a note, oldest first."""
    kept = await scene.node.store.read(activities.of_post, note)
    return [msgspec.json.decode(one.body) for one in kept]


async def test_a_note_is_an_article_of_its_community_with_its_people(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    picks = await thread(scene, ben, cat, ada)
    note = await scene.held(await published(scene, ada, picks))
    assert (note.type, note.title, note.author_id, note.community_id) == (
        "Article", "Empty gullies twice", ada.id, roads.id,
    )  # fmt: skip
    assert note.uri == note.url == f"https://kent.example/know-how/{note.id}"
    assert note.content.startswith(
        "<p>It is cheaper.</p><h3>The question</h3><blockquote><p><strong>How often"
    )
    assert note.content.index("cat: twice") < note.content.index("Cat, kent.example")
    assert await names(scene, note.id) == ["ben", "cat", "ada"]
    (create,) = await documents(scene, note.id)
    article = create["object"]
    assert (article["type"], article["name"]) == ("Article", "Empty gullies twice")
    assert article["derivedFrom"] == [f"https://kent.example/posts/{pick}" for pick in picks]
    assert article["contributor"] == [ben.uri, cat.uri, ada.uri]
    assert (article["attributedTo"], article["audience"]) == (ada.uri, roads.uri)
    assert article["license"] == OPEN_GOVERNMENT
    assert article["reviewBy"] == "2027-03-05T12:00:00Z"
    assert article["summary"].startswith("It is cheaper.")
    assert "source" not in article
    assert create["@context"][-1]["derivedFrom"]["@id"] == "prov:wasDerivedFrom"


async def test_a_community_passes_a_note_on_as_every_thread(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    eve = await scene.remote("eve", "mastodon.example", kind="plain")
    await scene.joined(dee, roads)
    await scene.joined(eve, roads)
    picks = await thread(scene, ben)
    await scene.sent()
    await published(scene, ada, picks)
    assert await scene.forms() == [
        ("https://lemmy.example/inbox", "Announce Create Article"),
        ("https://mastodon.example/inbox", "Announce"),
    ]


async def test_only_its_owner_and_facilitators_change_a_note(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben, cat))
    change = Revision(title="Thrice", lead="New", licence=COUNCILS_ONLY, months=6, places=(0, 1))
    with pytest.raises(NotPermitted):
        await knowhow.revise(scene.node, ben, note, change)
    with pytest.raises(NotPermitted):
        await post.edit(scene.node, ada, note, post.Draft(text="over all of it"))
    await knowhow.revise(scene.node, ada, note, change)
    found = await scene.held(note)
    assert (found.title, found.source, found.type) == ("Thrice", "New", "Article")
    said = await scene.node.store.read(rows.find, SYSTEM, note)
    assert said is not None
    assert said.licence == COUNCILS_ONLY
    texts = await scene.node.store.read(posts.revisions, SYSTEM, note)
    assert [one.title for one in texts] == ["Empty gullies twice", "Thrice"]
    assert (await documents(scene, note))[-1]["type"] == "Update"


async def test_a_part_that_its_owner_takes_out_is_in_no_version(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben, cat))
    change = Revision(title="Thrice", lead="", licence=OPEN_GOVERNMENT, months=6, places=(0,))
    await knowhow.revise(scene.node, ada, note, change)
    texts = await scene.node.store.read(posts.revisions, SYSTEM, note)
    assert [one.title for one in texts] == ["Thrice"]
    assert await names(scene, note) == ["ben"]


@pytest.mark.parametrize("how", ["erased", "deleted", "removed", "objected"])
async def test_whose_words_go_leave_a_note_that_can_be_read(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor, how: str
) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, roads)
    picks = await thread(scene, ben, cat)
    note = await published(scene, ada, picks)
    if how == "erased":
        await leave.delete_person(scene.node, "cat", by="ada")
    elif how == "deleted":
        await own_post.delete(scene.node, cat, picks[1])
    elif how == "removed":
        await moderate.remove_post(scene.node, ada, picks[1], reason="wrong")
    else:
        await scene.node.store.write(rows.leave_out_author, note, cat.id, scene.node.clock.now())
    await know_how.work(scene.node)
    found = await scene.held(note)
    assert "Ours block." in found.content
    assert await names(scene, note) == ["ben"]
    everything = [
        found.content,
        *(one.content for one in await scene.node.store.read(posts.revisions, SYSTEM, note)),
    ]
    everything += [str(one) for one in await documents(scene, note)]
    everything += [str(one.document) for one in await scene.sent() if "/know-how/" in str(one.document)]
    assert not [text for text in everything if "cat: twice" in text or "Cat, kent" in text or cat.uri in text]
    assert [one["type"] for one in await documents(scene, note)] == ["Create", "Update"]


async def test_a_note_of_nothing_but_words_that_left_goes(scene: Scene, ada: Actor, ben: Actor) -> None:
    picks = await thread(scene, ben)
    note = await published(scene, ada, picks, lead="")
    await own_post.delete(scene.node, ben, picks[0])
    await know_how.work(scene.node)
    assert (await scene.held(note)).removed_at is not None


async def test_what_had_its_time_stays_in_a_note(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    picks = await thread(scene, ben, cat)
    note = await published(scene, ada, picks)
    await scene.node.store.write(posts.remove, picks[1], scene.node.clock.now(), None, "")
    assert await know_how.work(scene.node) == 0
    assert "cat: twice" in (await scene.held(note)).content


async def test_that_somebody_used_a_note_is_counted_once_and_told_as_a_like(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    note = await published(scene, ada, await thread(scene, ben))
    await scene.sent()
    await knowhow.use(scene.node, cat, note)
    await knowhow.use(scene.node, cat, note)
    said = await scene.node.store.read(rows.find, SYSTEM, note)
    assert said is not None
    assert (said.uses_count, (await scene.held(note)).likes_count) == (1, 1)
    (sent,) = await scene.sent()
    assert (sent.form, sent.document["object"]["used"]) == ("Announce Like", True)
    await knowhow.unuse(scene.node, cat, note)
    said = await scene.node.store.read(rows.find, SYSTEM, note)
    assert said is not None
    assert (said.uses_count, (await scene.held(note)).likes_count) == (0, 0)
    with pytest.raises(NotFound):
        await knowhow.use(scene.node, cat, PostId(1))


async def test_who_liked_a_note_before_may_still_say_that_they_used_it(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben))
    await knowhow.like.like(scene.node, cat, note)
    await knowhow.use(scene.node, cat, note)
    said = await scene.node.store.read(rows.find, SYSTEM, note)
    assert said is not None
    assert (said.uses_count, (await scene.held(note)).likes_count) == (1, 1)


async def test_the_note_of_an_owner_who_leaves_goes_on_under_another_facilitator(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben, cat, ada))
    await scene.node.store.write(
        knowhow.communities.add_facilitator, roads.id, ben.id, lead=False, now=scene.node.clock.now()
    )
    await leave.delete_person(scene.node, "ada", by="ben")
    heir = await scene.node.store.read(rows.heir, note)
    assert heir is not None
    found = await scene.held(heir)
    assert (found.author_id, found.title) == (ben.id, "Empty gullies twice")
    assert "cat: twice" in found.content
    assert "ada: twice" not in found.content
    assert await names(scene, heir) == ["ben", "cat"]
    assert (await scene.held(note)).removed_at is not None


async def test_without_another_facilitator_a_note_goes_with_its_owner(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben))
    await leave.delete_person(scene.node, "ada", by="ben")
    assert await scene.node.store.read(rows.heir, note) is None
    assert (await scene.held(note)).removed_at is not None


async def test_a_note_of_a_closed_community_is_for_its_members(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    closed = await scene.community("bids2", ada, visibility="members", join_mode="approval")
    await scene.joined(ben, closed)
    await scene.joined(ada, closed)
    note = await scene.held(await published(scene, ada, await thread(scene, ben, place="@bids2")))
    assert note.audience == "members"
    for viewer, sees in ((visible.person(ben.id), True), (visible.person(cat.id), False)):
        assert (await scene.node.store.read(rows.find, viewer, note.id) is not None) is sees
        assert bool(await scene.node.store.read(rows.people, viewer, note.id)) is sees
        assert bool(await scene.node.store.read(rows.sources, viewer, note.id)) is sees
    (create,) = await documents(scene, note.id)
    assert create["to"] == create["object"]["to"] == [closed.uri, closed.followers_uri]


async def test_people_of_a_note_are_heard_where_it_goes_on(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben, cat))
    now = scene.node.clock.now()
    await scene.node.store.write(knowhow.communities.add_facilitator, roads.id, ben.id, lead=False, now=now)
    await leave.delete_person(scene.node, "ada", by="ben")
    heir = await scene.node.store.read(rows.heir, note)
    (draft_id,) = await scene.rows("SELECT id FROM know_how_drafts")
    seal = objections.seal_of(scene.node, draft_id, cat.id)
    asked = await objections.asked(scene.node, draft_id, cat.id, seal)
    await objections.answer(scene.node, asked, "leave_out")
    await know_how.work(scene.node)
    assert "cat: twice" not in (await scene.held(PostId(heir or 0))).content


async def test_a_note_that_is_put_back_keeps_its_words_in_the_next_version(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben, cat))
    now = scene.node.clock.now()
    await scene.node.store.write(knowhow.communities.add_facilitator, roads.id, ben.id, lead=False, now=now)
    await moderate.remove_post(scene.node, ben, note, reason="by mistake")
    assert await scene.node.store.read(rows.find, SYSTEM, note) is None
    await moderate.restore_post(scene.node, ben, note)
    assert await names(scene, note) == ["ben", "cat"]
    change = Revision(title="Thrice", lead="", licence=OPEN_GOVERNMENT, months=6, places=(0, 1))
    await knowhow.revise(scene.node, ada, note, change)
    content = (await scene.held(note)).content
    assert "Ours block." in content
    assert "cat: twice" in content


async def test_an_accepted_answer_comes_first(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    picks = await thread(scene, ben, ada, cat)
    await answer.accept(scene.node, ben, picks[2])
    note = await scene.held(await published(scene, ada, picks))
    assert note.content.index("cat: twice") < note.content.index("ada: twice")


async def test_a_facilitator_who_is_not_the_owner_changes_a_note_and_that_is_recorded(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, cat))
    now = scene.node.clock.now()
    await scene.node.store.write(knowhow.communities.add_facilitator, roads.id, ben.id, lead=False, now=now)
    change = Revision(title="Thrice", lead="", licence=OPEN_GOVERNMENT, months=6, places=(0,))
    await knowhow.revise(scene.node, ben, note, change)
    assert (await scene.held(note)).title == "Thrice"
    entry = (await scene.node.store.read(knowhow.audit.latest, 1))[0]
    uri = (await scene.held(note)).uri
    assert (entry.verb, entry.by_name, entry.object) == ("know-how change", "ben", uri)
