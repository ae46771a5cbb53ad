"""What a supervisor is told, and what strangers are not."""

import time
from datetime import timedelta

import httpx
import pytest

from fedcop.node import Node
from fedcop.server.app import build
from storage import changes
from storage.engine import Transaction
from tests.support.network import Network


async def asked(
    node: Node, path: str, *, client: str = "127.0.0.1", workers: bool = False, **headers: str
) -> httpx.Response:
    app = httpx.ASGITransport(app=build(node, workers=workers), client=(client, 1))
    async with httpx.AsyncClient(transport=app, base_url="https://kent.example") as http:
        return await http.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})


async def test_a_machine_that_may_look_is_told_what_was_looked_at(node: Node) -> None:
    node.meters.turns["received"] = time.monotonic()
    answer = await asked(node, "/readyz", workers=True)
    found = answer.json()
    assert (answer.status_code, found["ready"]) == (200, True)
    assert [(one["check"], one["result"]) for one in found["checks"]] == [
        ("database", "ok"),
        ("disk", "ok"),
        ("workers", "ok"),
    ]


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("192.0.2.1", {}),
        ("127.0.0.1", {"x_forwarded_for": "127.0.0.1"}),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {"x_real_ip": "127.0.0.1"}),
        ("127.0.0.1", {"via": "1.1 proxy"}),
        ("127.0.0.1", {"x_forwarded_proto": "https"}),
        ("not an address", {}),
    ],
)
async def test_strangers_and_what_comes_through_a_proxy_learn_a_word(
    node: Node, client: str, headers: dict[str, str]
) -> None:
    ready = await asked(node, "/readyz", client=client, **headers)
    assert (ready.status_code, ready.text) == (200, "ok")
    figures = await asked(node, "/metrics", client=client, **headers)
    assert (figures.status_code, "fedcop_" in figures.text) == (403, False)


async def test_the_networks_are_those_of_the_configuration(network: Network) -> None:
    kent = await network.open("kent.example", server={"metrics_networks": ["10.1.0.0/16", "2001:db8::/32"]})
    for client, status in (("10.1.2.3", 200), ("2001:db8::7", 200), ("10.2.0.1", 403), ("127.0.0.1", 403)):
        assert (await asked(kent.node, "/metrics", client=client)).status_code == status


async def test_a_crew_that_takes_no_turns_is_not_ready(node: Node) -> None:
    assert (await asked(node, "/readyz", workers=True)).status_code == 200, "it has just begun"
    node.meters.turns["received"] = time.monotonic() - 3600
    answer = await asked(node, "/readyz", workers=True)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["checks"][-1]["text"] == "no turn for over 60 s: received"
    assert (await asked(node, "/readyz")).status_code == 200, "where nobody works here, nobody is missed"


async def test_a_database_that_takes_no_writes_is_not_ready_and_only_insiders_learn_why(node: Node) -> None:
    await node.store.close()
    answer = await asked(node, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][0]["text"] == "takes no writes: the store is closed"
    other = await asked(node, "/readyz", client="192.0.2.1")
    assert (other.status_code, other.text) == (503, "not ready")
    assert (await asked(node, "/livez")).text == "ok"


async def test_another_schema_is_not_ready(node: Node) -> None:
    async def newer(tx: Transaction) -> None:
        await tx.execute("INSERT INTO migrations (number, name, checksum) VALUES (999, 'x', 'x')")

    await node.store.write(newer)
    answer = await asked(node, "/readyz")
    assert "the schema is of version 999" in answer.json()["checks"][0]["text"]


async def test_a_look_is_for_all_who_ask_at_the_time(network: Network) -> None:
    node, clock = (await network.open("kent.example")).node, network.clock
    app = httpx.ASGITransport(app=build(node))
    async with httpx.AsyncClient(transport=app, base_url="https://kent.example") as http:
        await http.get("/readyz")
        first = await node.store.read(changes.find_fact, "probed_at")
        clock.move(timedelta(seconds=1))
        await http.get("/readyz")
    assert await node.store.read(changes.find_fact, "probed_at") == first
