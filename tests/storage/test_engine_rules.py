"""The rules of the SQLite engine (appendix of the design), a test for each that bears its number: 1 to 7."""

import asyncio
import contextvars
import inspect
import re
import sqlite3
import threading
from collections.abc import Coroutine
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

import storage
from storage import driver
from storage.engine import Change, Reader, Store, Transaction, ensure_outside_transaction
from storage.errors import Conflict, StorageError, TransactionMisuse, Unavailable
from storage.sqlite import SqliteStore, Thread
from tests.storage.engines import Failing, Gate, batch, held, job_of, names, put

# 1


async def test_rule_1_the_function_is_called_and_driven_in_the_thread_of_the_connection(store: Store) -> None:
    async def where(tx: Transaction) -> tuple[int, int]:
        made_in = threading.get_ident()
        await tx.value("SELECT 1")
        return made_in, threading.get_ident()

    called_in, driven_in = await store.write(where)

    assert called_in == driven_in != threading.get_ident()


async def test_rule_1_it_sees_the_context_of_its_caller_and_leaves_it_as_it_was(store: Store) -> None:
    request = contextvars.ContextVar("request", default="")
    request.set("r1")

    async def look(tx: Transaction) -> str:
        seen = request.get()
        request.set("changed inside")
        return seen

    assert await store.write(look) == "r1"
    assert request.get() == "r1"


async def test_rule_1_a_stop_iteration_from_outside_a_coroutine_ends_its_caller_alone(store: Store) -> None:
    def no_coroutine(tx: Transaction) -> Coroutine[Any, Any, None]:
        return iter(())  # type: ignore[return-value]

    async def exhausted(tx: Transaction) -> None:
        next(iter(()))

    with pytest.raises(TransactionMisuse, match="wanted an async function"):
        await store.write(no_coroutine)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(exhausted)
    assert await store.write(put, "after") == "after"


def test_rule_1_what_is_private_to_aiosqlite_is_what_this_version_has() -> None:
    """The contract test of the one subclass: a new version has to be looked at."""
    assert version("aiosqlite").startswith("0.22.")
    assert Thread.__bases__ == (aiosqlite.Connection,)
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters) == [
        "self",
        "fn",
        "args",
        "kwargs",
    ]
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)


# 2


def test_rule_2_a_function_that_is_run_again_gets_the_same_arguments(connection: sqlite3.Connection) -> None:
    seen = []

    async def note(tx: Transaction, name: str) -> str:
        seen.append(name)
        return await put(tx, name)

    async def lose_all(tx: Transaction) -> None:
        connection.execute("ROLLBACK")

    first, lost = batch(connection, job_of(note, "a"), job_of(lose_all))

    assert seen == ["a", "a"]
    assert (first.outcome(), held(connection)) == ("a", ["a"])
    assert isinstance(lost.problem(), TransactionMisuse)


# 3


async def test_rule_3_what_has_no_place_inside_raises_at_once(store: Store) -> None:
    async def read_inside(tx: Transaction) -> None:
        await store.read(names)

    async def scan_inside(tx: Transaction) -> None:
        await store.scan(names)

    async def write_inside(tx: Transaction) -> None:
        await store.write(put, "inner")

    async def bulk_inside(tx: Transaction) -> None:
        await store.bulk(put, "inner")

    async def dial_inside(read: Reader) -> None:
        ensure_outside_transaction("transport.exchange")

    for fn, what in (
        (read_inside, "store.read"),
        (scan_inside, "store.scan"),
        (write_inside, "store.write"),
        (bulk_inside, "store.bulk"),
    ):
        with pytest.raises(TransactionMisuse, match=what):
            await store.write(fn)
    with pytest.raises(TransactionMisuse, match=r"transport\.exchange"):
        await store.read(dial_inside)
    ensure_outside_transaction("this test")
    assert await store.read(names) == []


