"""A node under test: made and served by the command line, killed and measured through the kernel."""

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
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from fedcop import config as configuration
from fedcop.config import Config
from storage import migrate

READY_WITHIN = 30.0
END_WITHIN = 15.0
TICKS = os.sysconf("SC_CLK_TCK")


class Refused(Exception):
    """A node answered, and the answer was no."""


class Spent(msgspec.Struct, frozen=True):
    """Processor time of a process so far, user and system together, and the time on the wall."""

    processor: float
    wall: float

    def since(self, earlier: "Spent") -> "Spent":
        """Give what passed from an earlier moment to this one."""
        return Spent(self.processor - earlier.processor, self.wall - earlier.wall)


class Site:
    """One node at ``NAME.localhost`` and a free port, allowing every name below ``localhost`` if not told.

    Its rows are in a file of its own, or where ``database_url`` says.
    """

    def __init__(self, folder: Path, *, name: str = "kent", database_url: str = "") -> None:
        self.folder = folder / name
        self.allow = ["*.localhost"]
        self._database_url = database_url
        self.port = free_port()
        self.domain = f"{name}.localhost:{self.port}"
        self.base = f"http://{self.domain}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def config_path(self) -> Path:
        """Give where the configuration lies."""
        return self.folder / "fedcop.toml"

    @property
    def config(self) -> Config:
        """Give the configuration that the process is served with."""
        return configuration.load(self.config_path, self._environment())

    def make(self) -> None:
        """Make the node by ``fedcop init``."""
        self._fedcop("init", str(self.folder), "--domain", self.domain, "--base-url", self.base)

    def command(self, *arguments: str) -> str:
        """Run a command on this node and give what it printed."""
        return self._fedcop(*arguments, "--config", str(self.config_path))

    def restore(self, *arguments: str) -> str:
        """Restore a backup into this node's folder, which is not there."""
        file, *more = arguments
        return self._fedcop("restore", file, str(self.folder), *more)

    def add_person(self, name: str) -> str:
        """Add a person and give an access token of theirs."""
        self.command("person", "add", name, "--email", f"{name}@kent.example", "--display-name", name.title())
        return self.command("token", "create", name, "--scopes", "read write follow")

    async def start(self, *more: str) -> Spent:
        """Serve, and give what it took until the first answer."""
        began = time.monotonic()
        self.process = self._served(*more)
        while not await self._answers():
            if self.process.poll() is not None or time.monotonic() - began > READY_WITHIN:
                raise RuntimeError(f"{self.domain} did not start: {self.log()[-2000:]}")
            await asyncio.sleep(0.005)
        spent = self.spent()
        return Spent(spent.processor, spent.wall - began)

    def beside(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start another process of this node; who starts it ends it."""
        return self._started(*arguments)

    def kill(self) -> None:
        """Kill the process as a power cut would: SIGKILL, no warning."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def stop(self) -> None:
        """Ask the process to end, and wait until it has."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(self.process.wait, END_WITHIN)

    def spent(self) -> Spent:
        """Give what the process has used up to now (proc(5): utime and stime are fields 14 and 15)."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return Spent((int(fields[11]) + int(fields[12])) / TICKS, time.monotonic())

    def resident(self) -> int:
        """Give the bytes of memory that the process holds."""
        line = next(line for line in self._proc("status").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def log(self) -> str:
        """Give what the process logged."""
        return (self.folder / "serve.log").read_text("utf-8", "replace")

    async def ask(self, method: str, path: str, *, token: str = "", **form: Any) -> Any:
        """Send a request of the client API and give the answer's JSON; ``OSError`` without an answer."""
        return await asyncio.to_thread(self._ask, method, path, token, form)

    def _ask(self, method: str, path: str, token: str, form: dict[str, Any]) -> Any:
        query = urllib.parse.urlencode(form, doseq=True)
        url = f"http://127.0.0.1:{self.port}{path}"
        body = query.encode() if method != "GET" else None
        if query and body is None:
            url = f"{url}?{query}"
        request = urllib.request.Request(url, data=body, method=method)
        request.add_header("Host", self.domain)
        request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.code} {error.read()[:300]!r}") from None

    def value(self, sql: str) -> Any:
        """Give a figure out of the node's database, as it is on disk."""
        database = migrate.path_of(self.config.database.url)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchone()[0]

    async def settled(self) -> None:
        """Wait until nothing waits in the inbox."""
        while self.value("SELECT COUNT(*) FROM received WHERE state = 'waiting'"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _served(self, *more: str) -> subprocess.Popen[bytes]:
        return self._started("serve", "--port", str(self.port), *more)

    def _started(self, *words: str) -> subprocess.Popen[bytes]:
        arguments = (*words, "--config", str(self.config_path))
        with (self.folder / "serve.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "fedcop", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
            )

    async def _answers(self) -> bool:
        try:
            await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{self.port}/readyz", timeout=5)
        except OSError:
            return False
        return True

    def _proc(self, name: str) -> str:
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/{name}").read_text("ascii")

    def _fedcop(self, *arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "fedcop", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment(),
        )
        if run.returncode:
            raise RuntimeError(f"fedcop {' '.join(arguments)}: {run.stderr.strip()}")
        return run.stdout.strip()

    def _environment(self) -> dict[str, str]:
        rows = {"FEDCOP_DATABASE_URL": self._database_url} if self._database_url else {}
        return (
            os.environ
            | rows
            | {
                "FEDCOP_FEDERATION_ALLOW": ",".join(self.allow),
                "FEDCOP_OUTBOUND_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
                "FEDCOP_OUTBOUND_PLAIN_HTTP": "true",
            }
        )


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
