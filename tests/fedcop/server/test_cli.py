"""The command line as a whole."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import fedcop
from storage import migrate
from storage.lock import Lock
from tests.fedcop.server.conftest import CommandLine


def test_the_version_is_said(kent_line: CommandLine) -> None:
    assert kent_line.done("--version") == f"fedcop, version {fedcop.__version__}\n"


def test_an_unknown_command_is_wrong_usage(kent_line: CommandLine) -> None:
    assert kent_line.run("frobnicate").exit_code == 2


@pytest.mark.parametrize("command", ["serve", "migrate", "peers", "doctor"])
def test_a_configuration_that_is_not_there_is_named(kent_line: CommandLine, command: str) -> None:
    result = kent_line.run(command, "--config", "/nowhere/fedcop.toml")
    assert result.exit_code == 1
    assert "/nowhere/fedcop.toml: no such file" in result.output


def test_a_database_of_this_version_needs_no_migration(kent_line: CommandLine) -> None:
    assert "already" in kent_line.done("migrate")


def test_a_database_without_schema_is_migrated(kent_line: CommandLine) -> None:
    database = kent_line.folder / "data" / "fedcop.db"
    database.unlink()
    assert "run `fedcop migrate`" in kent_line.refused("peers")
    assert kent_line.done("migrate").startswith("applied 0001_actors")
    assert migrate.version(f"sqlite:{database}") == len(migrate.wanted())


def test_a_database_that_is_served_is_not_migrated(kent_line: CommandLine) -> None:
    with Lock.of(f"sqlite:{kent_line.folder / 'data' / 'fedcop.db'}"):
        assert f"process {os.getpid()} serves this database" in kent_line.refused("migrate")


def test_a_port_in_use_is_refused(kent_line: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} cannot be used" in kent_line.refused("serve", "--port", str(port))


def test_a_database_that_is_served_is_not_served_again(kent_line: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Lock.of(f"sqlite:{kent_line.folder / 'data' / 'fedcop.db'}"):
        assert "serves this database" in kent_line.refused("serve", "--port", str(port))


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fedcop", "peers"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(fedcop.__file__).parents[1])},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fedcop.toml: no such file")
