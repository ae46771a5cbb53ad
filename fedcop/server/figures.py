"""What a node counts and what waits in it, in the text format of Prometheus.

Names and labels are for the rules in ``docs/alerts.yml``. Labels are bounded: only those peers are named for
which most waits.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

import fedcop
from fedcop.meters import Durations, Meters
from fedcop.node import Node
from fedcop.server import checks
from storage import changes, depths
from storage.depths import Depth, Peer, State
from storage.engine import Reader

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MEDIA_TYPE: Final = "text/plain; version=0.0.4"
MOST_PEERS: Final = 50


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was read from the database for one answer."""

    now: datetime
    depths: dict[str, Depth]
    longest: list[Peer]
    peers: list[State]
    backup_at: datetime | None


async def text(node: Node) -> str:
    """Give every figure as it is now."""
    seen = await node.store.scan(_read, node.clock.now())
    # The library is loaded when somebody asks for figures, and beside the event loop: it takes a while.
    return await asyncio.to_thread(_written, node, seen)


async def _read(read: Reader, now: datetime) -> _Seen:
    at = await changes.find_fact(read, checks.BACKED_UP)
    return _Seen(
        now=now,
        depths=await depths.depths(read, now),
        longest=await depths.longest(read, MOST_PEERS),
        peers=await depths.peers(read),
        backup_at=datetime.fromisoformat(at) if at else None,
    )


def _written(node: Node, seen: _Seen) -> str:
    from prometheus_client import ProcessCollector, generate_latest  # noqa: PLC0415 - seldom asked for
    from prometheus_client.registry import CollectorRegistry  # noqa: PLC0415 - the same

    class Here:
        def collect(self) -> Iterator["Metric"]:
            yield from _of_process(node, node.meters)
            yield from _of_queues(seen)

    registry = CollectorRegistry()
    registry.register(Here())
    ProcessCollector(registry=registry)
    return generate_latest(registry).decode()


def _of_process(node: Node, meters: Meters) -> Iterator["Metric"]:
    now = time.monotonic()
    disk = shutil.disk_usage(Path(node.config.node.key_file).parent)
    yield _gauge("fedcop_info", "The version that runs.", ("version",), {(fedcop.__version__,): 1.0})
    yield _histogram(
        "fedcop_request_seconds",
        "From a request to the beginning of its answer.",
        ("door", "status"),
        meters.requests,
    )
    yield _histogram("fedcop_loop_lag_seconds", "How late the event loop was.", (), {(): meters.lag})
    yield _counter("fedcop_received", "Activities that were worked on.", "outcome", meters.received)
    yield _counter("fedcop_deliveries", "Deliveries that were tried.", "outcome", meters.deliveries)
    ages = {(name,): now - at for name, at in dict(meters.turns).items()}
    yield _gauge("fedcop_worker_turn_age_seconds", "Since a worker last took its turn.", ("worker",), ages)
    yield _gauge(
        "fedcop_writes_waiting", "Writes that wait for their turn.", (), {(): float(node.store.waiting)}
    )
    yield _gauge("fedcop_disk_free_bytes", "Room beside the keys.", (), {(): float(disk.free)})


def _of_queues(seen: _Seen) -> Iterator["Metric"]:
    waiting = {(name,): float(depth.waiting) for name, depth in seen.depths.items()}
    ages = {(name,): _age(seen.now, depth.oldest_at) for name, depth in seen.depths.items()}
    yield _gauge("fedcop_queue_waiting", "What waits in a queue.", ("queue",), waiting)
    yield _gauge("fedcop_queue_age_seconds", "Since when the oldest of it waits.", ("queue",), ages)
    peers = {(peer.host,): float(peer.waiting) for peer in seen.longest}
    ages = {(peer.host,): _age(seen.now, peer.oldest_at) for peer in seen.longest}
    failures = {(peer.host,): float(peer.failures) for peer in seen.longest}
    yield _gauge("fedcop_peer_waiting", "Deliveries to a peer; those with most.", ("peer",), peers)
    yield _gauge("fedcop_peer_age_seconds", "Since when the oldest of them waits.", ("peer",), ages)
    yield _gauge("fedcop_peer_failures", "Failures in a row.", ("peer",), failures)
    states = {(one.standing, "failing" if one.failing else "ok"): float(one.n) for one in seen.peers}
    yield _gauge("fedcop_peers", "Nodes met.", ("standing", "state"), states)
    if seen.backup_at is not None:
        age = {(): _age(seen.now, seen.backup_at)}
        yield _gauge("fedcop_backup_age_seconds", "Since `fedcop backup` last made one.", (), age)


def _age(now: datetime, at: datetime | None) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0


def _gauge(name: str, said: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - seldom asked for

    family = GaugeMetricFamily(name, said, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _counter(name: str, said: str, label: str, values: Mapping[str, int]) -> "Metric":
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - seldom asked for

    family = CounterMetricFamily(name, said, labels=(label,))
    for of, value in list(values.items()):
        family.add_metric((of,), value)
    return family


def _histogram(name: str, said: str, labels: tuple[str, ...], values: Mapping[Any, Durations]) -> "Metric":
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 - seldom asked for

    family = HistogramMetricFamily(name, said, labels=labels)
    for of, durations in list(values.items()):
        family.add_metric(of, list(durations.buckets()), durations.total)
    return family
