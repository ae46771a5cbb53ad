"""What is due of know-how is done once, and a fault of one thing is not another's."""

from datetime import timedelta

from fedcop.actions import objections, own_post
from fedcop.workers import due, know_how
from storage import know_how_drafts
from storage import knowhow as rows
from storage.actors import Actor
from storage.engine import Transaction
from storage.visible import SYSTEM
from tests.fedcop.actions.conftest import ada, ben, cat, roads, scene
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_knowhow import drafted, held, published, thread
from tests.fedcop.actions.test_objections import told_draft

__all__ = ["ada", "ben", "cat", "roads", "scene"]


async def test_a_fault_with_one_note_holds_up_no_other(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    first, second = await thread(scene, ben, cat), await thread(scene, ben, cat)
    broken, sound = await published(scene, ada, first), await published(scene, ada, second)
    for picks in (first, second):
        await own_post.delete(scene.node, cat, picks[1])

    async def spoil(tx: Transaction) -> None:
        long = "<p>word</p>" * 10_000
        await tx.execute(
            "UPDATE know_how_parts SET content = :long WHERE note_id = :id", id=broken, long=long
        )

    await scene.node.store.write(spoil)
    assert await due.work(scene.node) == 2
    assert "cat: twice" not in (await scene.held(sound)).content
    now = scene.node.clock.now()
    assert await scene.node.store.read(rows.due, now, 9) == []
    assert await scene.node.store.read(rows.due, now + know_how.AGAIN_AFTER, 9) == [broken]


async def test_whom_nothing_reached_in_time_is_not_quoted(scene: Scene, ada: Actor, ben: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    picks = await thread(scene, ben)
    root = await scene.held(picks[0])
    theirs = await scene.theirs(
        dan, in_reply_to=root.uri, parent_id=root.id, root_id=root.id, community_id=root.community_id
    )
    draft_id = await told_draft(scene, ada, [*picks, theirs.id])
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    assert await know_how.work(scene.node) == 1
    assert (await held(scene, draft_id)).state == "told"
    assert await know_how.work(scene.node) == 1
    assert (await held(scene, draft_id)).state == "published"
    answers = await scene.node.store.read(know_how_drafts.answers, draft_id)
    assert {one.actor_id: one.answer for one in answers} == {ben.id: "", dan.id: "leave_out"}


async def test_who_was_reached_and_says_nothing_agrees(scene: Scene, ada: Actor, ben: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    picks = await thread(scene, ben)
    root = await scene.held(picks[0])
    theirs = await scene.theirs(
        dan, in_reply_to=root.uri, parent_id=root.id, root_id=root.id, community_id=root.community_id
    )
    draft_id = await told_draft(scene, ada, [*picks, theirs.id])
    await scene.delivered()
    scene.node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(scene.node)
    note = (await held(scene, draft_id)).post_id
    assert note is not None
    people = await scene.node.store.read(rows.people, SYSTEM, note)
    assert {one.handle for one in people} == {"ben", "dan"}


async def test_a_node_without_know_how_has_nothing_to_do(scene: Scene, ada: Actor, ben: Actor) -> None:
    await drafted(scene, ada, await thread(scene, ben))
    assert await know_how.work(scene.node) == 0
    assert objections.ANSWERS == ("agree", "leave_out", "stop")
