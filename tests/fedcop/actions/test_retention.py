"""What has had its time goes by rule, is told to whom it concerns, and recorded."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop.actions import community, hold, leave, report, retention
from fedcop.config import RetentionSection
from fedcop.workers import upkeep
from storage import audit, reports
from storage.actors import Actor
from storage.ids import RowId
from storage.posts import Post
from storage.visible import person
from tests.fedcop.actions.scene import Scene


def rule(scene: Scene, **rules: Any) -> None:
    """Give the node rules."""
    scene.node.config = msgspec.structs.replace(scene.node.config, retention=RetentionSection(**rules))


def later(scene: Scene, days: int) -> None:
    scene.node.clock.move(timedelta(days=days))  # type: ignore[attr-defined]


async def due(scene: Scene) -> list[tuple[str, str, int, int]]:
    return [(one.rule, one.what, one.going, one.kept) for one in await retention.due(scene.node)]


@pytest.fixture
async def thread(scene: Scene, ben: Actor, roads: Actor) -> Post:
    """Give an old thread of Ben's, which somebody elsewhere got through the community."""
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    thread = await scene.write(ben, "Grit\n\n@roads Who has grit?")
    await scene.sent()
    await scene.delivered()
    return thread


async def test_without_rules_nothing_goes(scene: Scene, ben: Actor, thread: Post) -> None:
    await leave.suspend(scene.node, "ben", by="ada")
    await community.close(scene.node, "roads", by="ada")
    later(scene, 9999)
    assert await due(scene) == []
    assert await retention.apply(scene.node) == 0


async def test_an_old_thread_goes_and_the_members_nodes_are_told(scene: Scene, thread: Post) -> None:
    rule(scene, threads={"roads": 30})
    later(scene, 29)
    assert (await due(scene), await retention.apply(scene.node)) == ([], 0)
    later(scene, 2)
    assert await due(scene) == [("threads", "roads", 1, 0)]
    assert (await scene.held(thread.id)).removed_at is None, "a dry run changes nothing"
    assert await upkeep.work(scene.node) > 0
    assert (await scene.held(thread.id)).source == ""
    assert await scene.forms() == [("https://lemmy.example/inbox", "Announce Delete")]
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.by_name, entry.reason) == (
        "dispose", thread.uri, "node", "threads",
    )  # fmt: skip
    assert await scene.rows("SELECT body FROM withheld") == [], "nothing is left to be put back"
    assert (await due(scene), await retention.apply(scene.node)) == ([], 0)


async def test_a_rule_of_its_own_beats_that_for_all_others(
    scene: Scene, ben: Actor, bids: Actor, thread: Post
) -> None:
    rule(scene, threads={"*": 30, "roads": 0})
    later(scene, 99)
    assert await due(scene) == []
    rule(scene, threads={"*": 30})
    assert await due(scene) == [("threads", "roads", 1, 0)]


async def test_all_of_a_closed_community_goes(scene: Scene, ada: Actor, thread: Post) -> None:
    await scene.write(ada, "Loud", in_reply_to=thread.id)
    rule(scene, closed_communities=30)
    later(scene, 99)
    assert await due(scene) == []
    await community.close(scene.node, "roads", by="ada")
    later(scene, 31)
    assert await due(scene) == [("closed_communities", "roads", 2, 0)]
    assert await retention.apply(scene.node) == 2


@pytest.mark.parametrize("about", ["roads", "ben", "thread"])
async def test_a_hold_beats_the_rule_and_the_dry_run_says_so(scene: Scene, thread: Post, about: str) -> None:
    rule(scene, threads={"*": 30})
    await hold.place(scene.node, thread.uri if about == "thread" else about, reason="Complaint", by="ada")
    later(scene, 31)
    assert await due(scene) == [("threads", "roads", 0, 1)]
    assert await retention.apply(scene.node) == 0
    assert (await scene.held(thread.id)).source != ""


async def test_who_left_is_erased_after_a_while_unless_on_hold(scene: Scene, ben: Actor, cat: Actor) -> None:
    rule(scene, leavers=365)
    await scene.write(ben, "Rosebud")
    for name in ("ben", "cat"):
        await leave.suspend(scene.node, name, by="ada")
    await hold.place(scene.node, "ben", reason="Complaint", by="ada")
    later(scene, 364)
    assert await due(scene) == []
    later(scene, 2)
    assert await due(scene) == [("leavers", "ben", 0, 1), ("leavers", "cat", 0, 0)]
    assert await retention.apply(scene.node) == 1
    assert [(await scene.actor(one.id)).state for one in (ben, cat)] == ["suspended", "deleted"]
    entry, *_ = await scene.node.store.read(audit.about, cat.uri, limit=1)
    assert (entry.verb, entry.by_name, entry.reason) == ("person delete", "node", "leavers")


async def test_who_was_away_too_long_is_erased(scene: Scene, ben: Actor) -> None:
    rule(scene, inactive_accounts=90)
    later(scene, 91)
    assert [line[:2] for line in await due(scene)] == [
        ("inactive_accounts", "ben"),
        ("inactive_accounts", "cat"),
    ]
    assert await retention.apply(scene.node) == 2
    assert (await scene.actor(ben.id)).state == "deleted"


async def test_closed_reports_go(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    rule(scene, reports=30)
    made = await report.report(scene.node, cat, ben, comment="Rude")
    await scene.node.store.write(reports.close, RowId(made), ada.id, scene.node.clock.now())
    later(scene, 31)
    assert await due(scene) == [("reports", "closed", 1, 0)]
    assert await retention.apply(scene.node) == 1
    assert await scene.node.store.read(reports.find_own, person(cat.id), RowId(made)) is None
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.changed) == ("dispose", "reports", "reports,rule")
    held = await report.report(scene.node, cat, ben, comment="Rude")
    await scene.node.store.write(reports.close, RowId(held), ada.id, scene.node.clock.now())
    await hold.place(scene.node, "ben", reason="Complaint", by="ada")
    later(scene, 31)
    assert await due(scene) == [("reports", "closed", 0, 1)]
    assert await retention.apply(scene.node) == 0
