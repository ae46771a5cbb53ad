"""The command line of a node whose rows are on a PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import lock
from tests.fedcop.server.conftest import CommandLine
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with databases.new() as made:
        monkeypatch.setenv("FEDCOP_DATABASE_URL", made)
        yield made


@pytest.fixture
def line(url: str, tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path / "kent")
    made.done("init", str(made.folder), "--domain", "kent.example")
    return made


def test_a_node_is_made_in_an_empty_database_and_answers_every_command(line: CommandLine) -> None:
    assert not (line.folder / "data" / "fedcop.db").exists()
    assert "already" in line.done("migrate")
    words = ("--email", "ada@kent.example", "--display-name", "Ada", "--password", "correct horse")
    line.done("person", "add", "ada", *words)
    line.done("community", "open", "roads", "--name", "Roads", "--facilitator", "ada")
    line.done("allow", "*.gov.uk")
    assert "lent" not in line.done("peers")
    assert [one["handle"] for one in line.json("person", "list")] == ["@ada@kent.example"]
    assert {one["result"] for one in line.json("doctor")} <= {"ok", "warn"}
    assert "postgresql://" not in line.done("doctor")


def test_a_database_that_holds_a_node_is_never_replaced(line: CommandLine, tmp_path: Path) -> None:
    said = line.refused("init", str(tmp_path / "other"), "--domain", "devon.example")
    assert "holds a node; it is never replaced" in said
    assert not (tmp_path / "other" / "data").exists()


def test_a_database_that_is_in_use_is_not_migrated(line: CommandLine, url: str) -> None:
    with lock.alone(url):
        assert "another process works on this database" in line.refused("migrate")


def test_a_backup_is_restored_as_a_node_on_sqlite(line: CommandLine, tmp_path: Path) -> None:
    words = ("--email", "ada@kent.example", "--display-name", "Ada", "--password", "correct horse")
    line.done("person", "add", "ada", *words)
    secret = tmp_path / "passphrase"
    secret.write_text("a long passphrase for tests\n")
    secret.chmod(0o600)
    line.done("backup", str(tmp_path / "kent.bak"), "--passphrase-file", str(secret))

    back = CommandLine(tmp_path / "back")
    back.done("restore", str(tmp_path / "kent.bak"), str(back.folder), "--passphrase-file", str(secret))
    there = {"FEDCOP_DATABASE_URL": "sqlite:data/fedcop.db"}
    assert back.done("person", "list", "--json", **there) == line.done("person", "list", "--json")
    assert "fail" not in back.done("doctor", **there)
