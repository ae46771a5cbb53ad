"""Brings a database to the schema of this code: numbered ``.sql`` files, each once, all or none of them.

    migrate.migrate("sqlite:data/fedcop.db")         gives the names of what it applied
    migrate.ensure_current("sqlite:data/fedcop.db")  raises SchemaMismatch in one line

A file is ``NNNN_name.sql``, or where engines differ ``NNNN_name.sqlite.sql`` and ``NNNN_name.postgres.sql``.
What was applied is remembered with its checksum: a file that has been applied never changes.
"""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from storage import driver
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.row import Row, read_all

FOLDER = Path(__file__).with_name("migrations")
_DIALECTS = frozenset({"sqlite", "postgres"})


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Give what tells that a file was changed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class Applied(Row):
    """One step that a database has had."""

    number: int
    name: str
    checksum: str


def path_of(url: str) -> Path:
    """Give the file that ``sqlite:PATH`` names."""
    scheme, _, path = url.partition(":")
    if scheme != "sqlite" or not path:  # the rest is not shown: a password may be in it
        raise Unavailable(f"database.url: found {scheme}:…, wanted sqlite:PATH; PostgreSQL comes later")
    return Path(path)


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


MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)
"""
APPLIED = "SELECT number, name, checksum FROM migrations ORDER BY number"
RECORD = "INSERT INTO migrations (number, name, checksum) VALUES ({number}, '{name}', '{checksum}')"
COUNT = "SELECT COUNT(*) FROM migrations"


def migrate(url: str, *, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing and give its names; if a step fails, none was applied."""
    path, steps = path_of(url), wanted(folder=folder)
    try:
        with closing(driver.connect(path, query_only=False)) as connection:
            return _bring_up(path, connection, steps)
    except sqlite3.Error as error:
        raise driver.translated(error, path) from error


def _bring_up(path: Path, connection: sqlite3.Connection, steps: list[Migration]) -> list[str]:
    connection.execute(MIGRATIONS)
    done = _ensure_known(path, _applied(connection), steps)
    missing = steps[done:]
    try:
        # One text: sqlite3 commits what is open before it runs another.
        connection.executescript("\n;".join(["BEGIN IMMEDIATE", *map(_recorded, missing)]))
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        failed = steps[min(connection.execute(COUNT).fetchone()[0], len(steps) - 1)]
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        said = f"{path}: {failed.name}: {error}; the schema is of version {done} as before"
        raise type(driver.translated(error))(said) from error
    return [step.name for step in missing]


def _recorded(step: Migration) -> str:
    """Give the text that applies a step and remembers it; name and checksum hold no quotes."""
    return f"{step.sql}\n;" + RECORD.format(number=step.number, name=step.name, checksum=step.checksum)


def version(url: str) -> int:
    """Give the number of the last step that a database has had; 0 for a file without any."""
    return max((step.number for step in _found(path_of(url))), default=0)


def ensure_current(url: str, *, folder: Path = FOLDER) -> None:
    """Raise ``SchemaMismatch`` with what was found and what is wanted, unless the schema is this code's."""
    path, steps = path_of(url), wanted(folder=folder)
    done = _ensure_known(path, _found(path), steps)
    if done < len(steps):
        raise SchemaMismatch(
            f"{path}: the schema is of version {done}, {len(steps)} wanted: run `fedcop migrate`"
        )


def _ensure_known(path: Path, applied: list[Applied], steps: list[Migration]) -> int:
    """Give how many steps were applied; all of them have to be ours."""
    if len(applied) > len(steps):
        found = f"the schema is of version {len(applied)}, this code knows {len(steps)}"
        raise SchemaMismatch(f"{path}: {found}: run the newer fedcop")
    for have, step in zip(applied, steps, strict=False):
        if (have.number, have.checksum) != (step.number, step.checksum):
            raise SchemaMismatch(
                f"{path}: migration {step.name} is not the one that was applied ({have.name})"
            )
    return len(applied)


def _found(path: Path) -> list[Applied]:
    try:
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _applied(connection)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise driver.translated(error, path) from error


def _applied(connection: sqlite3.Connection) -> list[Applied]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return []
    return read_all(connection.execute(APPLIED).fetchall(), Applied)
