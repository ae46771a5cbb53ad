"""Whom know-how quotes is told first, and may object."""

import re
from datetime import timedelta

import pytest

from fedcop.actions import distilling, moderate, objections, own_post
from fedcop.actions.distilling import Outline
from fedcop.actions.objections import Asked
from fedcop.errors import Invalid, NotFound
from fedcop.workers import know_how
from storage import audit, know_how_drafts
from storage import knowhow as rows
from storage.actors import Actor
from storage.ids import PostId, RowId
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_knowhow import drafted, held, names, published, thread

DIRECT = """
SELECT p.content FROM posts AS p JOIN mentions AS m ON m.post_id = p.id
 WHERE p.audience = 'direct' AND m.actor_id = :me ORDER BY p.id
"""


async def told(scene: Scene, me: Actor) -> list[str]:
    """Give the direct notes that somebody got."""
    return list(await scene.rows(DIRECT, me=me.id))


async def asked(scene: Scene, draft_id: RowId, me: Actor) -> Asked:
    return await objections.asked(
        scene.node, draft_id, me.id, objections.seal_of(scene.node, draft_id, me.id)
    )


async def told_draft(scene: Scene, me: Actor, picks: list[PostId]) -> RowId:
    draft_id = await drafted(scene, me, picks)
    await objections.tell(scene.node, me, draft_id)
    await know_how.work(scene.node)
    return draft_id


async def test_each_of_its_people_is_told_with_a_link_of_their_own(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    dan = await scene.remote("dan", "mastodon.example", kind="plain")
    picks = await thread(scene, ben, cat)
    root = await scene.held(picks[0])
    theirs = await scene.theirs(
        dan, in_reply_to=root.uri, parent_id=root.id, root_id=root.id, community_id=root.community_id
    )
    await scene.sent()
    draft_id = await told_draft(scene, ada, [*picks, theirs.id])
    (note,) = await told(scene, ben)
    assert "Ada (kent.example) would like to quote you" in note
    assert "“Empty gullies twice”" in note
    assert f"/know-how/drafts/{draft_id}/people/{ben.id}?seal=" in note
    assert "09/03/2026" in note
    assert (await scene.notices(ben))[0].type == "mention"
    (sent,) = await scene.sent()
    assert sent.inbox.startswith("https://mastodon.example")
    assert f"/people/{dan.id}?seal=" in sent.document["object"]["content"]
    assert sent.document["object"]["to"] == [dan.uri]
    assert await told(scene, ada) == [], "who makes it is not asked"
    assert await know_how.work(scene.node) == 0


async def test_it_waits_until_all_had_their_time(scene: Scene, ada: Actor, ben: Actor) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben))
    scene.node.clock.move(timedelta(days=7, seconds=-1))  # type: ignore[attr-defined]
    assert await know_how.work(scene.node) == 0
    scene.node.clock.move(timedelta(seconds=2))  # type: ignore[attr-defined]
    assert await know_how.work(scene.node) == 1
    assert (await held(scene, draft_id)).state == "published"


async def test_it_is_published_at_once_when_all_agree(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben, cat))
    await objections.answer(scene.node, await asked(scene, draft_id, ben), "agree")
    assert await know_how.work(scene.node) == 0
    await objections.answer(scene.node, await asked(scene, draft_id, cat), "agree")
    assert await know_how.work(scene.node) == 1
    assert (await held(scene, draft_id)).state == "published"


async def test_own_words_alone_need_nobodys_word(scene: Scene, ada: Actor) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ada))
    assert (await held(scene, draft_id)).state == "published"


async def test_who_objects_is_left_out_and_that_is_recorded(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben, cat))
    await objections.answer(scene.node, await asked(scene, draft_id, ben), "agree")
    await objections.answer(scene.node, await asked(scene, draft_id, cat), "leave_out", "another road")
    await know_how.work(scene.node)
    note = (await held(scene, draft_id)).post_id
    assert note is not None
    assert "cat: twice" not in (await scene.held(note)).content
    assert await names(scene, note) == ["ben"]
    assert "Cat (kent.example) objects" in (await told(scene, ada))[-1]
    entry = (await scene.node.store.read(audit.latest, 1))[0]
    assert (entry.verb, entry.by_name, entry.reason) == ("know-how object", "cat", "another road")
    assert entry.object == scene.node.uris.know_how_draft(draft_id)
    with pytest.raises(Invalid, match="already"):
        await objections.answer(scene.node, await asked(scene, draft_id, cat), "agree")


