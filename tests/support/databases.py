"""Where the nodes and stores of tests keep their rows: files of SQLite, or databases of a PostgreSQL server.

``FEDCOP_TEST_POSTGRES`` names the server. Making a database takes a fifth of a second there, so that a few
are made, emptied after each use, and lent again.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVER = os.environ.get("FEDCOP_TEST_POSTGRES", "")
# Each process that runs tests lends databases of its own.
WHOSE = os.environ.get("PYTEST_XDIST_WORKER", "")

_ROWS_TO_SWEEP = 25  # uses of a database, after which what was deleted is swept out

BLANK = Path("blank")  # the rows that migrations make

_EMPTY = """
SET session_replication_role = replica; SELECT setval('delivery_ids', 1, false);
SELECT setval('push_subscription_ids', 1, false);
"""
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'turns'
"""


class _Lent:
    """A database, for whom, and how often it was lent."""

    def __init__(self, name: str) -> None:
        self.name = name
        parts = urlsplit(SERVER)
        self.url = parts._replace(path=f"/{name}").geturl()
        self.uses = 0


_free: list[_Lent] = []
_lent: dict[Path, _Lent] = {}
_kept: dict[Path, dict[str, bytes]] = {}
_made = 0


def url_of(folder: Path) -> str:
    """Give where a node in a folder keeps its rows."""
    if not SERVER:
        return "sqlite:data/fedcop.db"
    if folder not in _lent:
        _lent[folder] = _lend()
    return _lent[folder].url


@contextlib.contextmanager
def new() -> Iterator[str]:
    """Give the URL of a database in which nothing was made yet, for as long as the block lasts."""
    name = f"new{secrets.token_hex(8)}"
    with _connected(SERVER) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield _Lent(name).url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def copied(made: Path, folder: Path) -> Path:
    """Copy a node's folder, and its rows."""
    shutil.copytree(made, folder)
    if SERVER:
        _fill(url_of(folder), _rows_of(made))
    return folder


def give_back(folder: Path) -> None:
    """Empty the database of each node in or below a folder; whoever used it has closed it."""
    for used in [path for path in _lent if path.is_relative_to(folder)]:
        lent = _lent.pop(used)
        with _connected(lent.url) as connection:
            tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
            connection.execute(_EMPTY + "; ".join(f"DELETE FROM {name}" for name in tables))
            _put(connection, _kept[BLANK])
            if lent.uses % _ROWS_TO_SWEEP == 0:
                connection.execute("VACUUM")
        _free.append(lent)


def _lend() -> _Lent:
    global _made
    if not _free:
        from storage import migrate  # noqa: PLC0415 - for PostgreSQL only

        with _connected(SERVER) as connection:
            if not _made:
                connection.execute(f"CREATE DATABASE blank{WHOSE}")
                migrate.migrate(_Lent(f"blank{WHOSE}").url)
                with _connected(_Lent(f"blank{WHOSE}").url) as blank:
                    _kept[BLANK] = _held(blank)
            _made += 1
            connection.execute(f"CREATE DATABASE lent{_made}{WHOSE} TEMPLATE blank{WHOSE}")
        _free.append(_Lent(f"lent{_made}{WHOSE}"))
    lent = _free.pop()
    lent.uses += 1
    return lent


def _connected(url: str) -> Any:
    import psycopg  # noqa: PLC0415 - for PostgreSQL only

    return psycopg.connect(url, autocommit=True)


def _rows_of(made: Path) -> dict[str, bytes]:
    """Give what is in the tables of a node that others are copied from; it goes on to no more."""
    if made not in _kept:
        with _connected(url_of(made)) as connection:
            _kept[made] = _held(connection)
        give_back(made)
    return _kept[made]


def _held(connection: Any) -> dict[str, bytes]:
    tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {name: rows for name in tables if (rows := _copied_out(connection, name))}


def _copied_out(connection: Any, name: str) -> bytes:
    with connection.cursor().copy(f"COPY {name} TO STDOUT") as copy:
        return b"".join(map(bytes, copy))


def _fill(url: str, rows: dict[str, bytes]) -> None:
    with _connected(url) as connection:
        connection.execute("SET session_replication_role = replica")
        _put(connection, rows)


def _put(connection: Any, rows: dict[str, bytes]) -> None:
    for name, lines in rows.items():
        connection.execute(f"DELETE FROM {name}")
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            copy.write(lines)
