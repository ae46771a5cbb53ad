"""SQLite through aiosqlite: a reader on the event loop's own thread, a writer and scanners each in theirs.

A bounded read runs where it is asked for: sqlite3 gives Python's lock up at every row, so that a thread
beside the loop costs more than the read itself (decision record 0013). A write is one hop. Waiting writers
share a commit; their results and hooks come back to the event loop together. The rules are the appendix of
the design; ``storage.driver`` holds those of the threads.
"""

import asyncio
import collections
import contextvars
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, TypeVar

import aiosqlite

from storage import driver
from storage.driver import Job
from storage.engine import Change, P, Reader, Transaction, ensure_outside_transaction, nobody, nothing
from storage.errors import TooLong, Unavailable

T = TypeVar("T")

LONGEST_QUEUE = 2_000
LONGEST_WAIT = 2.0
LOOP_SECONDS = 0.1  # how long a read may hold the event loop; a bounded one takes a millisecond
DRAIN_SECONDS = 10.0
WAL_LIMIT = 64 * 1024 * 1024
_BATCHES_BETWEEN_LOOKS = 64  # how often the size of the log is asked for

log = logging.getLogger("storage")


class Thread(aiosqlite.Connection):
    """A connection with its thread, in which a whole function runs at one hop.

    ``_execute`` and ``_conn`` are private to aiosqlite, hence the pinned version and a contract test.
    """

    async def run(self, fn: Callable[..., T], *args: Any) -> T:
        """Call ``fn(connection, *args)`` in the thread."""
        result: T = await self._execute(fn, self._conn, *args)  # type: ignore[no-untyped-call]
        return result


def connect_all(
    path: Path, *, scanners: int, connect: Callable[..., sqlite3.Connection] = driver.connect
) -> list[sqlite3.Connection]:
    """Open the writer's connection, which puts the file into WAL mode, and those that only read; or none."""
    opened: list[sqlite3.Connection] = []
    try:
        for number in range(2 + scanners):
            opened.append(connect(path, query_only=number > 0))
    except sqlite3.Error as error:
        for connection in opened:
            connection.close()
        raise driver.translated(error, path) from error
    return opened


def _given(connection: sqlite3.Connection) -> sqlite3.Connection:
    return connection


class _Waiting:
    """A job of the writer and whoever waits for it."""

    __slots__ = ("future", "job", "since")

    def __init__(self, job: Job, future: asyncio.Future[Any], since: float) -> None:
        self.job, self.future, self.since = job, future, since


