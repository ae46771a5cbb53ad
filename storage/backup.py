"""Copies an SQLite database while others read and write it, and looks whether a copy is sound.

    backup.copy(path, target)      the database as it was at one moment, whole
    backup.ensure_sound(target)    raises StorageError for pages or rows that do not fit together

The copy is read from one snapshot, step by step. In WAL mode a snapshot holds no writer up, and what they
write meanwhile does not begin the copy anew, as it would without one (sqlite.org/c3ref/backup_finish.html).
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage import driver
from storage.errors import StorageError, Unavailable

PAGES = 1_000  # of 4 096 bytes, copied between two looks at the progress
SUFFIXES = ("", "-wal", "-shm")

Told = Callable[[int, int], None]  # the pages that are copied, and all there are


def unheard(done: int, total: int) -> None:
    """Hear of the progress of a copy and do nothing."""


def copy(path: Path, target: Path, *, told: Told = unheard) -> None:
    """Copy the database at ``path`` to ``target``; if that fails, what was written is deleted."""
    if not path.exists():
        raise Unavailable(f"{path}: no such database")
    try:
        with closing(driver.connect(path, query_only=True)) as source, closing(sqlite3.connect(target)) as to:
            source.execute("BEGIN")
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # the snapshot begins here
            source.backup(to, pages=PAGES, progress=lambda _, left, total: told(total - left, total))
            source.execute("COMMIT")
    except sqlite3.Error as error:
        remove(target)
        raise driver.translated(error, target) from error
    except BaseException:
        remove(target)
        raise


def ensure_sound(path: Path) -> None:
    """Raise ``StorageError`` unless every page, index and reference of a database is as it should be."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise driver.translated(error, path) from error
    if found != "ok":
        raise StorageError(f"{path}: the database is damaged: {found}")
    if lost is not None:
        raise StorageError(f"{path}: row {lost[1]} of {lost[0]} names one of {lost[2]} that is not there")


def remove(path: Path) -> None:
    """Delete a database, and what SQLite put beside it."""
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
