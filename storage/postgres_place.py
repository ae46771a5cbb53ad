"""Who is at work on a PostgreSQL database: its server remembers that for as long as each is connected.

with alone("postgresql://..."):      nobody else works on it; refused if somebody does
    ...
"""

import contextlib
from collections.abc import Iterator

import psycopg

from storage import postgres_driver
from storage.errors import Unavailable

OURS = 0x66656463  # the first number of each of our advisory locks; others may have theirs in the database
IN_USE = 100
MIGRATES = 101

TAKE_ALONE = "SELECT pg_try_advisory_lock(%s::int, %s::int)"


@contextlib.contextmanager
def alone(url: str) -> Iterator[None]:
    """Keep every other process from the database; raise ``Unavailable`` at once when one works on it."""
    with contextlib.closing(postgres_driver.connect(url)) as connection:
        try:
            found = connection.execute(TAKE_ALONE, (OURS, IN_USE)).fetchone()
        except psycopg.Error as error:
            raise postgres_driver.translated(error) from error
        if found != (True,):
            raise Unavailable("database.url: another process works on this database; end it first")
        yield