class SqliteStore:
    """A store in one SQLite file; see ``storage.engine.Store``."""

    def __init__(
        self,
        path: Path,
        *,
        wal_limit: int = WAL_LIMIT,
        drain_seconds: float = DRAIN_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._wal = path.with_name(path.name + "-wal")
        self._wal_limit = wal_limit
        self._drain_seconds = drain_seconds
        self._monotonic = monotonic
        self.on_change: Callable[[Change], None] = nobody
        self.on_wake: Callable[[str], None] = nothing
        self.process: int | None = None
        self.batches = 0  # commits since the store was opened, each of one write or of several
        self._queue: collections.deque[_Waiting] = collections.deque()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False
        self._free: asyncio.LifoQueue[Thread] = asyncio.LifoQueue()  # the last one used has warm pages

    async def open(self, *, scanners: int) -> None:
        """Open every connection and start the threads."""
        connections = connect_all(self._path, scanners=scanners)
        self._reader, *others = connections[1:]
        threads = [
            Thread(partial(_given, connection), iter_chunk_size=64)
            for connection in (connections[0], *others)
        ]
        try:
            for thread in threads:
                await thread
        except BaseException:  # cancelled: a thread that goes on would keep the process from ending
            for thread in threads:
                await thread.close()
            for connection in connections:
                connection.close()
            raise
        self._writer, *self._scanners = threads
        for scanner in self._scanners:
            self._free.put_nowait(scanner)

    async def workers(self) -> frozenset[int]:
        """Give the one process that works on the queues."""
        return frozenset({0})

    async def lead(self) -> asyncio.Event:
        """Give what never happens: nobody else takes over."""
        return asyncio.Event()

    @property
    def waiting(self) -> int:
        """Give how many writes wait for their turn."""
        return len(self._queue)

    async def read(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn``, whose statements are bounded, on a snapshot and give what it returns.

        One that takes long all the same is stopped and run once more as a ``scan``: nobody else waits for it.
        """
        ensure_outside_transaction("store.read")
        if self._closed:
            raise Unavailable("the store is closed")
        try:
            result: T = driver.read(self._reader, Job(fn, args, kwargs), seconds=LOOP_SECONDS)
        except TooLong:
            log.warning("%s held the event loop for %g s; it is done again beside it", fn, LOOP_SECONDS)
            return await self.scan(fn, *args, **kwargs)
        return result

    async def scan(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn``, which may walk through a table, on a snapshot, while the loop goes on."""
        ensure_outside_transaction("store.scan")
        if self._closed:
            raise Unavailable("the store is closed")
        scanner = await self._free.get()
        try:
            result: T = await scanner.run(driver.read, Job(fn, args, kwargs))
        finally:
            self._free.put_nowait(scanner)
        return result

    async def write(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in one transaction and give what it returns, once that is on disk."""
        ensure_outside_transaction("store.write")
        result: T = await self._enqueue(Job(fn, args, kwargs))
        return result

    async def bulk(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one step of a long work alone in its transaction: at most 500 rows or 20 ms."""
        ensure_outside_transaction("store.bulk")
        result: T = await self._enqueue(Job(fn, args, kwargs, alone=True))
        return result

    def _enqueue(self, job: Job) -> asyncio.Future[Any]:
        now = self._monotonic()
        if self._closed:
            raise Unavailable("the store is closed")
        if len(self._queue) >= LONGEST_QUEUE:
            raise Unavailable(f"{len(self._queue)} writes wait, at most {LONGEST_QUEUE} may")
        if self._queue and now - self._queue[0].since > LONGEST_WAIT:
            raise Unavailable(
                f"writes wait {now - self._queue[0].since:.1f} s, at most {LONGEST_WAIT:.0f} s wanted"
            )
        future = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(job, future, now))
        if self._pump is None:
            self._pump = asyncio.create_task(self._write_all(), context=contextvars.Context())
        return future

    async def _write_all(self) -> None:
        """Run batch after batch until nothing waits."""
        while self._queue:
            await asyncio.sleep(0)  # whatever the loop has at hand now shares the commit
            self._tell(await self._writer.run(self._write_batch))
        self._pump = None

    def _write_batch(self, connection: sqlite3.Connection) -> list[_Waiting]:
        """In the writer's thread: run what waits in one transaction, or one long work alone."""
        batch: list[_Waiting] = []
        driver.write_batch(connection, lambda: self._take(batch))
        self.batches += 1
        if self.batches % _BATCHES_BETWEEN_LOOKS == 0:
            self._shorten_log(connection)
        return batch

    def _take(self, batch: list[_Waiting]) -> Job | None:
        """In the writer's thread: take the next job of this batch; who gave up is passed over (8)."""
        while self._queue:
            if batch and (batch[-1].job.alone or self._queue[0].job.alone):
                return None
            waiting = self._queue.popleft()
            if not waiting.future.cancelled():
                batch.append(waiting)
                return waiting.job
        return None

    def _tell(self, batch: list[_Waiting]) -> None:
        """Hand out results, and call hooks in the order of the commit, each by itself (7)."""
        loop = asyncio.get_running_loop()
        for waiting in batch:
            job, future = waiting.job, waiting.future
            for hook, args in job.hooks:
                loop.call_soon(hook, *args)
            for subject in job.wakes:
                loop.call_soon(self.on_wake, subject)
            for change in job.changes:
                loop.call_soon(self.on_change, change)
            if future.done():  # its caller gave up after it had begun: it is committed all the same (8)
                continue
            if job.error is None:
                future.set_result(job.result)
            else:
                future.set_exception(job.problem())

    def _shorten_log(self, connection: sqlite3.Connection) -> None:
        """Empty a log that readers kept from being reused; who still reads keeps it a while longer (12)."""
        if not self._wal.exists() or self._wal.stat().st_size <= self._wal_limit:
            return
        connection.execute("PRAGMA busy_timeout = 100").close()
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA busy_timeout = 10000").close()
        if busy:
            log.warning("%s is long and somebody reads from it", self._wal)

    async def close(self) -> None:
        """Take no more, finish what waits within 10 s, and close every connection (13)."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._close()
        except BaseException:  # cancelled: a thread that goes on would keep the process from ending
            for thread in (*self._scanners, self._writer):
                thread.stop()
            raise

    async def _close(self) -> None:
        if self._pump is not None:
            await asyncio.wait([self._pump], timeout=self._drain_seconds)
        while self._queue:
            waiting = self._queue.popleft()
            if not waiting.future.done():
                waiting.future.set_exception(Unavailable("the store was closed"))
        self._reader.close()
        for scanner in self._scanners:
            await scanner.close()
        for last in ("PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"):
            await self._writer.run(sqlite3.Connection.execute, last)
        await self._writer.close()


async def open_store(path: Path, *, scanners: int) -> SqliteStore:
    """Open a store in a file that has the schema of this code."""
    store = SqliteStore(path)
    await store.open(scanners=scanners)
    return store
