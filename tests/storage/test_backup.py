"""Copies of a database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import backup, driver
from storage.errors import StorageError, Unavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a database of some thousand pages."""
    made = tmp_path / "made.db"
    with closing(driver.connect(made, query_only=False)) as connection:
        connection.executescript(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, by INTEGER NOT NULL REFERENCES people, text BLOB);"
            "INSERT INTO people VALUES (1, 'Ada');"
        )
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO posts VALUES (?, 1, ?)", [(n, b"x" * 4000) for n in range(1, 3001)]
        )
        connection.execute("COMMIT")
    return made


def posts(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        count, last = connection.execute("SELECT COUNT(*), MAX(id) FROM posts").fetchone()
        return count, last


def test_a_copy_is_the_database_of_one_moment_whatever_is_written_meanwhile(
    path: Path, tmp_path: Path
) -> None:
    target, steps = tmp_path / "copy.db", list[int]()
    with closing(driver.connect(path, query_only=False)) as writer:

        def told(done: int, total: int) -> None:
            steps.append(done)
            writer.execute("INSERT INTO posts VALUES (NULL, 1, 'written meanwhile')")

        backup.copy(path, target, told=told)

    assert posts(target) == (3000, 3000)
    assert posts(path) == (3000 + len(steps), 3000 + len(steps))
    assert len(steps) >= 3  # in bounded steps, and never from the beginning again
    assert steps == sorted(steps)
    backup.ensure_sound(target)


def test_a_copy_that_fails_leaves_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    def told(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        backup.copy(path, target, told=told)
    assert sorted(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_to_is_named(path: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"nowhere.copy\.db"):
        backup.copy(path, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(Unavailable, match="no such database"):
        backup.copy(tmp_path / "none.db", tmp_path / "copy.db")


def test_damaged_pages_and_lost_rows_are_found(path: Path) -> None:
    backup.ensure_sound(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM people")
    with pytest.raises(StorageError, match="of posts names one of people that is not there"):
        backup.ensure_sound(path)
    data = bytearray(path.read_bytes())
    data[20_000:24_000] = bytes(4_000)
    path.write_bytes(data)
    with pytest.raises(StorageError, match="damaged"):
        backup.ensure_sound(path)
    path.write_bytes(b"no database at all, however long it may be" * 100)
    with pytest.raises(StorageError, match="not a database"):
        backup.ensure_sound(path)
