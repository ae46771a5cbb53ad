"""What has its time is done once, and a fault of one thing is not another's."""

from datetime import timedelta

from fedcop.actions import answer, post, schedule
from fedcop.actions.draft import Draft, PollDraft
from fedcop.node import Node
from fedcop.workers import due
from storage import answers, polls, posts, scheduled
from storage.engine import Transaction
from storage.ids import RowId
from storage.visible import SYSTEM
from tests.support.network import Council


async def test_a_fault_with_one_thing_holds_up_no_other(kent: Council, node: Node) -> None:
    ada = await kent.person("ada")
    soon = node.clock.now() + timedelta(minutes=10)

    async def broken(tx: Transaction) -> None:
        await scheduled.add(tx, RowId(1), ada.id, soon, "{", most=9)

    await node.store.write(broken)
    await schedule.schedule(node, ada, Draft(text="Later"), soon)
    asked = Draft(text="Which?", poll=PollDraft(options=("a", "b"), seconds=300))
    await post.publish(node, ada, asked)
    kent.node.clock.move(timedelta(minutes=10))  # type: ignore[attr-defined]
    now = node.clock.now()
    assert await due.work(node) == 3
    assert len(await node.store.read(posts.ids_by_author, SYSTEM, ada.id, limit=9)) == 2
    assert await node.store.read(polls.due, now, 9) == []
    # The broken one is tried again later.
    assert await node.store.read(scheduled.due, now, 9) == []
    assert len(await node.store.read(scheduled.due, now + due.AGAIN_AFTER, 9)) == 1
    assert await due.work(node) == 0


async def test_what_follows_an_accepted_answer_is_done_in_its_time(kent: Council, node: Node) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    await kent.community("roads", ada)
    thread = await kent.publish(ben, "@roads Who has grit?")
    reply = await kent.publish(ada, "We have.", in_reply_to=thread)
    await answer.accept(node, ben, reply)
    assert await due.work(node) == 0
    kent.node.clock.move(timedelta(days=30))  # type: ignore[attr-defined]
    assert await due.work(node) == 1
    assert await due.work(node) == 0
    assert "mention" in await kent.told(ben)
    assert await node.store.read(answers.to_ask_again, node.clock.now(), 9) == []
