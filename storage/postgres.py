"""PostgreSQL through psycopg: two pools of connections, each transaction in a thread of its own.

Transaction functions are driven as on SQLite, by ``storage.driver``: one that awaits something else than its
transaction is found out here too. ``storage.postgres_driver`` has what happens on one connection.
"""

import asyncio
import collections
import contextlib
import contextvars
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from storage import postgres_driver, postgres_news
from storage.driver import Job
from storage.engine import Change, P, Reader, Transaction, ensure_outside_transaction, nobody, nothing
from storage.errors import StorageError, Unavailable
from storage.postgres_driver import Connection
from storage.postgres_place import OURS, PLACES, WORKS, Place
from storage.row import array_of

T = TypeVar("T")
Work = Callable[[Connection, Job], bool]

READERS = 6
WRITERS = 6
LONGEST_QUEUE = 2_000
LONGEST_WAIT = 2.0
DRAIN_SECONDS = 10.0
SAID_TOGETHER = 0.01
CONNECT_SECONDS = 5.0  # how long a transaction waits for a connection while the server is away

log = logging.getLogger("storage")


class _Lane:
    """Connections of one kind, and as many threads."""

    def __init__(self, url: str, size: int, *, reading: bool, connect_seconds: float) -> None:
        name = "reader" if reading else "writer"
        self._size = size
        self._connect_seconds = connect_seconds
        self._waiting: collections.deque[float] = collections.deque()
        self._in_hand: set[asyncio.Future[Any]] = set()
        self._given_up = False
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._pool = ConnectionPool(
            url,
            connection_class=psycopg.Connection[tuple[Any, ...]],
            kwargs=postgres_driver.arguments(),
            configure=lambda connection: postgres_driver.prepare(connection, reading=reading),
            min_size=1,
            max_size=size,
            max_idle=60.0,
            timeout=connect_seconds,
            reconnect_timeout=60.0,
            name=name,
            open=False,
        )

    def open(self) -> None:
        """Begin to connect."""
        self._pool.open()

    @property
    def waiting(self) -> int:
        """Give how many transactions wait for a thread."""
        return len(self._waiting)

    async def run(self, work: Work, job: Job, then: Callable[[Job], None]) -> Any:
        """Run a job in a thread; ``then`` is called there once it is over, before anybody hears of it."""
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Unavailable(f"{len(self._waiting)} transactions wait, at most {LONGEST_QUEUE} may")
        if self._waiting and (late := loop.time() - self._waiting[0]) > LONGEST_WAIT:
            raise Unavailable(f"transactions wait {late:.1f} s, at most {LONGEST_WAIT:.0f} s wanted")
        self._waiting.append(loop.time())
        started = self._threads.submit(self._run, work, job, then)
        started.add_done_callback(lambda given_up: self._waiting.popleft() if given_up.cancelled() else None)
        over = asyncio.wrap_future(started)
        self._in_hand.add(over)
        over.add_done_callback(self._in_hand.discard)
        return await over

    def _run(self, work: Work, job: Job, then: Callable[[Job], None]) -> Any:
        self._waiting.popleft()
        if self._given_up:
            raise Unavailable("the store was closed")
        for _ in range(self._size + 1):  # after the server was away each connection may be a dead one
            try:
                with self._pool.connection() as connection:
                    if work(connection, job) or not connection.closed:
                        break
            except PoolTimeout as error:
                raise Unavailable(
                    f"no connection to PostgreSQL within {self._connect_seconds:g} s"
                ) from error
        then(job)
        return job.outcome()

    async def close(self, drain_seconds: float) -> None:
        """Finish what waits in time, refuse the rest, and close every connection."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=drain_seconds)
        self._given_up = True
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)


class PostgresStore:
    """A store in a PostgreSQL database; see ``storage.engine.Store``."""

    def __init__(
        self,
        url: str,
        *,
        readers: int = READERS,
        writers: int = WRITERS,
        drain_seconds: float = DRAIN_SECONDS,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> None:
        self.on_change: Callable[[Change], None] = nobody
        self.on_wake: Callable[[str], None] = nothing
        self._place = Place(url, self._hear)
        self._unsaid: tuple[list[str], list[Change]] = [], []
        self._saying: asyncio.Task[None] | None = None
        self._reading = _Lane(url, readers, reading=True, connect_seconds=connect_seconds)
        self._writing = _Lane(url, writers, reading=False, connect_seconds=connect_seconds)
        self._drain_seconds = drain_seconds
        self._closed = False
        self._loop = asyncio.get_running_loop()

    async def open(self) -> None:
        """Take a place among the processes that share the database, and begin to connect."""
        await self._place.open()
        await asyncio.to_thread(self._reading.open)
        await asyncio.to_thread(self._writing.open)

    @property
    def process(self) -> int | None:
        """Give the number of this process among those that share the database."""
        return self._place.number

    async def workers(self) -> frozenset[int]:
        """Say that this process works on the queues, and give the numbers of all that do."""
        await self._place.work()
        return frozenset(await self.read(_workers))

    async def lead(self) -> asyncio.Event:
        """Wait until this process is the one that leads; the event says that it is no more."""
        return await self._place.lead()

    @property
    def waiting(self) -> int:
        """Give how many writes wait for their turn."""
        return self._writing.waiting

    async def read(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a snapshot and give what it returns; each statement within 2 s."""
        ensure_outside_transaction("store.read")
        result: T = await self._run(self._reading, postgres_driver.read, Job(fn, args, kwargs))
        return result

    async def scan(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` as ``read`` does: here nothing ever holds the event loop."""
        ensure_outside_transaction("store.scan")
        return await self.read(fn, *args, **kwargs)

    async def write(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in one transaction and give what it returns, once that is on disk."""
        ensure_outside_transaction("store.write")
        if not self._place.taken:
            raise Unavailable("another process took the place of this one, and writes under its number")
        result: T = await self._run(self._writing, postgres_driver.write, Job(fn, args, kwargs))
        return result

    async def bulk(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one step of a long work: at most 500 rows or 20 ms, so that it is seldom in another's way."""
        ensure_outside_transaction("store.bulk")
        return await self.write(fn, *args, **kwargs)

    async def _run(self, lane: _Lane, work: Work, job: Job) -> Any:
        if self._closed:
            raise Unavailable("the store is closed")
        return await lane.run(work, job, self._committed)

    def _committed(self, job: Job) -> None:
        """In a job's thread: have its hooks called on the event loop, before whoever waits goes on."""
        if job.hooks or job.wakes or job.changes:
            self._loop.call_soon_threadsafe(self._tell, job)

    def _tell(self, job: Job) -> None:
        """Call hooks, each by itself."""
        for hook, args in job.hooks:
            self._loop.call_soon(hook, *args)
        for subject in job.wakes:
            self._loop.call_soon(self.on_wake, subject)
        for change in job.changes:
            self._loop.call_soon(self.on_change, change)
        self._unsaid[0].extend(job.wakes)
        self._unsaid[1].extend(job.changes)
        if self._saying is None and any(self._unsaid) and not self._closed:
            self._saying = asyncio.create_task(self._say(), context=contextvars.Context())

    async def _say(self) -> None:
        """Tell the other processes, what comes within a moment together."""
        await asyncio.sleep(SAID_TOGETHER)
        (wakes, changes), self._unsaid, self._saying = self._unsaid, ([], []), None
        lines = postgres_news.lines_of(self.process or 0, wakes, changes)
        with contextlib.suppress(StorageError):  # a hint: who misses it looks for itself
            await self.write(_told, array_of(lines))

    def _hear(self, line: str) -> None:
        """Pass on what another process said."""
        news = postgres_news.read(line)
        if news is None or news.by == self.process:
            return
        if news.subject is not None:
            self.on_wake(news.subject)
        if news.change is not None:
            self.on_change(news.change)

    async def close(self) -> None:
        """Take no more, finish what waits within 10 s, and close every connection."""
        if self._closed:
            return
        self._closed = True
        for lane in (self._reading, self._writing):
            await lane.close(self._drain_seconds)
        await self._place.close()


async def _told(tx: Transaction, lines: str) -> None:
    await tx.values(postgres_news.TELL, lines=lines)


WORKERS = """
SELECT CAST(objid AS BIGINT) - :works FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND CAST(classid AS BIGINT) = :ours
   AND CAST(objid AS BIGINT) >= :works AND CAST(objid AS BIGINT) < :works + :places
   AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
"""


async def _workers(read: Reader) -> list[int]:
    return await read.values(WORKERS, works=WORKS, ours=OURS, places=PLACES)


async def open_store(url: str, *, readers: int = READERS, writers: int = WRITERS) -> PostgresStore:
    """Open a store in a database that has the schema of this code."""
    store = PostgresStore(url, readers=readers, writers=writers)
    try:
        await store.open()
    except BaseException:
        await store.close()
        raise
    return store
