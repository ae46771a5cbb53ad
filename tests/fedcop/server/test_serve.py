"""``fedcop serve``: real processes, real signals, a real port."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import deliveries, open_store
from storage.deliveries import NewBody
from storage.engine import Transaction
from storage.ids import ActorId, RowId
from tests.fedcop.server.conftest import CommandLine

ENDS_WITHIN = 10
LOOPBACK = '\n[outbound]\nplain_http = true\nallow_private_networks = ["127.0.0.0/8"]\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Served:
    """A node in a process of its own, with the command line beside it."""

    line: CommandLine
    port: int
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.line.folder / "data" / "fedcop.db"

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "fedcop", "serve", "--config", str(self.line.folder / "fedcop.toml")]
        process = subprocess.Popen(
            [*command, *words], stderr=subprocess.PIPE, text=True, env=os.environ | environ
        )
        self.processes.append(process)
        return process

    def ready(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Start it and wait for its one line."""
        process = self.start(*words, **environ)
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "ready at" in line, line
        return process

    def end(self, process: subprocess.Popen[str]) -> str:
        """Ask it to end, and give what it logged; it ends well, and in time."""
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=ENDS_WITHIN)
        assert process.returncode == 0, log
        return log

    def ask(self, path: str, token: str = "") -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def until(self, wanted: Callable[[], bool], *, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while not wanted() and time.monotonic() < ends:
            time.sleep(0.05)
        return wanted()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    port = free_port()
    line = CommandLine(tmp_path / "kent")
    line.done("init", str(line.folder), "--domain", f"kent.localhost:{port}")
    file = line.folder / "fedcop.toml"
    file.write_text(file.read_text().replace("\n[outbound]\n", LOOPBACK))
    node = Served(line, port)
    yield node
    for process in node.processes:
        process.kill()
        process.communicate()


def test_it_says_when_it_is_ready_and_answers_then(served: Served) -> None:
    process = served.start()
    assert process.stderr is not None
    line = process.stderr.readline()

    assert line.endswith(
        f"ready at http://kent.localhost:{served.port}, listening on 127.0.0.1:{served.port}\n"
    )
    assert served.ask("/readyz") == 200
    assert served.end(process) == "", "nothing went wrong, so nothing else is logged"


def test_it_serves_where_it_is_told_and_its_ids_stay(served: Served) -> None:
    named, served.port = served.port, free_port()
    served.ready("--port", str(served.port), "--host", "localhost")

    url = f"http://localhost:{served.port}/.well-known/webfinger?resource=acct:ask@kent.localhost:{named}"
    with urllib.request.urlopen(url) as answer:
        assert f"http://kent.localhost:{named}/people/ask" in answer.read().decode()


def test_its_log_is_json_where_that_is_wanted(served: Served) -> None:
    process = served.start(FEDCOP_LOG_FORMAT="json")
    assert process.stderr is not None

    assert json.loads(process.stderr.readline())["event"].startswith("ready at")


@pytest.mark.parametrize("words", [("serve", "--port", "PORT"), ("migrate",)])
def test_a_second_serve_or_migrate_is_refused_and_the_first_goes_on(
    served: Served, words: tuple[str, ...]
) -> None:
    process = served.ready()

    line = served.line.refused(*(str(free_port()) if word == "PORT" else word for word in words))

    assert f"process {process.pid} serves this database" in line
    assert served.ask("/livez") == 200


def test_sigint_ends_it_as_well_and_the_database_is_closed(served: Served) -> None:
    process = served.ready()
    process.send_signal(signal.SIGINT)

    assert process.wait(ENDS_WITHIN) == 0
    assert sorted(path.name for path in served.database.parent.iterdir()) == [
        "fedcop.db", "fedcop.db.lock", "media", "node.key",
    ]  # fmt: skip


def test_a_request_in_hand_is_answered_before_the_end(served: Served) -> None:
    process = served.ready()
    body = b'{"client_name":"slow","redirect_uris":"urn:ietf:wg:oauth:2.0:oob"}'
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        head = f"Host: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(b"POST /api/v1/apps HTTP/1.1\r\n" + head.encode() + body[:5])
        assert served.ask("/livez") == 200, "the beginning was taken too"
        process.send_signal(signal.SIGTERM)
        assert served.until(lambda: _refuses(served.port), seconds=5)
        client.sendall(body[5:])
        assert client.recv(100).startswith(b"HTTP/1.1 200")

    _, log = process.communicate(timeout=ENDS_WITHIN)
    assert (process.returncode, log) == (0, "")


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


def test_neither_a_client_nor_a_peer_that_hangs_holds_up_the_end(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hung:
        host = f"hung.localhost:{hung.getsockname()[1]}"
        asyncio.run(_queue(served.database, host))
        process = served.ready(FEDCOP_FEDERATION_ALLOW=host)
        hung.settimeout(10)
        with hung.accept()[0], socket.create_connection(("127.0.0.1", served.port)) as client:
            client.sendall(b"POST /inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert served.ask("/livez") == 200
            log = served.end(process)

    assert "request given up" in log
    assert "Traceback" not in log
    with closing(sqlite3.connect(served.database)) as database:
        assert database.execute("SELECT host FROM deliveries").fetchall() == [(host,)], "it is sent later"


async def _queue(database: Path, host: str) -> None:
    store = await open_store(f"sqlite:{database}")
    await store.write(_delivery, host, datetime.now(UTC))
    await store.close()


async def _delivery(tx: Transaction, host: str, now: datetime) -> None:
    sender = await tx.value("SELECT id FROM actors WHERE type = 'Application'")
    new = NewBody(
        uri="http://kent/activities/1", type="Create", object_uri=None, sender_id=ActorId(sender), body=b"{}"
    )
    await deliveries.add_body(tx, RowId(1), new)
    await deliveries.add(tx, RowId(1), [(host, f"http://{host}/inbox")], now)


def test_commands_take_effect_on_a_running_node_within_2_s(served: Served) -> None:
    served.ready()
    line = served.line
    named = ("--email", "ada@kent.example", "--display-name", "Ada")
    line.done("person", "add", "ada", *named, "--password", "-", given="three ordinary words\n")
    token = line.done("token", "create", "ada", "--scopes", "read").strip()
    me = "/api/v1/accounts/verify_credentials"
    assert served.until(lambda: served.ask(me, token) == 200, seconds=2)

    line.done("community", "open", "floods", "--name", "Floods", "--facilitator", "ada")
    finger = f"/.well-known/webfinger?resource=acct:floods@kent.localhost:{served.port}"
    assert served.until(lambda: served.ask(finger) == 200, seconds=2)

    line.done("person", "suspend", "ada")
    assert served.until(lambda: served.ask(me, token) == 403, seconds=2)


def test_without_workers_queues_wait(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as peer:
        host = f"peer.localhost:{peer.getsockname()[1]}"
        asyncio.run(_queue(served.database, host))
        served.ready("--no-workers", FEDCOP_FEDERATION_ALLOW=host)
        peer.settimeout(1.5)
        with pytest.raises(TimeoutError):
            peer.accept()


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("256.1.1.1", "server.host: found '256.1.1.1', wanted an address of this machine"),
        ("192.0.2.1", "server.host: found '192.0.2.1', wanted an address of this machine"),
    ],
)
def test_an_address_of_another_machine_is_named(served: Served, host: str, line: str) -> None:
    assert line in served.line.refused("serve", "--host", host)


def test_a_port_in_use_is_named(served: Served) -> None:
    with socket.create_server(("127.0.0.1", served.port)):
        line = served.line.refused("serve")

    assert line == (
        f"server.port: 127.0.0.1:{served.port} cannot be used (Address already in use); wanted a free port"
    )
