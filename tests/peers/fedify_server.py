"""A server on Fedify, which is not ours: its packages come from npm when they are wanted; a process each.

Fedify wants Node 22, a package too: what npm's ``node`` loads by a script, none of which run here.
"""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bench.site import free_port
from fedcop.sample.council import end_with_parent

SOURCES = Path(__file__).with_name("fedify")
ARRIVES_WITHIN = 20.0
ENDS_WITHIN = 10


Found = TypeVar("Found")


class Fedify:
    """A Fedify server at ``NAME.localhost`` and a port, by https, and what the test asks of it."""

    def __init__(self, name: str, software: str) -> None:
        self.name = name
        self.software = software
        self.port, self.control_port = free_port(), free_port()
        self.domain = f"{name}.localhost:{self.port}"
        self.origin = f"https://{self.domain}"
        self._process: subprocess.Popen[str] | None = None

    def start(self, folder: Path, certificates: Path) -> None:
        """Serve from where it is installed, with the sample network's certificate; wait until it answers."""
        self._process = subprocess.Popen(
            [folder / "node_modules/.bin/node", "server.mjs", certificates, self.name, str(self.port),
             str(self.control_port), self.software],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            preexec_fn=end_with_parent,
            env=os.environ | {"NODE_EXTRA_CA_CERTS": str(certificates / "ca.pem")},
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=ENDS_WITHIN)

    def do(self, what: str, **values: Any) -> Any:
        """Let the server do something by Fedify, and give what came of it."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control_port}/{what}", data=json.dumps(values).encode()
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{self.name}: {what}: {error.read().decode()}") from None

    def seen(self, what: str) -> list[dict[str, Any]]:
        """Give a record of the server: received, asked, heard, sent, or what it wanted from elsewhere."""
        found: list[dict[str, Any]] = self.do("seen")[what]
        return found

    def received(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for what an inbox of the server took that is so; fail with all that came."""
        entries: list[dict[str, Any]] = []

        def last() -> dict[str, Any] | None:
            entries[:] = [entry for entry in self.seen("received") if entry["status"] < 300]
            return next((entry for entry in reversed(entries) if wanted(entry["activity"])), None)

        return until(last, lambda: [json.dumps(entry["activity"])[:300] for entry in entries])


def until(look: Callable[[], Found | None], told: Callable[[], object] = lambda: "") -> Found:
    """Give what a look finds, looking until it does; fail with what is told in the end."""
    ends = time.monotonic() + ARRIVES_WITHIN
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing within {ARRIVES_WITHIN:.0f} s: {told()}")