async def test_one_word_stops_a_draft_until_it_is_changed_and_told_again(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    picks = await thread(scene, ben, cat)
    draft_id = await told_draft(scene, ada, picks)
    await objections.answer(scene.node, await asked(scene, draft_id, cat), "stop", "it is wrong")
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    assert await know_how.work(scene.node) == 0
    stopped = await held(scene, draft_id)
    assert stopped.state == "stopped"
    outline = Outline(title="Better", picks=tuple(picks))
    await distilling.change(scene.node, ada, draft_id, stopped.version, outline)
    await objections.tell(scene.node, ada, draft_id)
    await know_how.work(scene.node)
    assert len(await told(scene, cat)) == 2
    assert [one.answer for one in await scene.node.store.read(know_how_drafts.answers, draft_id)] == ["", ""]


async def test_who_wants_to_be_left_out_is_not_asked_again(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    picks = await thread(scene, ben, cat)
    draft_id = await told_draft(scene, ada, picks)
    await objections.answer(scene.node, await asked(scene, draft_id, cat), "leave_out")
    version = (await held(scene, draft_id)).version
    await distilling.change(scene.node, ada, draft_id, version, Outline(title="Again", picks=tuple(picks)))
    await objections.tell(scene.node, ada, draft_id)
    await know_how.work(scene.node)
    assert len(await told(scene, cat)) == 1
    made = await scene.node.store.read(distilling.made, await held(scene, draft_id))
    assert made is not None
    assert [part.said.name for part in made.said] == ["Ben"]


async def test_nothing_is_published_once_nobodys_words_are_left(scene: Scene, ada: Actor, ben: Actor) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben))
    await objections.answer(scene.node, await asked(scene, draft_id, ben), "leave_out")
    await know_how.work(scene.node)
    assert (await held(scene, draft_id)).state == "stopped"


async def test_who_objects_after_it_was_published_leaves_it_too(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben, cat))
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(scene.node)
    one = await asked(scene, draft_id, cat)
    with pytest.raises(Invalid):
        await objections.answer(scene.node, one, "stop")
    await objections.answer(scene.node, one, "leave_out")
    await know_how.work(scene.node)
    note = (await held(scene, draft_id)).post_id
    assert note is not None
    assert "cat: twice" not in (await scene.held(note)).content


async def test_nobodys_words_are_published_who_could_not_be_told(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    eve = await scene.remote("eve", "york.example")
    picks = await thread(scene, ben)
    root = await scene.held(picks[0])
    theirs = await scene.theirs(
        eve, in_reply_to=root.uri, parent_id=root.id, root_id=root.id, community_id=root.community_id
    )
    draft_id = await told_draft(scene, ada, [*picks, theirs.id])
    answers = await scene.node.store.read(know_how_drafts.answers, draft_id)
    assert {one.actor_id: one.answer for one in answers} == {ben.id: "", eve.id: "leave_out"}


async def test_a_page_opens_for_its_person_and_its_draft_only(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben, cat))
    seal = objections.seal_of(scene.node, draft_id, ben.id)
    found = await objections.asked(scene.node, draft_id, ben.id, seal)
    assert [part.said.author for part in found.said] == [ben.uri], "one's own words and nobody else's"
    other = await drafted(scene, ada, await thread(scene, ben))
    for draft, who, word in (
        (draft_id, cat.id, seal), (draft_id, ben.id, ""), (other, ben.id, seal), (draft_id, ben.id, "é"),
        (draft_id, ada.id, objections.seal_of(scene.node, draft_id, ada.id)),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await objections.asked(scene.node, draft, who, word)
    with pytest.raises(Invalid):
        await objections.answer(scene.node, found, "maybe")


async def test_a_title_that_names_somebody_goes_to_nobody_else(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    draft_id = await drafted(
        scene, ada, await thread(scene, ben), title="What @cat and @cat@kent.example say"
    )
    await objections.tell(scene.node, ada, draft_id)
    await know_how.work(scene.node)
    assert len(await told(scene, ben)) == 1
    assert await told(scene, cat) == []


async def test_a_thread_in_welsh_is_asked_about_in_welsh(scene: Scene, ada: Actor, ben: Actor) -> None:
    draft_id = await drafted(scene, ada, await thread(scene, ben), language="cy")
    await objections.tell(scene.node, ada, draft_id)
    await know_how.work(scene.node)
    assert "Hoffai Ada (kent.example) eich dyfynnu" in (await told(scene, ben))[0]


async def test_its_owner_is_told_once_when_a_note_is_to_be_looked_at(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    note = await published(scene, ada, await thread(scene, ben), months=1)
    scene.node.clock.move(timedelta(days=31))  # type: ignore[attr-defined]
    assert await know_how.work(scene.node) == 1
    assert re.search(rf"look at your know-how .*/know-how/{note}/edit", (await told(scene, ada))[-1])
    assert await know_how.work(scene.node) == 0


async def test_who_facilitates_no_more_publishes_nothing(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    draft_id = await told_draft(scene, ada, await thread(scene, ben))
    communities = moderate.communities
    await scene.node.store.write(communities.set_facilitators, roads.id, [ben.id], scene.node.clock.now())
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(scene.node)
    assert (await held(scene, draft_id)).state == "stopped"


async def test_what_is_gone_meanwhile_is_written_anew_no_more(scene: Scene, ada: Actor, ben: Actor) -> None:
    picks = await thread(scene, ben)
    note = await published(scene, ada, picks)
    await own_post.delete(scene.node, ben, picks[0])
    await own_post.delete(scene.node, ada, note)
    assert await know_how.work(scene.node) == 0
    assert await scene.node.store.read(rows.find, SYSTEM, note) is None
