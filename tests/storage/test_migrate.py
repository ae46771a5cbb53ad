"""Numbered steps of the schema."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import migrate, open_store
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.migrate import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two steps, one of them for each engine."""
    found = tmp_path / "migrations"
    found.mkdir()
    (found / "0001_first.sql").write_text("CREATE TABLE first (id INTEGER PRIMARY KEY);")
    (found / "0002_second.sqlite.sql").write_text(
        "CREATE TABLE second (a TEXT);\nINSERT INTO first VALUES (1);"
    )
    (found / "0002_second.postgres.sql").write_text("CREATE TABLE second (a TEXT, b JSONB);")
    return found


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:{tmp_path / 'new.db'}"


def tables(url: str) -> set[str]:
    with closing(sqlite3.connect(migrate.path_of(url))) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_each_step_is_applied_once_in_order(url: str, folder: Path) -> None:
    assert migrate.version(url) == 0
    assert migrate.migrate(url, folder=folder) == ["0001_first", "0002_second"]
    assert migrate.migrate(url, folder=folder) == []
    assert migrate.version(url) == 2
    (folder / "0003_third.sql").write_text("CREATE TABLE third (id INTEGER);")
    assert migrate.migrate(url, folder=folder) == ["0003_third"]
    assert tables(url) == {"first", "second", "third", "migrations"}


def test_an_engine_gets_its_own_text_where_they_differ(folder: Path) -> None:
    assert ["JSONB" in step.sql for step in migrate.wanted(dialect="postgres", folder=folder)] == [
        False,
        True,
    ]
    assert ["JSONB" in step.sql for step in migrate.wanted(folder=folder)] == [False, False]


def test_a_step_that_fails_takes_those_before_it_back_and_may_be_tried_again(url: str, folder: Path) -> None:
    migrate.migrate(url, folder=folder)
    (folder / "0003_third.sql").write_text("CREATE TABLE third (id INTEGER); -- no end of line")
    fourth = folder / "0004_fourth.sql"
    fourth.write_text("CREATE TABLE fourth (id INTEGER);\nINSERT INTO nowhere VALUES (1);")
    wanted = r"0004_fourth: no such table: nowhere; the schema is of version 2 as before"
    with pytest.raises(StorageError, match=wanted):
        migrate.migrate(url, folder=folder)
    assert migrate.version(url) == 2
    assert tables(url) == {"first", "second", "migrations"}
    fourth.write_text("CREATE TABLE fourth (id INTEGER);")
    assert migrate.migrate(url, folder=folder) == ["0003_third", "0004_fourth"]


def test_no_step_ends_the_transaction_that_takes_all_of_them_back() -> None:
    ending = re.compile(r"^\s*(COMMIT|END TRANSACTION|ROLLBACK|VACUUM|PRAGMA|ATTACH|DETACH)\b", re.M | re.I)
    assert [step.name for step in migrate.wanted() if ending.search(step.sql)] == []


def test_an_older_schema_is_named_in_one_line(url: str, folder: Path) -> None:
    migrate.migrate(url, folder=folder)
    (folder / "0003_third.sql").write_text("SELECT 1;")
    with pytest.raises(SchemaMismatch, match=r"of version 2, 3 wanted: run `fedcop migrate`") as raised:
        migrate.ensure_current(url, folder=folder)
    assert "\n" not in str(raised.value)


def test_a_newer_schema_is_refused_and_left_untouched(url: str, folder: Path) -> None:
    migrate.migrate(url, folder=folder)
    (folder / "0002_second.sqlite.sql").unlink()
    for act in (migrate.migrate, migrate.ensure_current):
        with pytest.raises(SchemaMismatch, match="of version 2, this code knows 1"):
            act(url, folder=folder)
    assert migrate.version(url) == 2


