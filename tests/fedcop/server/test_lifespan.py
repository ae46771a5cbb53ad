"""What runs beside the requests, and ends with them."""

import asyncio
import signal
from datetime import timedelta

import pytest

from fedcop.actions import knock
from fedcop.node import Node
from fedcop.server.app import build
from fedcop.server.lifespan import lifespan_of
from storage import allowlist, changes, knocks, received
from storage.allowlist import RuleRow
from storage.engine import Transaction
from storage.ids import RowId
from storage.received import NewReceived
from tests.support.clock import NOON
from tests.support.network import Network


async def _rule_of_a_command(tx: Transaction) -> None:
    await allowlist.put(tx, RuleRow("york.example", "allow", "", "test", "command", NOON))
    await changes.bump(tx, "rules")


async def test_what_a_command_wrote_is_taken_up_within_2_s(node: Node) -> None:
    async with lifespan_of(node, workers=False)(build(node)), asyncio.timeout(2):
        await asyncio.sleep(0)  # the counters are looked at before the command
        await node.store.read(changes.counters)
        await node.store.write(_rule_of_a_command)
        assert await node.hub.wait("rules", seconds=2)
        assert node.allows("york.example")


async def test_an_entry_whose_last_day_is_over_counts_no_longer(node: Node, network: Network) -> None:
    rule = RuleRow("*.york.example", "allow", "", "test", "command", NOON, until=NOON.date())
    await node.store.write(allowlist.put, rule)
    await node.refresh_rules()
    async with lifespan_of(node, workers=False)(build(node)):
        network.clock.move(timedelta(hours=12))
        assert node.allows("york.york.example")
        assert await node.hub.wait("upkeep", seconds=20)
        assert not node.allows("york.york.example")


async def test_nodes_that_were_refused_are_written_down_within_2_s(node: Node) -> None:
    async with lifespan_of(node, workers=False)(build(node)):
        knock.note(node, "york.example", way="inbox", actor="", user_agent="")
        for _ in range(400):
            if await node.store.read(knocks.waiting):
                break
            await asyncio.sleep(0.05)

    assert [row.host for row in await node.store.read(knocks.waiting)] == ["york.example"]


@pytest.mark.parametrize("workers", [True, False])
async def test_queues_are_worked_on_only_where_workers_are_wanted(node: Node, workers: bool) -> None:
    row = NewReceived(
        uri="https://devon.example/1", type="Dance", actor_uri="https://devon.example/x",
        host="devon.example", key_id="https://devon.example/x#key", body=b"{}",
    )  # fmt: skip
    await node.store.write(received.put, row, RowId(1))
    async with lifespan_of(node, workers=workers)(build(node)):
        for _ in range(100 if workers else 10):
            states = [count.state for count in await node.store.read(received.counts)]
            if states != ["waiting"]:
                break
            await asyncio.sleep(0.02)

    assert ("waiting" in states) is not workers


async def test_all_that_runs_beside_ends_with_the_requests(node: Node) -> None:
    before = asyncio.all_tasks()
    async with lifespan_of(node, workers=True)(build(node)):
        assert {task.get_name() for task in asyncio.all_tasks() - before} >= {"watch", "workers"}

    assert asyncio.all_tasks() == before


async def test_when_workers_cannot_go_on_the_node_ends_and_says_why(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    app = build(node)
    await node.store.close()
    try:
        async with lifespan_of(node, workers=True)(app), asyncio.timeout(5):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)

    assert "the store is closed" in str(app.state.fault)
    assert "so the node ends" in caplog.text
