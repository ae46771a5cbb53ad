"""Moving a node from SQLite to PostgreSQL by the command line."""

from collections.abc import Iterator

import pytest

from storage import lock
from tests.fedcop.server.conftest import CommandLine
from tests.support import databases

NOWHERE = "postgresql://ada:secret@127.0.0.1:1/kent"


def test_what_is_no_postgresql_database_is_refused(kent_line: CommandLine) -> None:
    assert "wanted a URL such as postgresql://" in kent_line.refused("move-database", "sqlite:other.db")
    line = kent_line.refused("move-database", NOWHERE)
    assert "127.0.0.1" in line
    assert "secret" not in line


def test_while_a_server_runs_nothing_is_moved(kent_line: CommandLine) -> None:
    with lock.alone(f"sqlite:{kent_line.folder / 'data' / 'fedcop.db'}"):
        assert "serves this database" in kent_line.refused("move-database", NOWHERE)


needs_server = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def url() -> Iterator[str]:
    with databases.new() as made:
        yield made


@needs_server
def test_a_moved_node_is_the_same_node(kent_line: CommandLine, url: str) -> None:
    words = ("--email", "ada@kent.example", "--display-name", "Ada", "--password", "correct horse")
    kent_line.done("person", "add", "ada", *words)
    kent_line.done("community", "open", "roads", "--name", "Roads", "--facilitator", "ada")
    before = kent_line.json("person", "list")

    moved = kent_line.json("move-database", url)
    assert {one["table"]: one["rows"] for one in moved}["accounts"] == 1
    there = {"FEDCOP_DATABASE_URL": url}
    assert kent_line.done("person", "list", "--json", **there)
    assert kent_line.json("person", "list") == before
    assert "fail" not in kent_line.done("doctor", **there)
    assert "already" in kent_line.done("migrate", **there)
    assert "in PostgreSQL already" in kent_line.refused("move-database", url, **there)
    assert "holds a node already" in kent_line.refused("move-database", url)


@needs_server
def test_a_database_in_use_is_not_moved_to(kent_line: CommandLine, url: str) -> None:
    with lock.alone(url):
        assert "another process works on this database" in kent_line.refused("move-database", url)
