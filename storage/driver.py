"""Drives transaction functions on one SQLite connection, in whatever thread it is called.

    jobs = iter([Job(posts.add, (new_post,), {})])
    write_batch(connection, lambda: next(jobs, None))      one commit, a savepoint for each job

No event loop here: ``storage.sqlite`` calls this in the threads of its connections, ``storage.inline`` in
the caller's. The numbers in comments are the rules of the engine in the design's appendix.
"""

import contextlib
import contextvars
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CoroutineType
from typing import Any, Protocol, TypeVar

from storage import engine
from storage.engine import Change, Value
from storage.errors import Conflict, StorageError, TooLong, TransactionMisuse, Unavailable
from storage.row import read_all, read_one

T = TypeVar("T")

OLDEST = (3, 38, 0)  # the first with RETURNING in every place that we use it, ->> and unixepoch
BATCH_JOBS = 64
BATCH_SECONDS = 0.010
READ_SECONDS = 2.0

# Rule 12. Incremental vacuum is for a file that this connection makes, and has to come before WAL (9).
_EVERY_CONNECTION = (
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -16384",
    "PRAGMA journal_size_limit = 67108864",
)
_OPS_BETWEEN_LOOKS = 20_000  # virtual machine steps between two looks at the clock: about a millisecond

_UNIQUE = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
)
_TROUBLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def ensure_new_enough(found: tuple[int, ...]) -> None:
    """Refuse an SQLite library that lacks what our statements use."""
    if found < OLDEST:
        raise Unavailable(
            f"SQLite is {'.'.join(map(str, found))}, at least {'.'.join(map(str, OLDEST))} wanted"
        )


def connect(path: Path, *, query_only: bool) -> sqlite3.Connection:
    """Open a connection as every one of ours is opened; transactions begin and end by our own words."""
    ensure_new_enough(sqlite3.sqlite_version_info)
    connection = sqlite3.connect(
        path, isolation_level=None, cached_statements=512, check_same_thread=False, timeout=10.0
    )
    for pragma in _EVERY_CONNECTION:
        connection.execute(pragma).close()
    if query_only:
        connection.execute("PRAGMA query_only = ON").close()
    return connection


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Give how many rows it changed."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Give every row."""
        ...

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class Connection(Protocol):
    """What runs statements: a connection of sqlite3, or what ``storage.postgres_driver`` makes of its own."""

    def execute(self, sql: str, parameters: Any, /) -> Cursor:
        """Run a statement."""
        ...

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        """Run a statement for each mapping of parameters."""
        ...


class Work:
    """What a transaction function gets: its awaits never suspend, so one ``send`` drives it to its end."""

    __slots__ = ("_changes", "_connection", "_hooks", "_wakes")

    def __init__(
        self,
        connection: Connection,
        hooks: list[tuple[Callable[..., None], Any]],
        wakes: list[str],
        changes: list[Change],
    ) -> None:
        self._connection = connection
        self._hooks = hooks
        self._wakes = wakes
        self._changes = changes

    async def all(self, row: type[T], sql: str, /, **parameters: Value) -> list[T]:
        """Give every row of a statement."""
        cursor = self._connection.execute(sql, parameters)
        try:
            return read_all(cursor.fetchall(), row)
        finally:
            cursor.close()

    async def one(self, row: type[T], sql: str, /, **parameters: Value) -> T | None:
        """Give the first row of a statement, or None."""
        cursor = self._connection.execute(sql, parameters)
        try:
            found = cursor.fetchone()
        finally:
            cursor.close()
        return None if found is None else read_one(found, row)

    async def value(self, sql: str, /, **parameters: Value) -> Any:
        """Give the first column of the first row, or None."""
        cursor = self._connection.execute(sql, parameters)
        try:
            found = cursor.fetchone()
        finally:
            cursor.close()
        return None if found is None else found[0]

    async def values(self, sql: str, /, **parameters: Value) -> list[Any]:
        """Give the first column of every row."""
        cursor = self._connection.execute(sql, parameters)
        try:
            return [found[0] for found in cursor.fetchall()]
        finally:
            cursor.close()

    async def execute(self, sql: str, /, **parameters: Value) -> int:
        """Run a statement and give the number of rows that it changed."""
        cursor = self._connection.execute(sql, parameters)
        try:
            return cursor.rowcount
        finally:
            cursor.close()

    async def many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each mapping of parameters."""
        self._connection.executemany(sql, rows).close()

    def after_commit(self, hook: Callable[..., None], *args: Any) -> None:
        """Remember what to call on the event loop once this has been committed."""
        self._hooks.append((hook, args))

    def wake(self, subject: str) -> None:
        """Remember whom to wake once this has been committed."""
        self._wakes.append(subject)

    def changed(self, change: Change) -> None:
        """Remember what whoever is connected may want to hear of once this has been committed."""
        self._changes.append(change)


class Job:
    """One transaction function with its arguments, and in the end its outcome."""

    __slots__ = (
        "_args",
        "_context",
        "_fn",
        "_kwargs",
        "alone",
        "changes",
        "error",
        "hooks",
        "result",
        "wakes",
    )

    def __init__(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        alone: bool = False,
    ) -> None:
        self._fn, self._args, self._kwargs = fn, args, kwargs
        self._context = contextvars.copy_context()
        self.alone = alone  # a step of a long work: nothing else shares its commit (9)
        self.result: Any = None
        self.error: BaseException | None = None
        self.hooks: list[tuple[Callable[..., None], Any]] = []
        self.wakes: list[str] = []
        self.changes: list[Change] = []

    def run(self, connection: Connection) -> None:
        """Run the function to its end and keep what it returned or raised; it may be run again (2)."""
        self.result, self.error, self.hooks, self.wakes, self.changes = None, None, [], [], []
        try:
            self.result = self._context.run(self._drive, connection)
        except BaseException as error:  # noqa: BLE001 - whatever it raises is its caller's (4)
            self.fail(error)

    def _drive(self, connection: Connection) -> Any:
        engine.here.inside_transaction = True
        try:
            coroutine = self._fn(
                Work(connection, self.hooks, self.wakes, self.changes), *self._args, **self._kwargs
            )
            if not isinstance(coroutine, CoroutineType):
                raise TransactionMisuse(f"{_name(self._fn)} gave no coroutine: wanted an async function")
            try:
                coroutine.send(None)
            except StopIteration as end:
                return end.value
            with contextlib.suppress(RuntimeError):  # it awaited again while it was being closed
                coroutine.close()
        finally:
            engine.here.inside_transaction = False
        raise TransactionMisuse(f"{_name(self._fn)} awaited something other than its transaction")

    def fail(self, error: BaseException) -> None:
        """Put an error in the place of whatever came of it."""
        self.result, self.error, self.hooks, self.wakes, self.changes = None, error, [], [], []

    def outcome(self) -> Any:
        """Give the result, or raise what it ended with, in storage's words."""
        if self.error is not None:
            raise self.problem()
        return self.result

    def problem(self) -> BaseException:
        """Give what it ended with; an error of the driver in storage's words."""
        assert self.error is not None
        return translated(self.error) if isinstance(self.error, sqlite3.Error) else self.error


