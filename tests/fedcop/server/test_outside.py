"""A node as others see it."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from activitypub.wire import Request, Response
from fedcop.errors import PeerTrouble
from fedcop.node import Node
from fedcop.sample import tls
from fedcop.server import outside
from fedcop.transport import Budget
from tests.fedcop.server.conftest import CommandLine
from tests.support.network import Network


def _lines(line: CommandLine) -> dict[str, tuple[str, str]]:
    result = line.run("doctor", "--public")
    return {words[0]: (words[1], text) for text in result.stdout.splitlines()[1:] for words in [text.split()]}


class _Answers(BaseHTTPRequestHandler):
    """What stands at the node's address: the node itself, or something else."""

    actor = ""
    status = 200

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        link = {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{base}/nodeinfo/2.1"}
        self_link = {
            "rel": "self",
            "type": "application/activity+json",
            "href": self.actor or f"{base}/actor",
        }
        body = json.dumps(
            {"subject": f"acct:{self.headers['Host']}@{self.headers['Host']}", "links": [self_link, link]}
        ).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _from_outside(tmp_path: Path, answers: type[_Answers]) -> dict[str, tuple[str, str]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        line = CommandLine(tmp_path / "trial")
        line.done("init", str(line.folder), "--domain", f"trial.localhost:{server.server_port}")
        text = (line.folder / "fedcop.toml").read_text()
        text = text.replace("# plain_http = false", "plain_http = true")
        text = text.replace("# allow_private_networks = []", 'allow_private_networks = ["127.0.0.0/8"]')
        (line.folder / "fedcop.toml").write_text(text)
        found = _lines(line)
        server.shutdown()
    return found


def test_a_node_that_answers_as_itself_is_well_from_outside(tmp_path: Path) -> None:
    found = _from_outside(tmp_path, _Answers)
    assert {check: found[check][0] for check in ("dns", "tls", "webfinger", "nodeinfo")} == {
        "dns": "ok",
        "tls": "ok",
        "webfinger": "ok",
        "nodeinfo": "ok",
    }


def test_another_node_at_the_address_is_noticed(tmp_path: Path) -> None:
    other = type("Other", (_Answers,), {"actor": "https://other.example/actor"})
    result, text = _from_outside(tmp_path, other)["webfinger"]
    assert result == "fail"
    assert "names https://other.example/actor" in text


def test_a_proxy_without_a_node_behind_it_is_noticed(tmp_path: Path) -> None:
    found = _from_outside(tmp_path, type("Proxy", (_Answers,), {"status": 502}))
    assert {found[check][0] for check in ("tls", "webfinger", "nodeinfo")} == {"fail"}
    assert "answered 502" in found["tls"][1]


@contextmanager
def _with_tls(folder: Path) -> Iterator[int]:
    """Serve ``trial.localhost`` with a certificate of the sample network's authority, and give the port."""
    tls.authority(folder, ["trial.localhost"])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "node.pem", folder / "node-key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("days", "ca_file", "result", "said"),
    [
        (0, "ca.pem", "ok", f"holds for {tls.DAYS.days - 1} days"),
        (tls.DAYS.days - 10, "ca.pem", "warn", "holds for 9 days; see what renews it"),
        (0, "", "fail", "trial.localhost: "),
    ],
)
async def test_a_certificate_says_how_long_it_holds(
    network: Network, tmp_path: Path, days: int, ca_file: str, result: str, said: str
) -> None:
    with _with_tls(tmp_path / "tls") as port:
        domain = f"trial.localhost:{port}"
        outbound: dict[str, Any] = {"ca_file": str(tmp_path / "tls" / ca_file) if ca_file else ""}
        trial = await network.open(domain, node={"base_url": f"https://{domain}"}, outbound=outbound)
        network.clock.move(datetime.now(UTC) + timedelta(days=days) - network.clock.now())
        found = await outside.certificate(trial.node)
    assert (found.check, found.result) == ("tls", result)
    assert said in found.text


async def test_nobody_there_has_no_certificate_and_through_a_proxy_none_is_seen(network: Network) -> None:
    trial = await network.open("trial.localhost:1", node={"base_url": "https://trial.localhost:1"})
    assert (await outside.certificate(trial.node)).result == "fail"
    proxy = {"proxy": "http://proxy.example:3128"}
    other = await network.open(
        "other.localhost:1", node={"base_url": "https://other.localhost:1"}, outbound=proxy
    )
    assert "not seen through outbound.proxy" in (await outside.certificate(other.node)).text


class _Proxy:
    """Answers every request alike, or not at all."""

    def __init__(self, status: int) -> None:
        self.status = status

    async def exchange(self, request: Request, budget: Budget) -> Response:
        if not self.status:
            raise PeerTrouble("kent.example", "no answer")
        return Response(status=self.status, url=request.url)

    async def close(self) -> None:
        """Close nothing."""


@pytest.mark.parametrize(
    ("status", "result", "said"),
    [
        (403, "ok", "not shown to the outside"),
        (200, "fail", "shows figures to everybody; let the proxy set X-Forwarded-For"),
        (0, "warn", "no answer"),
    ],
)
async def test_a_proxy_that_hides_for_whom_it_asks_is_found_out(
    node: Node, status: int, result: str, said: str
) -> None:
    found = await outside.probes(node, _Proxy(status))
    assert (found.check, found.result) == ("metrics", result)
    assert said in found.text