async def test_rule_3_a_function_that_waits_is_closed_and_undone(store: Store) -> None:
    closed = []

    async def wait(tx: Transaction) -> None:
        await put(tx, "lost")
        try:
            await asyncio.sleep(0)
        finally:
            closed.append(True)

    with pytest.raises(TransactionMisuse, match="wait awaited something other than its transaction"):
        await store.write(wait)
    assert closed == [True]
    assert await store.read(names) == []


async def test_rule_3_a_function_that_waits_again_while_it_is_closed_is_caught(store: Store) -> None:
    async def stubborn(tx: Transaction) -> None:
        try:
            await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0)

    with pytest.raises(TransactionMisuse):
        await store.write(stubborn)
    assert await store.write(put, "after") == "after"


# 4


async def test_rule_4_what_one_raises_reaches_its_own_caller_only(store: Store) -> None:
    async def refuse(tx: Transaction) -> None:
        await put(tx, "undone")
        raise LookupError("no")

    outcomes = await asyncio.gather(
        store.write(put, "a"), store.write(refuse), store.write(put, "b"), return_exceptions=True
    )

    assert [outcomes[0], outcomes[2]] == ["a", "b"]
    assert isinstance(outcomes[1], LookupError)
    assert await store.read(names) == ["a", "b"]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("INSERT INTO facts (name, value) VALUES ('held', '')", Conflict),
        ("INSERT INTO facts (name, value) VALUES ('new', NULL)", StorageError),
        ("INSERT INTO codes VALUES ('s', 1, 1, '', '', NULL, '', NULL)", StorageError),
        ("SELECT * FROM nowhere", StorageError),
        ("SELECT :missing", StorageError),
    ],
)
async def test_rule_4_an_error_of_the_driver_leaves_as_one_of_storage(
    store: Store, sql: str, kind: type[StorageError]
) -> None:
    async def run(tx: Transaction) -> None:
        await tx.execute(sql)

    await store.write(put, "held")
    with pytest.raises(StorageError) as raised:
        await store.write(run)
    assert type(raised.value) is kind
    assert isinstance(raised.value.__cause__, sqlite3.Error)


# 5


def test_rule_5_an_error_that_leaves_the_transaction_alive_undoes_one_job(
    connection: sqlite3.Connection,
) -> None:
    first, second, third = batch(connection, job_of(put, "a"), job_of(put, "a"), job_of(put, "b"))

    assert (first.outcome(), third.outcome()) == ("a", "b")
    assert isinstance(second.problem(), Conflict)
    assert held(connection) == ["a", "b"]


