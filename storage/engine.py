"""What an engine offers: read and write transactions, each driven to its end at once.

    person = await store.read(actors.find, handle)         a snapshot; fn(read, *args)
    found = await store.scan(actors.search, text)          the same for what may walk through a table
    post = await store.write(posts.add, new_post)          one transaction; fn(tx, *args)

``fn`` is an async function that awaits nothing but its ``tx`` or ``read``. It gets all as arguments:
no clock, randomness, keys, signing, cleaning, parsing or logging inside; it changes no object that it
was given and may be run again. It never catches a database error: an expected conflict is
``ON CONFLICT`` in the statement.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

import msgspec

from storage.errors import TransactionMisuse

Value = str | int | float | bytes | bool | datetime | None
T = TypeVar("T")
P = ParamSpec("P")


class Change(msgspec.Struct, frozen=True):
    """Something that whoever is connected may want to hear of, once it is committed.

    ``id`` is that of the entry, the post (``edit``, ``conversation``) or the notification. ``readers``: the
    only people whom it may concern, None where a reader's own look decides, or everybody may know.
    ``tags`` are those of a post that is removed: its rows no longer say them.
    """

    kind: Literal["entry", "edit", "removal", "notification", "conversation"]
    id: int
    readers: frozenset[int] | None = None
    tags: frozenset[str] = frozenset()


class Reader(Protocol):
    """One snapshot of the database; everything asked for is fetched before it is given."""

    async def all(self, row: type[T], sql: str, /, **parameters: Value) -> list[T]:
        """Give every row of a statement as ``row`` (a ``Row`` struct, positional)."""
        ...

    async def one(self, row: type[T], sql: str, /, **parameters: Value) -> T | None:
        """Give the first row of a statement as ``row``, or None."""
        ...

    async def value(self, sql: str, /, **parameters: Value) -> Any:
        """Give the first column of the first row, or None."""
        ...

    async def values(self, sql: str, /, **parameters: Value) -> list[Any]:
        """Give the first column of every row."""
        ...


class Transaction(Reader, Protocol):
    """A write transaction: all of it happens, or nothing."""

    async def execute(self, sql: str, /, **parameters: Value) -> int:
        """Run a statement and give the number of rows that it changed."""
        ...

    async def many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each mapping of parameters."""
        ...

    def after_commit(self, hook: Callable[..., None], *args: Any) -> None:
        """Call ``hook(*args)`` on the event loop once this has been committed; a hint, never a duty."""
        ...

    def wake(self, subject: str) -> None:
        """Wake who waits for a subject, in each process, once this is committed; a hint, never a duty."""
        ...

    def changed(self, change: Change) -> None:
        """Tell the store's ``on_change`` of a change, once it has been committed; a hint, never a duty."""
        ...


def nobody(change: Change) -> None:
    """Hear of a change where nobody is connected."""


def nothing(subject: str) -> None:
    """Wake nobody, where nobody waits."""


class Store(Protocol):
    """An open database.

    On the event loop ``on_change`` is called with each change that was committed, ``on_wake`` with each
    subject that somebody waits for. ``process``, 0 to 15, keeps apart the ids of processes that share the
    database; None where one serves.
    """

    on_change: Callable[[Change], None]
    on_wake: Callable[[str], None]

    @property
    def process(self) -> int | None:
        """Give the number of this process among those that share the database."""
        ...

    async def workers(self) -> frozenset[int]:
        """Say that this process works on the queues, and give the numbers of all that do."""
        ...

    async def lead(self) -> asyncio.Event:
        """Wait until this process is the one that leads; the event says that it is no more."""
        ...

    @property
    def waiting(self) -> int:
        """Give how many writes wait for their turn."""
        ...

    async def read(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a snapshot and give what it returns; each of its statements is bounded.

        SQLite does this on the event loop: what may walk through a table goes to ``scan``.
        """
        ...

    async def scan(
        self, fn: Callable[Concatenate[Reader, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn``, which may take long, on a snapshot, while the event loop goes on."""
        ...

    async def write(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in one transaction and give what it returns, once that is on disk."""
        ...

    async def bulk(
        self, fn: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one step of a long work alone in its transaction: at most 500 rows or 20 ms."""
        ...

    async def close(self) -> None:
        """Take no more, finish what waits within 10 s, and close every connection."""
        ...


class _Here(threading.local):
    inside_transaction = False


here = _Here()


def ensure_outside_transaction(what: str) -> None:
    """Raise ``TransactionMisuse`` in a transaction function, where nothing waits, dials or signs."""
    if here.inside_transaction:
        raise TransactionMisuse(f"{what} was called inside a transaction function")
