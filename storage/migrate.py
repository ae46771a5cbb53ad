"""Brings a database to the schema of this code: numbered ``.sql`` files, each once, all or none of them.

    migrate.migrate("sqlite:data/fedcop.db")         gives the names of what it applied
    migrate.ensure_current("sqlite:data/fedcop.db")  raises SchemaMismatch in one line

and so for ``postgresql://USER@HOST/NAME``, where the words for types are PostgreSQL's.

A file is ``NNNN_name.sql``, or where engines differ ``NNNN_name.sqlite.sql`` and ``NNNN_name.postgres.sql``.
What was applied is remembered with its checksum: a file that has been applied never changes.
"""

import importlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, Protocol

from storage import driver
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.row import read_all
from storage.steps import APPLIED, COUNT, MIGRATIONS, RECORD, Applied, Migration

FOLDER = Path(__file__).with_name("migrations")
_DIALECTS = frozenset({"sqlite", "postgres"})


def dialect_of(url: str) -> Literal["sqlite", "postgres"]:
    """Give which engine ``sqlite:PATH`` or ``postgresql://...`` names."""
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest:
        return "sqlite"
    if scheme in ("postgresql", "postgres") and rest.startswith("//"):
        return "postgres"
    # The rest is not shown: a password may be in it.
    raise Unavailable(f"database.url: found {scheme}:…, wanted sqlite:PATH or postgresql://USER@HOST/NAME")


def path_of(url: str) -> Path:
    """Give the file that ``sqlite:PATH`` names."""
    if dialect_of(url) != "sqlite":
        raise Unavailable(
            "database.url: found postgresql:…, wanted sqlite:PATH; see docs/operate.md, PostgreSQL"
        )
    return Path(url.partition(":")[2])


def wanted(*, dialect: str = "sqlite", folder: Path = FOLDER) -> list[Migration]:
    """Give every step for one engine in order."""
    steps = []
    for path in sorted(folder.glob("*.sql")):
        name, *dialects = path.name.removesuffix(".sql").split(".")
        if not dialects or dialects == [dialect]:
            steps.append(Migration(number=int(name[:4]), name=name, sql=path.read_text("utf-8")))
        elif dialects[0] not in _DIALECTS:
            raise StorageError(
                f"{path.name}: {dialects[0]!r} is no engine, wanted one of {sorted(_DIALECTS)}"
            )
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise StorageError(f"migrations {[step.name for step in steps]}: wanted each number once, from 0001")
    return steps


class Database(Protocol):
    """A database whose schema is looked at or brought up; ``name`` is how a refusal calls it."""

    name: str

    def applied(self) -> list[Applied]:
        """Give the steps that it has had; none if it is empty, or not there."""
        ...

    def apply(self, steps: list[Migration], known: Callable[[list[Applied]], int]) -> list[str]:
        """Apply what is missing and give its names; if a step fails, none was applied."""
        ...


def database_of(url: str) -> Database:
    """Give the database that a URL names, without opening it."""
    if dialect_of(url) == "sqlite":
        return _SqliteFile(path_of(url))
    database: Database = on_server("postgres_schema").PostgresDatabase(url)
    return database


def on_server(name: str) -> Any:
    """Give one of the modules for PostgreSQL: by name, since a node on SQLite does without psycopg."""
    return importlib.import_module(f"storage.{name}")


def name_of(url: str) -> str:
    """Give how a database is called before people: without the password that may be in its URL."""
    return database_of(url).name


def migrate(url: str, *, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing and give its names; if a step fails, none was applied."""
    database, steps = database_of(url), wanted(dialect=dialect_of(url), folder=folder)
    return database.apply(steps, lambda applied: _ensure_known(database.name, applied, steps))


def version(url: str) -> int:
    """Give the number of the last step that a database has had; 0 for one without any."""
    return max((step.number for step in database_of(url).applied()), default=0)


def ensure_current(url: str, *, folder: Path = FOLDER) -> None:
    """Raise ``SchemaMismatch`` with what was found and what is wanted, unless the schema is this code's."""
    database, steps = database_of(url), wanted(dialect=dialect_of(url), folder=folder)
    done = _ensure_known(database.name, database.applied(), steps)
    if done < len(steps):
        raise SchemaMismatch(
            f"{database.name}: the schema is of version {done}, {len(steps)} wanted: run `fedcop migrate`"
        )


def _ensure_known(name: str, applied: list[Applied], steps: list[Migration]) -> int:
    """Give how many steps were applied; all of them have to be ours."""
    if len(applied) > len(steps):
        found = f"the schema is of version {len(applied)}, this code knows {len(steps)}"
        raise SchemaMismatch(f"{name}: {found}: run the newer fedcop")
    for have, step in zip(applied, steps, strict=False):
        if (have.number, have.checksum) != (step.number, step.checksum):
            raise SchemaMismatch(
                f"{name}: migration {step.name} is not the one that was applied ({have.name})"
            )
    return len(applied)


class _SqliteFile:
    """A file that SQLite made, or that is not there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def applied(self) -> list[Applied]:
        """Give the steps that it has had."""
        try:
            if not self._path.exists():
                return []
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                return _applied(connection)
        except OSError as error:
            raise Unavailable(f"{self._path}: {error.strerror}") from error
        except sqlite3.Error as error:
            raise driver.translated(error, self._path) from error

    def apply(self, steps: list[Migration], known: Callable[[list[Applied]], int]) -> list[str]:
        """Apply what is missing, all in one transaction."""
        try:
            with closing(driver.connect(self._path, query_only=False)) as connection:
                connection.execute(MIGRATIONS)
                done = known(_applied(connection))
                self._bring_up(connection, steps, done)
        except sqlite3.Error as error:
            raise driver.translated(error, self._path) from error
        return [step.name for step in steps[done:]]

    def _bring_up(self, connection: sqlite3.Connection, steps: list[Migration], done: int) -> None:
        try:
            # One text: sqlite3 commits what is open before it runs another.
            connection.executescript("\n;".join(["BEGIN IMMEDIATE", *map(_recorded, steps[done:])]))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            failed = steps[min(connection.execute(COUNT).fetchone()[0], len(steps) - 1)]
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            said = f"{self._path}: {failed.name}: {error}; the schema is of version {done} as before"
            raise type(driver.translated(error))(said) from error


def _recorded(step: Migration) -> str:
    """Give the text that applies a step and remembers it; name and checksum hold no quotes."""
    return f"{step.sql}\n;" + RECORD.format(number=step.number, name=step.name, checksum=step.checksum)


def _applied(connection: sqlite3.Connection) -> list[Applied]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return []
    return read_all(connection.execute(APPLIED).fetchall(), Applied)
