"""Drives transaction functions on one PostgreSQL connection, in whatever thread it is called.

    write(connection, Job(posts.add, (new_post,), {}))

A write is serialisable: what it read, nobody changed meanwhile, as if it had been alone. When PostgreSQL
cannot have it so, or finds a deadlock, the function is run again, up to three times (rule 14); before the
last time every other write is waited for, so that one succeeds.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg import errors, sql
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from storage.dialect import statement_of
from storage.driver import Job
from storage.engine import Value
from storage.errors import Conflict, StorageError, TooLong, TransactionMisuse, Unavailable
from storage.row import text_of

Connection = psycopg.Connection[tuple[Any, ...]]

RERUNS = 3
OLDEST = 130_000

# That a key was taken by another transaction after this one had looked is no failure of serialisation to
# PostgreSQL (its manual, 13.5); run again, the function finds it taken.
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_TROUBLE = (
    psycopg.OperationalError,  # gone, full, shutting down, locked for too long
    psycopg.InterfaceError,
    errors.ReadOnlySqlTransaction,  # what was the first is a replica now
    errors.InvalidCatalogName,
    errors.InsufficientPrivilege,
)


def storable(value: Any) -> Any:
    """Give a text without NUL, which PostgreSQL holds in no column; SQLite does, and peers may send it."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) and "\x00" in value else value


class _Text(StrDumper):
    """A text as PostgreSQL can hold it."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(storable(obj))


class _Moment(_Text):
    """A time as rows hold it."""

    def dump(self, obj: Any) -> Buffer | None:
        return super().dump(text_of(obj))


class _Whole(Int8Dumper):
    """A whole number in the one width that columns have, however small it is."""

    quote = Dumper.quote


class _Flag(Dumper):
    """True as 1, as SQLite has it: the columns are numbers."""

    oid = 20

    def dump(self, obj: Any) -> Buffer | None:
        return b"1" if obj else b"0"


class _Number(Loader):
    """A sum, which PostgreSQL gives in a wider type than what was summed up."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class _Given:
    """How values go out and come in."""

    connection = None

    def __init__(self) -> None:
        self.adapters = AdaptersMap(psycopg.adapters)
        self.adapters.register_dumper(str, _Text)
        self.adapters.register_dumper(datetime, _Moment)
        self.adapters.register_dumper(int, _Whole)
        self.adapters.register_dumper(bool, _Flag)
        self.adapters.register_loader("numeric", _Number)


def arguments() -> dict[str, Any]:
    """Give how every one of our connections is opened; transactions begin and end by our own words.

    Values are put into the statement here: the planner sees who is looking, and leaves out what others see.
    """
    return {
        "autocommit": True,
        "cursor_factory": psycopg.ClientCursor,
        "context": _Given(),
        "connect_timeout": 10,
        "application_name": "fedcop",
    }


def connect(url: str) -> Connection:
    """Open a connection outside the pools."""
    try:
        return psycopg.Connection.connect(url, **arguments())
    except psycopg.Error as error:
        raise translated(error) from error


def prepare(connection: Connection, *, reading: bool) -> None:
    """Say to a new connection what holds in each of its transactions."""
    kind = "repeatable read" if reading else "serializable"
    settings = {
        "default_transaction_isolation": kind,
        "default_transaction_read_only": "on" if reading else "off",
        "statement_timeout": "2s" if reading else "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
        "client_encoding": "UTF8",
        "jit": "off",  # to compile a statement takes longer than any of ours runs
    }
    text = sql.SQL("; ").join(
        sql.SQL("SET {} TO {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in settings.items()
    )
    connection.execute(text).close()


class Session:
    """A connection as ``driver.Work`` uses one: our statements and parameters, translated on the way."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Mapping[str, Value] = {}) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run a statement."""
        statement = statement_of(sql)
        given: dict[str, Any] = dict(parameters)
        for name in statement.arrays:
            if given[name] is not None:
                given[name] = msgspec.json.decode(given[name])
        return self._connection.execute(statement.text.encode(), given)

    def executemany(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> "_Many":
        """Run a statement for each row."""
        statement = statement_of(sql)
        assert not statement.arrays, "a statement for many rows takes no lists"
        with self._connection.cursor() as cursor:
            cursor.executemany(statement.text.encode(), rows)
        return _Many()


class _Many:
    """What is left of many statements: nothing."""

    def close(self) -> None:
        """Let go of nothing."""


def read(connection: Connection, job: Job) -> bool:
    """Run one job on a snapshot; what it came to is in it. False if it was not: the connection was dead."""
    if not _begun(connection, "BEGIN", job):
        return False
    _run(connection, job)
    _put_into_words(job)
    return True


def write(connection: Connection, job: Job) -> bool:
    """Run one job in a transaction, again if others were in its way; False as for ``read``."""
    for left in range(RERUNS, -1, -1):
        # LOCK is the one statement that waits before PostgreSQL looks at what there is.
        mode = "ROW SHARE" if left else "EXCLUSIVE"
        if not _begun(connection, f"BEGIN; LOCK TABLE turns IN {mode} MODE", job):
            return False
        _run(connection, job)
        if not isinstance(job.error, _AGAIN):
            break
    _put_into_words(job)
    return True


def _begun(connection: Connection, text: LiteralString, job: Job) -> bool:
    """Begin a transaction; False if that cannot be, which is the job's error."""
    try:
        connection.execute(text).close()
    except psycopg.Error as error:
        job.fail(translated(error))
        _rolled_back(connection)
        return False
    return True


def _run(connection: Connection, job: Job) -> None:
    """Run a job in a transaction that has begun, and end that."""
    try:
        job.run(Session(connection))
        if job.error is None and connection.info.transaction_status != TransactionStatus.INTRANS:
            job.fail(TransactionMisuse("a transaction function ended its transaction, or hid an error of it"))
        connection.execute("COMMIT" if job.error is None else "ROLLBACK").close()
    except psycopg.Error as error:
        job.fail(error)
        _rolled_back(connection)


def _rolled_back(connection: Connection) -> None:
    with contextlib.suppress(psycopg.Error):
        connection.execute("ROLLBACK").close()


def _put_into_words(job: Job) -> None:
    if isinstance(job.error, psycopg.Error):
        job.fail(translated(job.error))


def translated(error: psycopg.Error) -> StorageError:
    """Say a driver's error in storage's words, with the driver's as its cause."""
    kind: type[StorageError] = StorageError
    if isinstance(error, errors.UniqueViolation):
        kind = Conflict
    elif isinstance(error, errors.QueryCanceled):
        kind = TooLong
    elif isinstance(error, _TROUBLE):
        kind = Unavailable
    said = kind(" ".join(str(error).split()))
    said.__cause__ = error
    return said