def write_batch(
    connection: sqlite3.Connection, take: Callable[[], Job | None], *, seconds: float = BATCH_SECONDS
) -> list[Job]:
    """Run jobs until there are none, or enough, in one transaction; give them with their outcomes.

    ``take`` gives the next one that may share this commit. What one raises undoes that one alone (4, 5).
    """
    done: list[Job] = []
    until = time.monotonic() + seconds
    try:
        connection.execute("BEGIN IMMEDIATE").close()
    except sqlite3.Error as error:
        while len(done) < BATCH_JOBS and (job := take()):
            done.append(job)
        return _all_failed(done, error)
    cursor = connection.cursor()
    while job := take():
        done.append(job)
        if not _run_in_savepoint(connection, cursor, job):
            return _one_by_one(connection, done)
        if len(done) >= BATCH_JOBS or time.monotonic() >= until:
            break
    return _committed(connection, done)


def _run_in_savepoint(connection: sqlite3.Connection, cursor: sqlite3.Cursor, job: Job) -> bool:
    """Run one job; False when SQLite threw away the whole transaction with it (5)."""
    try:
        cursor.execute("SAVEPOINT job")
        job.run(connection)
        if not connection.in_transaction:
            if job.error is None:
                job.fail(TransactionMisuse("a transaction function ended its transaction"))
            return False
        if job.error is not None:
            cursor.execute("ROLLBACK TO job")
        cursor.execute("RELEASE job")
    except sqlite3.Error as error:
        job.fail(error)
        _rolled_back(connection)
        return False
    return True


def _one_by_one(connection: sqlite3.Connection, done: list[Job]) -> list[Job]:
    """Run again, each in its own transaction, what was lost together with the last of ``done`` (5)."""
    for job in done[:-1]:
        try:
            connection.execute("BEGIN IMMEDIATE").close()
        except sqlite3.Error as error:
            job.fail(error)
            continue
        if _run_in_savepoint(connection, connection.cursor(), job):
            _committed(connection, [job])
    return done


def _committed(connection: sqlite3.Connection, done: list[Job]) -> list[Job]:
    try:
        connection.execute("COMMIT").close()
    except sqlite3.Error as error:
        _rolled_back(connection)
        return _all_failed(done, error)
    return done


def _all_failed(jobs: list[Job], error: sqlite3.Error) -> list[Job]:
    """Nothing of these reached the disk, whatever each came to (6)."""
    for job in jobs:
        job.fail(Unavailable(f"the database cannot take this now: {error}"))
    return jobs


def _rolled_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK").close()


def read(connection: sqlite3.Connection, job: Job, *, seconds: float = READ_SECONDS) -> Any:
    """Run one job on a snapshot and give what it returns; stop a statement that takes too long (10)."""
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, _OPS_BETWEEN_LOOKS)
    try:
        connection.execute("BEGIN").close()
        job.run(connection)
        connection.execute("COMMIT" if job.error is None else "ROLLBACK").close()
    except sqlite3.Error as error:
        _rolled_back(connection)
        raise translated(error) from error
    finally:
        connection.set_progress_handler(None, 0)
    return job.outcome()


def translated(error: sqlite3.Error, path: Path | None = None) -> StorageError:
    """Say a driver's error in storage's words, with the driver's as its cause; opening names the file."""
    code = getattr(error, "sqlite_errorcode", 0)
    kind: type[StorageError] = StorageError
    if code in _UNIQUE:
        kind = Conflict
    elif code == sqlite3.SQLITE_INTERRUPT:
        kind = TooLong
    elif code & 0xFF in _TROUBLE:
        kind = Unavailable
    said = kind(f"{path}: {error}" if path else str(error))
    said.__cause__ = error
    return said


def _name(fn: Callable[..., Any]) -> str:
    return getattr(fn, "__qualname__", repr(fn))
