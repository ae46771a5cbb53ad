"""The figures of a node, and the rules that watch them."""

from datetime import timedelta
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from fedcop import fetch
from fedcop.node import Node
from fedcop.server import figures
from storage import changes
from tests.architecture.sources import ROOT
from tests.support.network import Council, Network

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "docs" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]


async def seen(node: Node) -> dict[tuple[str, tuple[str, ...]], float]:
    """Give every figure by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, tuple(text for _, text in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(await figures.text(node))
        for sample in family.samples
    }


async def test_what_waits_is_counted_by_queue_and_by_peer(network: Network) -> None:
    kent, devon = await network.open("kent.example"), await network.open("devon.example")
    ada, bob = await kent.person("ada"), await devon.person("bob")
    found_there = await fetch.handle(devon.node, ada.handle, ada.domain)
    assert found_there is not None
    await devon.follow(bob, found_there)

    found = await seen(devon.node)

    assert found["fedcop_queue_waiting", ("deliveries",)] == 1
    assert found["fedcop_peer_waiting", ("kent.example",)] == 1
    network.clock.move(timedelta(hours=1))
    assert (await seen(devon.node))["fedcop_peer_age_seconds", ("kent.example",)] == 3600

    await network.settle()

    assert (await seen(devon.node))["fedcop_deliveries_total", ("taken",)] == 1
    assert (await seen(kent.node))["fedcop_received_total", ("done",)] == 1


async def test_requests_activities_and_deliveries_are_counted(node: Node) -> None:
    node.meters.answered("/api/v1/statuses", 200, 0.02)
    node.meters.received["done"] += 2
    node.meters.deliveries["put off"] += 1
    node.meters.lag.add(0.3)
    found = await seen(node)
    assert found["fedcop_request_seconds_bucket", ("client", "0.01", "2xx")] == 0
    assert found["fedcop_request_seconds_bucket", ("client", "0.025", "2xx")] == 1
    assert found["fedcop_request_seconds_count", ("client", "2xx")] == 1
    assert found["fedcop_received_total", ("done",)] == 2
    assert found["fedcop_deliveries_total", ("put off",)] == 1
    assert found["fedcop_loop_lag_seconds_sum", ()] == pytest.approx(0.3)
    assert found["fedcop_writes_waiting", ()] == 0
    assert found["process_resident_memory_bytes", ()] > 0


async def test_the_age_of_the_last_backup_is_known_once_there_is_one(node: Node) -> None:
    assert ("fedcop_backup_age_seconds", ()) not in await seen(node)
    at = node.clock.now() - timedelta(hours=30)
    await node.store.write(changes.set_fact, "backup_at", at.isoformat())
    assert (await seen(node))["fedcop_backup_age_seconds", ()] == 108_000


def _names(expression: Any) -> set[str]:
    """Give every metric that an expression asks for."""
    if isinstance(expression, promql_parser.VectorSelector):
        return {expression.name}
    parts = [getattr(expression, name, None) for name in ("lhs", "rhs", "expr", "vector_selector")]
    parts += getattr(expression, "args", None) or []
    return set[str]().union(*(_names(part) for part in parts if part is not None))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
async def test_a_rule_asks_for_what_there_is_and_says_what_to_do(kent: Council, rule: dict[str, Any]) -> None:
    node = kent.node
    node.meters.answered("/", 200, 0.1)
    node.meters.turns["received"] = 0.0
    node.meters.deliveries["taken"] += 1
    await node.store.write(changes.set_fact, "backup_at", node.clock.now().isoformat())
    there = {line.split()[2] for line in (await figures.text(node)).splitlines() if line.startswith("# TYPE")}
    there |= {name for name, _ in await seen(node)} | {"up"}

    asked_for = _names(promql_parser.parse(rule["expr"]))

    assert asked_for
    assert asked_for <= there
    assert rule["annotations"]["do"].endswith(".")
