"""Reports: kept here, and sent on only if asked, without the name of who reported."""

import pytest

from fedcop.actions import report
from fedcop.errors import Invalid, NotFound
from storage import communities, reports, visible
from storage.actors import Actor
from storage.ids import RowId
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def test_a_report_is_kept_with_its_community(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor
) -> None:
    thread = await scene.write(ben, "@roads Buy my grit")
    report_id = await report.report(
        scene.node, cat, ben, post_ids=[thread.id], comment="Advert", category="spam", forward=True
    )

    held = await scene.node.store.read(reports.find, visible.person(ada.id), RowId(report_id))
    assert held is not None
    assert (held.by_actor, held.target_id, held.community_id) == (cat.id, ben.id, roads.id)
    assert (held.comment, held.category, held.forwarded) == ("Advert", "spam", False)
    assert held.posts == f"[{thread.id}]"
    assert await scene.sent() == []


async def test_a_report_that_is_sent_on_does_not_name_who_reported(scene: Scene, cat: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    eve = await scene.remote("eve", "mastodon.example")
    post = await scene.theirs(eve, community_id=grit.id)
    await report.report(scene.node, cat, eve, post_ids=[post.id], comment="Rude", forward=True)

    sent = {one.inbox: one.document for one in await scene.sent()}
    assert set(sent) == {LEMMY, MASTODON}
    assert {document["actor"] for document in sent.values()} == {scene.node.uris.actor}
    assert (sent[MASTODON]["object"], sent[MASTODON]["content"]) == ([eve.uri, post.uri], "Rude")
    assert (sent[LEMMY]["object"], sent[LEMMY]["to"]) == (post.uri, [grit.uri])
    assert all(cat.handle not in str(document) for document in sent.values())


async def test_without_being_asked_nothing_is_sent_on(scene: Scene, cat: Actor) -> None:
    await report.report(scene.node, cat, await scene.remote("eve", "mastodon.example"))

    assert await scene.sent() == []


async def test_a_post_of_somebody_else_cannot_be_reported_with_a_person(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    held = await scene.write(ada, "Hello")

    with pytest.raises(NotFound):
        await report.report(scene.node, cat, ben, post_ids=[held.id])


async def test_a_comment_has_an_end(scene: Scene, ben: Actor, cat: Actor) -> None:
    with pytest.raises(Invalid):
        await report.report(scene.node, cat, ben, comment="x" * 1001)


async def test_those_who_can_act_are_told_but_not_whom_it_is_about(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    his, hers = await scene.write(ben, "@roads Buy my grit"), await scene.write(ada, "@roads Mine is better")
    first = await report.report(scene.node, cat, ben, post_ids=[his.id])
    second = await report.report(scene.node, cat, ben, post_ids=[his.id])
    await report.report(scene.node, cat, ada, post_ids=[hers.id])

    told = [notice for notice in await scene.notices(ada) if notice.type == "report"]
    assert [(notice.by_actor, notice.report_id) for notice in told] == [(cat.id, second), (cat.id, first)]
    assert [notice.type for notice in await scene.notices(ben)] == []


async def test_a_facilitator_elsewhere_gets_a_flag_whether_or_not_it_is_sent_on(
    scene: Scene, ben: Actor, cat: Actor, roads: Actor
) -> None:
    eve, now = await scene.remote("eve", "lemmy.example"), scene.node.clock.now()
    await scene.node.store.write(communities.add_facilitator, roads.id, eve.id, lead=False, now=now)
    thread = await scene.write(ben, "@roads Buy my grit")
    await scene.sent()
    await report.report(scene.node, cat, ben, post_ids=[thread.id], comment="Look")

    (flag,) = [one.document for one in await scene.sent()]
    assert (flag["actor"], flag["to"], flag["content"]) == (scene.node.uris.actor, [eve.uri], "Look")
    assert cat.handle not in str(flag)


async def test_one_closes_it_for_all_and_the_record_says_who(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    thread = await scene.write(ben, "@roads Buy my grit")
    report_id = RowId(await report.report(scene.node, cat, ben, post_ids=[thread.id]))
    await report.assign(scene.node, ada, report_id, to_me=True)
    await report.set_category(scene.node, ada, report_id, "spam")
    await report.close(scene.node, ada, report_id)
    await report.reopen(scene.node, ada, report_id)
    await report.assign(scene.node, ada, report_id, to_me=False)

    held = await scene.node.store.read(reports.find, visible.person(ada.id), report_id)
    assert held is not None
    assert (held.category, held.closed_at, held.assigned_to) == ("spam", None, None)
    verbs = await scene.rows(
        "SELECT verb FROM audit WHERE object = :about ORDER BY number", about=str(report_id)
    )
    assert verbs == [f"report {verb}" for verb in ("assign", "category", "close", "reopen", "unassign")]


async def test_who_may_not_decide_is_refused_and_changes_nothing(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    thread = await scene.write(ben, "@roads Buy my grit")
    report_id = RowId(await report.report(scene.node, cat, ben, post_ids=[thread.id]))
    for who in (ben, cat):
        with pytest.raises(NotFound):
            await report.close(scene.node, who, report_id)

    held = await scene.node.store.read(reports.find, visible.person(ada.id), report_id)
    assert held is not None
    assert held.closed_at is None