def test_rule_5_when_sqlite_drops_the_whole_batch_the_earlier_jobs_run_once_more_alone(
    connection: sqlite3.Connection,
) -> None:
    """SQLite itself rolls back the transaction of a statement that meets a full disk in the middle."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 8}")

    jobs = batch(
        connection,
        job_of(put, "a"),
        job_of(put, "a"),
        job_of(put, "huge", "x" * 10_000_000),
        job_of(put, "left for the next batch"),
    )

    assert [job.result for job in jobs] == ["a", None, None]
    assert [type(job.problem()) for job in jobs[1:]] == [Conflict, Unavailable]
    assert held(connection) == ["a"]
    assert not connection.in_transaction


def test_rule_5_no_statement_of_ours_ends_a_transaction_by_itself() -> None:
    folder = Path(storage.__file__).parent
    texts = [path.read_text() for path in [*folder.glob("*.py"), *folder.glob("migrations/*.sql")]]
    forbidden = re.compile(r"OR\s+ROLLBACK|RAISE\s*\(|DEFERRABLE|defer_foreign_keys|\.interrupt\(|OR\s+ABORT")
    assert not [found for text in texts for found in forbidden.findall(text)]


@pytest.mark.parametrize("ends", [False, True])
def test_rule_5_a_savepoint_that_cannot_be_rolled_back_costs_the_batch_and_not_the_earlier_jobs(
    failing: Failing, ends: bool
) -> None:
    failing.fails, failing.ends = ["ROLLBACK TO job"], ends
    first, second = batch(failing, job_of(put, "a"), job_of(put, "a"))
    assert first.outcome() == "a"
    assert isinstance(second.problem(), StorageError)
    assert held(failing) == ["a"]


def test_rule_5_an_earlier_job_that_cannot_run_again_is_told_so(failing: Failing) -> None:
    async def lose_all(tx: Transaction) -> None:
        failing.execute("ROLLBACK")
        failing.fails = ["BEGIN IMMEDIATE", "SAVEPOINT job"]

    jobs = batch(failing, job_of(put, "a"), job_of(put, "b"), job_of(put, "c"), job_of(lose_all))
    assert [isinstance(job.error, sqlite3.Error) for job in jobs] == [True, True, False, False]
    assert held(failing) == ["c"]


# 6


@pytest.mark.parametrize("ends", [False, True])
def test_rule_6_when_the_commit_fails_nothing_has_happened(failing: Failing, ends: bool) -> None:
    called: list[str] = []

    async def with_hook(tx: Transaction) -> str:
        tx.after_commit(called.append, "hook")
        return await put(tx, "a")

    failing.fails, failing.ends = ["COMMIT"], ends
    jobs = batch(failing, job_of(with_hook), job_of(put, "b"), job_of(put, "b"))

    assert [type(job.problem()) for job in jobs] == [Unavailable] * 3
    assert [job.hooks for job in jobs] == [[], [], []]
    assert not failing.in_transaction
    assert held(failing) == []
    assert batch(failing, job_of(put, "c"))[0].outcome() == "c"


def test_rule_6_a_database_that_stays_locked_is_everybodys_trouble(database: Path) -> None:
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as other,
        closing(driver.connect(database, query_only=False)) as connection,
    ):
        connection.execute("PRAGMA busy_timeout = 1")
        other.execute("BEGIN IMMEDIATE")
        jobs = batch(connection, job_of(put, "a"), job_of(put, "b"))
        other.execute("ROLLBACK")

    assert [type(job.problem()) for job in jobs] == [Unavailable, Unavailable]


# 7


async def test_rule_7_hooks_run_on_the_loop_in_the_order_of_the_commit_and_each_by_itself(
    store: Store,
) -> None:
    called: list[tuple[str, int]] = []
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: complaints.append(str(context["exception"]))
    )

    def hook(name: str) -> None:
        called.append((name, threading.get_ident()))
        if name == "a":
            raise LookupError("a hook that breaks")

    async def write(tx: Transaction, name: str) -> None:
        await put(tx, name)
        tx.after_commit(hook, name)

    async def refuse(tx: Transaction) -> None:
        tx.after_commit(hook, "refused")
        raise LookupError("no")

    await asyncio.gather(
        store.write(write, "a"), store.write(refuse), store.write(write, "b"), return_exceptions=True
    )
    await asyncio.sleep(0)

    assert called == [("a", threading.get_ident()), ("b", threading.get_ident())]
    assert complaints == ["a hook that breaks"]


async def test_rule_7_changes_are_told_on_the_loop_once_they_are_committed(store: Store) -> None:
    heard: list[tuple[Change, int]] = []
    store.on_change = lambda change: heard.append((change, threading.get_ident()))

    async def write(tx: Transaction, number: int) -> None:
        tx.changed(Change("entry", number))

    async def refuse(tx: Transaction) -> None:
        tx.changed(Change("entry", 0))
        raise LookupError("no")

    await asyncio.gather(
        store.write(write, 1), store.write(refuse), store.bulk(write, 2), return_exceptions=True
    )
    await asyncio.sleep(0)

    assert heard == [(Change("entry", number), threading.get_ident()) for number in (1, 2)]


async def test_rule_7_waiting_writers_share_a_commit(engine: SqliteStore) -> None:
    gate = Gate()
    held_up = asyncio.create_task(engine.write(gate.hold))
    await gate.reached()
    waiting = [asyncio.create_task(engine.write(put, str(n))) for n in range(40)]
    await asyncio.sleep(0)
    before = engine.batches
    gate.open()
    await asyncio.gather(held_up, *waiting)

    assert engine.batches - before <= 2
