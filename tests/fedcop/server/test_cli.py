"""The command line as a whole."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
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


def test_a_migration_says_in_json_what_it_did(kent_line: CommandLine) -> None:
    names = [step.name for step in migrate.wanted()]
    assert kent_line.json("migrate") == {"version": len(names), "applied": [], "kept": None}
    (kent_line.folder / "data" / "fedcop.db").unlink()
    assert kent_line.json("migrate") == {"version": len(names), "applied": names, "kept": None}


@pytest.mark.parametrize("command", ["serve", "migrate", "peers"])
def test_a_newer_schema_is_refused_with_the_file_and_both_versions(
    kent_line: CommandLine, command: str
) -> None:
    path = kent_line.folder / "data" / "fedcop.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO migrations VALUES (99, '0099_later', '')")
    known = len(migrate.wanted())
    assert kent_line.refused(command) == (
        f"{path}: the schema is of version {known + 1}, this code knows {known}: run the newer fedcop"
    )


@pytest.mark.parametrize("command", ["peers", "migrate", "doctor"])
def test_a_server_that_is_not_there_is_told_without_its_password(
    kent_line: CommandLine, command: str
) -> None:
    result = kent_line.run(command, FEDCOP_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/fedcop")
    assert result.exit_code == 1
    assert "127.0.0.1" in result.output
    assert "secret" not in result.output


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
