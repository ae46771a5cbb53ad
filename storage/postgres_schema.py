"""The schema of a PostgreSQL database: the same steps as SQLite's, with PostgreSQL's words for types."""

from collections.abc import Callable
from contextlib import closing

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage import postgres_driver
from storage.dialect import GROUND, schema_of
from storage.errors import Unavailable
from storage.postgres_driver import OLDEST, Connection
from storage.postgres_place import MIGRATES, OURS
from storage.row import read_all
from storage.steps import APPLIED, MIGRATIONS, RECORD, Applied, Migration

# One at a time may bring a schema up; the others wait for it and find it done.
_ALONE = "SELECT pg_advisory_lock(%s::int, %s::int)"


class PostgresDatabase:
    """A database of a PostgreSQL server; see ``storage.migrate.Database``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = name_of(url)

    def applied(self) -> list[Applied]:
        """Give the steps that it has had; none if nothing was made in it yet."""
        with closing(self._connected()) as connection:
            try:
                return _applied(connection)
            except psycopg.Error as error:
                raise postgres_driver.translated(error) from error

    def apply(self, steps: list[Migration], known: Callable[[list[Applied]], int]) -> list[str]:
        """Apply what is missing, all in one transaction; who comes second waits, and finds it done."""
        with closing(self._connected()) as connection:
            try:
                connection.execute(_ALONE, (OURS, MIGRATES))
                for text in (schema_of(MIGRATIONS), *GROUND):
                    connection.execute(text.encode())
                done = known(_applied(connection))
                with connection.transaction():
                    for step in steps[done:]:
                        self._apply(connection, step, done)
            except psycopg.Error as error:
                raise postgres_driver.translated(error) from error
        return [step.name for step in steps[done:]]

    def _apply(self, connection: Connection, step: Migration, done: int) -> None:
        try:
            connection.execute(schema_of(step.sql).encode())
            record = RECORD.format(number=step.number, name=step.name, checksum=step.checksum)
            connection.execute(record.encode())
        except psycopg.Error as error:
            found = postgres_driver.translated(error)
            said = f"{self.name}: {step.name}: {found}; the schema is of version {done} as before"
            raise type(found)(said) from error

    def _connected(self) -> Connection:
        connection = postgres_driver.connect(self._url)
        if (found := connection.info.server_version) < OLDEST:
            connection.close()
            raise Unavailable(f"PostgreSQL is {found // 10_000}, at least {OLDEST // 10_000} wanted")
        return connection


def _applied(connection: Connection) -> list[Applied]:
    found = connection.execute("SELECT to_regclass('migrations')").fetchone()
    if found is None or found[0] is None:
        return []
    return read_all(connection.execute(APPLIED).fetchall(), Applied)


def name_of(url: str) -> str:
    """Give how a refusal calls a database: without the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error as error:
        raise Unavailable(f"database.url: wanted postgresql://USER@HOST/NAME: {error}") from None
    return f"{parts.get('dbname', '')} at {parts.get('host', 'this machine')}"
