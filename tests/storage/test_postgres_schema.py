"""The schema in a PostgreSQL database."""

import concurrent.futures
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate, open_store
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.migrate import FOLDER
from storage.postgres_schema import name_of
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def url() -> Iterator[str]:
    """Give a database in which nothing was made yet."""
    with databases.new() as made:
        yield made


def test_each_step_is_applied_once_however_many_do_it_at_once(url: str) -> None:
    assert migrate.version(url) == 0
    names = [step.name for step in migrate.wanted(dialect="postgres")]
    with concurrent.futures.ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda _: migrate.migrate(url), range(3)))
    assert sorted(name for part in done for name in part) == names
    assert migrate.version(url) == len(names)
    migrate.ensure_current(url)


def test_a_step_that_fails_leaves_nothing_behind_and_may_be_tried_again(url: str, tmp_path: Path) -> None:
    step = tmp_path / "0001_first.sql"
    step.write_text("CREATE TABLE first (id INTEGER); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StorageError, match="nowhere"):
        migrate.migrate(url, folder=tmp_path)
    assert migrate.version(url) == 0
    step.write_text("CREATE TABLE first (id INTEGER);")
    assert migrate.migrate(url, folder=tmp_path) == ["0001_first"]


async def test_another_versions_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SchemaMismatch, match=r"of version 0, \d+ wanted: run `fedcop migrate`") as raised:
        await open_store(url)
    assert "secret" not in str(raised.value)
    migrate.migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE migrations SET checksum = '' WHERE number = 2")
    with pytest.raises(SchemaMismatch, match="0002_posts is not the one that was applied"):
        migrate.migrate(url)


async def test_texts_compare_by_their_bytes_whatever_the_database_was_made_with(url: str) -> None:
    migrate.migrate(url)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT DISTINCT collation_name FROM information_schema.columns WHERE data_type = 'text'"
            " AND table_schema = 'public'"
        ).fetchall()
    assert found == [("C",)]


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    with pytest.raises(Unavailable) as raised:
        migrate.version("postgresql://ada:secret@127.0.0.1:1/kent")
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_database_is_named_without_its_password() -> None:
    assert name_of("postgresql://ada:secret@db.example/kent") == "kent at db.example"
    with pytest.raises(Unavailable, match=r"wanted postgresql://USER@HOST/NAME") as raised:
        name_of("postgresql://ada:secret@db.example/kent?what=ever")
    assert "secret" not in str(raised.value)


def test_the_folder_of_migrations_is_the_one_for_both() -> None:
    assert migrate.wanted(dialect="postgres")[0].sql == (FOLDER / "0001_actors.sql").read_text("utf-8")
