"""What the tests of the engine write, how they hold it, and a disk that fails."""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from storage import driver
from storage.driver import Job
from storage.engine import Reader, Transaction

PUT = "INSERT INTO facts (name, value) VALUES (:name, :value)"


async def put(tx: Transaction, name: str, value: str = "") -> str:
    await tx.execute(PUT, name=name, value=value)
    return name


async def names(read: Reader) -> list[str]:
    return await read.values("SELECT name FROM facts ORDER BY rowid")


def batch(connection: sqlite3.Connection, *jobs: Job, seconds: float = 600) -> list[Job]:
    """Run jobs in one transaction in this thread, on however slow a machine."""
    waiting = iter(jobs)
    return driver.write_batch(connection, lambda: next(waiting, None), seconds=seconds)


def job_of(fn: Callable[..., Awaitable[Any]], *args: Any) -> Job:
    return Job(fn, args, {})


def held(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM facts ORDER BY rowid")]


class Gate:
    """Holds the writer's thread inside a transaction until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self._open = threading.Event()

    async def hold(self, tx: Transaction, name: str = "held") -> str:
        self.entered.set()
        assert self._open.wait(10)
        return await put(tx, name)

    def open(self) -> None:
        self._open.set()

    async def reached(self) -> None:
        """Wait until the writer is inside."""
        assert await asyncio.to_thread(self.entered.wait, 10)


class Failing(sqlite3.Connection):
    """A connection whose disk fails at some statements, once each; ``ends``: that ends the transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fails: list[str] = []
        self.ends = False

    def look(self, sql: str) -> None:
        """Fail if this statement is to fail."""
        if sql in self.fails:
            self.fails.remove(sql)
            if self.ends:
                super().execute("ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        self.look(sql)
        return super().execute(sql, *args)

    def cursor(self, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return FailingCursor(self)


class FailingCursor(sqlite3.Cursor):
    """A cursor of such a connection."""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
        assert isinstance(self.connection, Failing)
        self.connection.look(sql)
        return super().execute(sql, *args)
