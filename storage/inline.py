"""The SQLite driver on one connection in the calling thread: for simulations and for commands of one step.

Every rule holds but those of threads and shared commits: each write is its own transaction.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Concatenate, TypeVar

from storage import driver
from storage.driver import Job
from storage.engine import Change, P, Reader, Transaction, ensure_outside_transaction, nobody, nothing
from storage.errors import Unavailable

T = TypeVar("T")


class InlineStore:
    """A store in one SQLite file, driven by whoever calls; see ``storage.engine.Store``."""

    def __init__(self, path: Path) -> None:
        self.on_change: Callable[[Change], None] = nobody
        self.on_wake: Callable[[str], None] = nothing
        self.process: int | None = None
        try:
            self._connection: sqlite3.Connection | None = driver.connect(path, query_only=False)
        except sqlite3.Error as error:
            raise driver.translated(error) from error

    def _open(self, what: str) -> sqlite3.Connection:
        ensure_outside_transaction(what)
        if self._connection is None:
            raise Unavailable("the store is closed")
        return self._connection

    async def workers(self) -> frozenset[int]:
        """Give the one process that works on the queues."""
        return frozenset({0})

    async def lead(self) -> asyncio.Event:
        """Give what never happens: nobody else takes over."""
        return asyncio.Event()

    @property
    def waiting(self) -> int:
        """Give how many writes wait: here none ever does."""
        return 0

    async def read(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a snapshot and give what it returns."""
        connection = self._open("store.read")
        connection.execute("PRAGMA query_only = ON").close()
        try:
            result: T = driver.read(connection, Job(fn, args, kwargs))
        finally:
            connection.execute("PRAGMA query_only = OFF").close()
        return result

    async def scan(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a snapshot; here nothing goes on meanwhile."""
        return await self.read(fn, *args, **kwargs)

    async def write(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in one transaction and give what it returns, once that is on disk."""
        connection = self._open("store.write")
        job = Job(fn, args, kwargs)
        jobs = iter([job])
        driver.write_batch(connection, lambda: next(jobs, None))
        for hook, parameters in job.hooks:
            asyncio.get_running_loop().call_soon(hook, *parameters)
        for subject in job.wakes:
            asyncio.get_running_loop().call_soon(self.on_wake, subject)
        for change in job.changes:
            asyncio.get_running_loop().call_soon(self.on_change, change)
        result: T = job.outcome()
        return result

    async def bulk(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one step of a long work; here nothing ever shares its transaction."""
        return await self.write(fn, *args, **kwargs)

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
