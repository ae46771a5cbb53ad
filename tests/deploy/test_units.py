"""The units of systemd and the files of containers, as far as a machine without either can try them."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bench.site import Site
from tests.architecture.sources import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service")) + sorted((ROOT / "deploy").glob("*.timer"))
MOST_EXPOSED = 2.0  # of 10, as systemd reckons
BIN = Path(sys.executable).parent


def _commands(unit: str, folder: Path) -> tuple[list[list[str]], dict[str, str]]:
    """Give what a unit runs, with the test's programs and folders in the place of the machine's."""
    text = (ROOT / "deploy" / unit).read_text()
    text = text.replace("/opt/fedcop/bin", str(BIN)).replace("/var/lib/fedcop", str(folder))
    text = text.replace("/var/backups/fedcop", str(folder.parent)).replace("%%", "%").replace("$$", "$")
    commands = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    environment = re.search(r"^Environment=(\w+)=(.*)$", text, re.MULTILINE)
    assert environment is not None
    return [shlex.split(command) for command in commands], {environment[1]: environment[2]}


def _started(command: list[str], environ: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=os.environ | environ, cwd=folder)


def _run(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_systemd_understands_the_units_and_finds_little_exposed() -> None:
    verified = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in verified.stderr.splitlines() if "/opt/fedcop/bin/fedcop" not in line]
    assert complaints == []
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(ROOT / "deploy" / "fedcop.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    exposed = re.search(r"Overall exposure level for fedcop\.service: ([\d.]+)", security.stdout)
    assert exposed is not None, security.stderr
    assert float(exposed[1]) <= MOST_EXPOSED


@pytest.mark.slow
async def test_what_the_units_run_serves_backs_up_and_restores_beside(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.make()
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    secret = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    (command,), environ = _commands("fedcop.service", site.folder)
    served = _started([*command, "--port", str(site.port)], environ, site.folder)
    try:
        for _ in range(300):
            if await site._answers():
                break
            await asyncio.sleep(0.05)
        (command,), environ = _commands("fedcop-backup.service", site.folder)
        done = await asyncio.to_thread(_run, command, environ | secret)
    finally:
        served.terminate()
        served.wait(20)
    assert served.returncode == 0
    assert (done.returncode, done.stderr) == (0, "")
    kept = [name for name in os.listdir(tmp_path) if name.endswith(".bak")]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}\.bak", *kept)
    commands, environ = _commands("fedcop-drill.service", site.folder)
    drilled = [await asyncio.to_thread(_run, command, environ | secret) for command in commands]
    assert [one.returncode for one in drilled] == [0, 0], drilled
    assert " fail " not in drilled[1].stdout


def test_caddy_passes_on_to_where_the_node_listens() -> None:
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    assert text.count("{\n") == text.count("}\n")
    assert "reverse_proxy 127.0.0.1:8000" in text
    assert "redir /.well-known/webfinger https://communities.kent.example{uri}" in text
