"""``fedcop worker``: a real process beside others, on PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fedcop.server.conftest import CommandLine
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[CommandLine]:
    with databases.new() as url:
        monkeypatch.setenv("FEDCOP_DATABASE_URL", url)
        made = CommandLine(tmp_path / "kent")
        made.done("init", str(made.folder), "--domain", "kent.example")
        yield made


def started(line: CommandLine) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fedcop", "worker", "--config", str(line.folder / "fedcop.toml")]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ)


def test_workers_work_beside_each_other_until_they_are_told_to_end(line: CommandLine) -> None:
    processes = [started(line), started(line)]
    said = [process.stderr.readline() for process in processes if process.stderr is not None]
    assert sorted(text.partition("ready to work ")[2] for text in said) == [
        "as process 0 of this node\n",
        "as process 1 of this node\n",
    ]
    assert "another process works on this database" in line.refused("migrate")
    line.done("peers")
    for process in processes:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)
        assert (process.returncode, "Traceback" in log) == (0, False), log
    assert "already" in line.done("migrate")
