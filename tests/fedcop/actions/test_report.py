"""Reports: kept here, and sent on only if asked, without the name of who reported."""

import pytest

from fedcop.actions import report
from fedcop.errors import Invalid, NotFound
from storage import reports
from storage.actors import Actor
from storage.ids import RowId
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def test_a_report_is_kept_with_its_community(
    scene: Scene, ben: Actor, cat: Actor, roads: Actor
) -> None:
    thread = await scene.write(ben, "@roads Buy my grit")
    report_id = await report.report(
        scene.node, cat, ben, post_ids=[thread.id], comment="Advert", category="spam", forward=True
    )

    held = await scene.node.store.read(reports.find, RowId(report_id))
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