def test_a_step_that_was_changed_after_it_was_applied_is_refused(url: str, folder: Path) -> None:
    migrate.migrate(url, folder=folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE other (id INTEGER);")
    with pytest.raises(SchemaMismatch, match="0001_first is not the one that was applied"):
        migrate.ensure_current(url, folder=folder)


def test_numbers_have_no_gap_and_no_double(folder: Path) -> None:
    (folder / "0004_fourth.sql").write_text("")
    with pytest.raises(StorageError, match="each number once"):
        migrate.wanted(folder=folder)


def test_an_engine_that_there_is_not_is_refused(folder: Path) -> None:
    (folder / "0003_third.oracle.sql").write_text("")
    with pytest.raises(StorageError, match="'oracle' is no engine"):
        migrate.wanted(folder=folder)


def test_the_steps_of_this_code_are_all_there() -> None:
    steps = migrate.wanted()
    assert [step.name for step in steps] == sorted({path.name.split(".")[0] for path in FOLDER.glob("*.sql")})


@pytest.mark.parametrize("url", ["sqlite:", "postgres://x", "data/fedcop.db"])
def test_a_database_that_cannot_be_named_is_refused(url: str) -> None:
    with pytest.raises(Unavailable, match="wanted sqlite:PATH"):
        migrate.path_of(url)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("not a database, though it is long enough to look at" * 20)
    for act in (migrate.version, migrate.migrate):
        with pytest.raises(StorageError, match="not a database"):
            act(f"sqlite:{path}")


def test_a_database_of_something_else_is_of_version_0(url: str) -> None:
    with closing(sqlite3.connect(migrate.path_of(url))) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    assert migrate.version(url) == 0


async def test_a_store_opens_only_with_the_schema_of_this_code(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'none.db'}"
    with pytest.raises(SchemaMismatch, match="of version 0"):
        await open_store(url)
    assert not migrate.path_of(url).exists()
    migrate.migrate(url)
    store = await open_store(url)
    await store.close()


def test_trouble_with_the_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "fedcop.db", tmp_path / "none" / "fedcop.db"):
        with pytest.raises(Unavailable, match=rf"^{path}: "):
            migrate.migrate(f"sqlite:{path}")
    with pytest.raises(Unavailable, match=r"x{300}: File name too long"):
        migrate.ensure_current(f"sqlite:{tmp_path / ('x' * 300)}")


def fill(connection: sqlite3.Connection, table: str, row_id: int) -> None:
    """Put a row into a table that has what it must have and means nothing."""
    columns = {
        name: row_id if key else f"{name} {row_id}" if kind == "TEXT" else 1
        for _, name, kind, must, default, key in connection.execute(f"PRAGMA table_info({table})")
        if key or (must and default is None)
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))


def test_tags_with_accents_are_found_by_their_letters_afterwards(url: str, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for step in sorted(FOLDER.glob("000[1-8]*.sql")):
        shutil.copy(step, before)
    migrate.migrate(url, folder=before)
    with closing(sqlite3.connect(migrate.path_of(url))) as connection, connection:
        for row_id in range(1, 5):
            fill(connection, "actors", row_id)
            fill(connection, "posts", row_id)
        tags = [("català", 1, "Català"), ("café", 3, "café"), ("cafe", 3, "cafe"), ("αθήνα", 4, "Αθήνα")]
        connection.executemany("INSERT INTO post_tags (tag, post_id, name) VALUES (?, ?, ?)", tags)
        followed = [(1, "gŵyl", 5), (1, "gwyl", 6), (2, "café", 7)]
        connection.executemany("INSERT INTO followed_tags (actor_id, tag, id) VALUES (?, ?, ?)", followed)
    migrate.migrate(url)

    with closing(sqlite3.connect(migrate.path_of(url))) as connection:
        held = connection.execute("SELECT tag, post_id, name FROM post_tags ORDER BY post_id").fetchall()
        assert held == [("catala", 1, "Català"), ("cafe", 3, "cafe"), ("αθήνα", 4, "Αθήνα")]
        rows = connection.execute("SELECT actor_id, tag, id FROM followed_tags ORDER BY id").fetchall()
        assert rows == [(1, "gwyl", 6), (2, "cafe", 7)]
