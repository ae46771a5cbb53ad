"""One council's node: made and served by the command line, spoken to as a client does."""

import ctypes
import json
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from fedcop.sample.story import Council

PASSWORD = "only-for-the-sample"  # noqa: S105 - printed on the screen, good for this machine alone
PR_SET_PDEATHSIG = 1
ANSWER_WITHIN = 60

SETTINGS = """
[node]
domain = {domain}
base_url = {address}
name = {name}
description = {description}

[federation]
allow = {allow}

[web]
public_pages = true

[client_api]
anonymous = true

[sign_in]
password_grant = true

[outbound]
allow_private_networks = ["127.0.0.0/8"]
plain_http = {plain}
ca_file = "{ca_file}"
"""

WRITTEN_ANEW = ("node", "federation", "web", "client_api", "sign_in", "outbound")


class Unanswered(Exception):
    """A node of the sample network refused a request or gave no answer."""


class Site:
    """A council's node: where its data lie, its process, and requests to it."""

    def __init__(self, slug: str, council: Council, folder: Path, *, tls: ssl.SSLContext | None) -> None:
        self.slug = slug
        self.council = council
        self.folder = folder / slug
        self.tls = tls
        self.domain = f"{slug}.localhost:{council.port}"
        self.address = f"{'https' if tls else 'http'}://{self.domain}"
        # Behind the TLS end the node itself listens a hundred ports further on.
        self.listens = council.port + 100 if tls else council.port
        self.process: subprocess.Popen[bytes] | None = None
        self.commands: set[subprocess.Popen[str]] = set()
        self.ended = False

    def make(self, others: list[str], *, ca_file: Path | None) -> None:
        """Make the node and let it talk with the others, and with nobody else."""
        self.command("init", str(self.folder), "--domain", self.domain, "--base-url", self.address,
                     "--name", self.council.name, config=False)  # fmt: skip
        path = self.folder / "fedcop.toml"
        kept = _without_sections(path.read_text("utf-8"), WRITTEN_ANEW)
        # What JSON writes of a text without control signs is a text of TOML as well.
        texts = {"domain": self.domain, "address": self.address, "name": self.council.name,
                 "description": self.council.description}  # fmt: skip
        settings = SETTINGS.format(
            allow=json.dumps(others),
            plain=json.dumps(ca_file is None),
            ca_file=ca_file or "",
            **{key: json.dumps(text, ensure_ascii=False) for key, text in texts.items()},
        )
        path.write_text(kept + settings, "utf-8")

    def command(self, *arguments: str, config: bool = True) -> str:
        """Run a command of the command line and give what it printed; raise ``Unanswered`` with its line."""
        self._ensure_going()
        chosen = ["--config", str(self.folder / "fedcop.toml")] if config else []
        run = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "fedcop", *arguments, *chosen],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.commands.add(run)
        printed, line = run.communicate()
        self.commands.discard(run)
        if run.returncode:
            raise Unanswered(f"{self.slug}: fedcop {' '.join(arguments[:2])}: {line.strip()}")
        return printed.strip()

    def start(self) -> None:
        """Start serving; the process ends when this one does, however it ends."""
        with (self.folder / "serve.log").open("ab") as log:
            config = str(self.folder / "fedcop.toml")
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", "fedcop", "serve", "--port", str(self.listens), "--config", config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
                process_group=0,
            )

    def wait_until_ready(self) -> None:
        """Wait until the node answers; raise ``Unanswered`` when it ended instead, with its last line."""
        ends = time.monotonic() + ANSWER_WITHIN
        while time.monotonic() < ends:
            if self.process is None or self.process.poll() is not None:
                raise Unanswered(f"{self.slug} did not start: {self.last_line()}")
            try:
                self.ask("GET", "/readyz")
            except Unanswered:
                time.sleep(0.1)
            else:
                return
        raise Unanswered(f"{self.slug} did not answer within {ANSWER_WITHIN} s: {self.last_line()}")

    def last_line(self) -> str:
        """Give the last line that the node logged."""
        lines = (self.folder / "serve.log").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it logged nothing"

    def end(self) -> None:
        """Ask the process to end, and refuse whatever is asked of this node from now on."""
        self.ended = True
        for command in list(self.commands):
            command.kill()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def _ensure_going(self) -> None:
        if self.ended:
            raise Unanswered(f"{self.slug} is ended")

    def ask(self, method: str, path: str, *, token: str = "", **form: Any) -> Any:
        """Send a request of the client API and give the answer's JSON, or its text where it has none."""
        self._ensure_going()
        body = urllib.parse.urlencode(form, doseq=True)
        url = f"{self.address.replace(self.domain, f'localhost:{self.council.port}')}{path}"
        if method == "GET" and body:
            url, body = f"{url}?{body}", ""
        request = urllib.request.Request(url, data=body.encode() or None, method=method)  # noqa: S310 - loopback
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN, context=self.tls) as answer:  # noqa: S310
                text = answer.read().decode()
                return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
        except urllib.error.HTTPError as error:
            raise Unanswered(f"{self.slug}: {method} {path}: {error.code} {error.read()[:300]!r}") from None
        except OSError as error:
            raise Unanswered(f"{self.slug}: {method} {path}: {error}") from None


def _without_sections(text: str, sections: tuple[str, ...]) -> str:
    """Drop tables of a TOML text, so that others can be written after it."""
    kept, dropping = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            dropping = line.strip().strip("[]").split(".")[0] in sections
        if not dropping:
            kept.append(line)
    return "".join(kept)


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone; elsewhere the parent's own end does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
