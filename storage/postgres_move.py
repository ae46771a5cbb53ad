"""Takes every row of an SQLite database over to PostgreSQL, or back, and compares what arrived.

    for moved in move(Path("data/fedcop.db"), "postgresql://..."):
        print(moved.table, moved.rows)
    take_back("postgresql://...", Path("copy.db"))      while others work: the rows as they were at a moment

Whoever moves holds both databases (``storage.lock.alone``). All of it is one transaction: when a row cannot
be taken, or does not arrive as it was, the target is as empty as before and the source as it always was.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from storage import driver, migrate, postgres_driver
from storage.errors import StorageError, Unavailable
from storage.postgres_driver import Connection
from storage.search_rows import NOTE_ALL_DUE

ROWS = 1_000  # held in memory at once

# The target has had its own migrations, and makes its full-text rows itself.
NOT_MOVED = frozenset({"migrations", "search_due"})

# Neither virtual tables nor those that hold what is in them.
TABLES = """
SELECT name FROM pragma_table_list
 WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'
"""
COLUMNS = "SELECT name FROM pragma_table_info(:table) ORDER BY cid"
POINTS_AT = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(:table)'

HOLDS_SOMETHING = "SELECT EXISTS (SELECT 1 FROM actors) OR EXISTS (SELECT 1 FROM facts)"
GO_ON_FROM = (
    "SELECT setval('delivery_ids', MAX(id)) FROM deliveries HAVING MAX(id) IS NOT NULL",
    "SELECT setval('push_subscription_ids', MAX(id)) FROM push_subscriptions HAVING MAX(id) IS NOT NULL",
)


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was taken over: how many rows, and the digest that both databases give of them."""

    table: str
    rows: int
    digest: str


def move(source: Path, url: str) -> list[Moved]:
    """Take over every table; raise ``StorageError`` when the target is not empty, or is not the same then."""
    migrate.ensure_current(f"sqlite:{source}")
    migrate.migrate(url)
    with (
        closing(driver.connect(source, query_only=True)) as have,
        closing(postgres_driver.connect(url)) as into,
    ):
        try:
            have.execute("BEGIN")
            with into.transaction():
                _ensure_empty(into)
                moved = [_moved(have, into, table) for table in _in_order(have)]
                for text in (*GO_ON_FROM, NOTE_ALL_DUE):
                    into.execute(text.encode())
            into.execute("ANALYZE")
        except psycopg.Error as error:
            raise postgres_driver.translated(error) from error
        except sqlite3.Error as error:
            raise driver.translated(error, source) from error
    return moved


def take_back(url: str, target: Path) -> None:
    """Copy a database of PostgreSQL into a new file of SQLite, as it is at one moment; nothing is held up."""
    migrate.ensure_current(url)
    try:
        migrate.migrate(f"sqlite:{target}")
        with (
            closing(postgres_driver.connect(url)) as have,
            closing(sqlite3.connect(target, isolation_level=None)) as into,
        ):
            have.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            into.execute("BEGIN IMMEDIATE")
            for (table,) in into.execute(TABLES).fetchall():
                if table not in NOT_MOVED:
                    _taken_back(have, into, table)
            into.execute(NOTE_ALL_DUE)
            into.execute("COMMIT")
    except psycopg.Error as error:
        raise postgres_driver.translated(error) from error
    except sqlite3.Error as error:
        raise driver.translated(error, target) from error


def _taken_back(have: Connection, into: sqlite3.Connection, table: str) -> None:
    columns = [name for (name,) in into.execute(COLUMNS, {"table": table})]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    quoted = ", ".join(f'"{name}"' for name in columns)
    sent, arrived = _Digest(), _Digest()

    def rows() -> Iterator[tuple[Any, ...]]:
        with have.cursor() as cursor:
            for row in cursor.stream(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table))):
                sent.add(row)
                yield row

    into.execute(f'DELETE FROM "{table}"')  # what the migrations put there
    into.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({", ".join("?" for _ in columns)})', rows())
    for row in into.execute(f'SELECT {quoted} FROM "{table}"'):
        arrived.add(row)
    _ensure_same(table, sent, arrived)


def _ensure_same(table: str, sent: "_Digest", arrived: "_Digest") -> None:
    if (sent.rows, sent.text) != (arrived.rows, arrived.text):
        raise StorageError(f"{table}: {sent.rows} rows were sent and {arrived.rows} came, not all the same")


def _ensure_empty(into: Connection) -> None:
    if into.execute(HOLDS_SOMETHING.encode()).fetchone() != (False,):
        raise Unavailable("the target holds a node already; wanted an empty database")


def _in_order(have: sqlite3.Connection) -> Iterable[str]:
    """Give every table after those that its rows point at."""
    tables = {name for (name,) in have.execute(TABLES)} - NOT_MOVED
    points_at = {
        table: {name for (name,) in have.execute(POINTS_AT, {"table": table})} - {table} for table in tables
    }
    return TopologicalSorter({table: sorted(points_at[table]) for table in sorted(tables)}).static_order()


def _moved(have: sqlite3.Connection, into: Connection, table: str) -> Moved:
    columns = [name for (name,) in have.execute(COLUMNS, {"table": table})]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    quoted = ", ".join(f'"{name}"' for name in columns)
    sent = _Digest()
    with closing(have.execute(f'SELECT {quoted} FROM "{table}"')) as rows:
        into.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))  # what the migrations put there
        copy_in = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with into.cursor() as cursor, cursor.copy(copy_in) as copy:
            for row in _each(rows):
                sent.add(row)
                copy.write_row(row)
    arrived = _Digest()
    with into.cursor() as back:
        for row in back.stream(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table))):
            arrived.add(row)
    _ensure_same(table, sent, arrived)
    return Moved(table=table, rows=sent.rows, digest=sent.text)


def _each(rows: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    while some := rows.fetchmany(ROWS):
        for row in some:
            yield tuple(postgres_driver.storable(value) for value in row)


class _Digest:
    """A digest of rows, whatever their order: the sum of those of each."""

    def __init__(self) -> None:
        self.rows = self._sum = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """Count a row in."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())

    @property
    def text(self) -> str:
        """Give it in hexadecimal digits."""
        return f"{self._sum % (1 << 256):064x}"
