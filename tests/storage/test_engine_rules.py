"""The rules of the SQLite engine (appendix of the design), each with a test that bears its number."""

import asyncio
import contextvars
import inspect
import re
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

import storage
from storage import driver
from storage.driver import Job
from storage.engine import Reader, Store, Transaction, ensure_outside_transaction
from storage.errors import Conflict, StorageError, TransactionMisuse, Unavailable
from storage.inline import InlineStore
from storage.sqlite import LONGEST_QUEUE, SqliteStore, Thread

PUT = "INSERT INTO facts (name, value) VALUES (:name, :value)"


async def put(tx: Transaction, name: str, value: str = "") -> str:
    await tx.execute(PUT, name=name, value=value)
    return name


async def names(read: Reader) -> list[str]:
    return await read.values("SELECT name FROM facts ORDER BY rowid")


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[SqliteStore]:
    """Give the engine itself, with what a store does not show."""
    store = await storage.sqlite.open_store(database, readers=2)
    yield store
    await store.close()


@pytest.fixture
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    """Give a writer's connection, to be driven by the test."""
    with closing(driver.connect(database, query_only=False)) as opened:
        yield opened


def batch(connection: sqlite3.Connection, *jobs: Job) -> list[Job]:
    """Run jobs in one transaction in this thread."""
    waiting = iter(jobs)
    return driver.write_batch(connection, lambda: next(waiting, None))


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

    async def write_inside(tx: Transaction) -> None:
        await store.write(put, "inner")

    async def bulk_inside(tx: Transaction) -> None:
        await store.bulk(put, "inner")

    async def dial_inside(read: Reader) -> None:
        ensure_outside_transaction("transport.exchange")

    for fn, what in ((read_inside, "store.read"), (write_inside, "store.write"), (bulk_inside, "store.bulk")):
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


# 6


class FailingCommit(sqlite3.Connection):
    """A connection whose next COMMIT meets a disk that does not answer."""

    fails = 0

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.fails:
            self.fails -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *args)


def test_rule_6_when_the_commit_fails_nothing_has_happened(database: Path) -> None:
    called: list[str] = []

    async def with_hook(tx: Transaction) -> str:
        tx.after_commit(called.append, "hook")
        return await put(tx, "a")

    with closing(sqlite3.connect(database, factory=FailingCommit, isolation_level=None)) as connection:
        connection.fails = 1
        jobs = batch(connection, job_of(with_hook), job_of(put, "b"), job_of(put, "b"))

        assert [type(job.problem()) for job in jobs] == [Unavailable] * 3
        assert [job.hooks for job in jobs] == [[], [], []]
        assert not connection.in_transaction
        assert held(connection) == []
        assert batch(connection, job_of(put, "c"))[0].outcome() == "c"


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


# 8


async def test_rule_8_a_caller_that_gives_up_before_its_turn_is_passed_over(store: Store) -> None:
    gate = Gate()
    first = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    late = asyncio.create_task(store.write(put, "late"))
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.gather(late, return_exceptions=True)
    gate.open()
    await first

    assert await store.read(names) == ["held"]


async def test_rule_8_a_caller_that_gives_up_too_late_is_committed_all_the_same(store: Store) -> None:
    gate = Gate()
    begun = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    begun.cancel()
    await asyncio.gather(begun, return_exceptions=True)
    gate.open()

    await store.write(put, "after")
    assert await store.read(names) == ["held", "after"]


# 9


def test_rule_9_a_batch_has_at_most_64_jobs(connection: sqlite3.Connection) -> None:
    assert len(batch(connection, *(job_of(put, str(n)) for n in range(200)))) <= 64


def test_rule_9_a_batch_ends_after_ten_milliseconds(connection: sqlite3.Connection) -> None:
    async def slow(tx: Transaction, name: str) -> None:
        await put(tx, name)
        until = time.monotonic() + 0.006
        while time.monotonic() < until:
            pass

    assert len(batch(connection, *(job_of(slow, str(n)) for n in range(10)))) <= 3


async def test_rule_9_more_than_2000_waiting_writes_are_too_many(store: Store) -> None:
    gate = Gate()
    first = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    waiting = [asyncio.create_task(store.write(put, str(n))) for n in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="2000 writes wait"):
        await store.write(put, "one too many")
    for task in waiting:
        task.cancel()
    gate.open()
    await asyncio.gather(first, *waiting, return_exceptions=True)


async def test_rule_9_when_writes_wait_two_seconds_no_more_are_taken(database: Path) -> None:
    moments = iter([0.0, 0.0, 2.5])
    store = SqliteStore(database, monotonic=lambda: next(moments))
    await store.open(readers=1)
    gate = Gate()
    first = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    second = asyncio.create_task(store.write(put, "second"))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match=r"writes wait 2\.5 s"):
        await store.write(put, "third")
    gate.open()
    await asyncio.gather(first, second)
    await store.close()


async def test_rule_9_a_step_of_a_long_work_is_alone_in_its_transaction(engine: SqliteStore) -> None:
    gate = Gate()
    first = asyncio.create_task(engine.write(gate.hold))
    await gate.reached()
    before = engine.batches
    works = [engine.write(put, "a"), engine.bulk(put, "b"), engine.write(put, "c"), engine.write(put, "d")]
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(first, *tasks)

    # held and a; b; c and d
    assert engine.batches - before == 3
    assert await engine.read(names) == ["held", "a", "b", "c", "d"]


async def test_rule_9_free_pages_can_be_given_back_without_vacuum(store: Store) -> None:
    async def mode(read: Reader) -> int:
        return int(await read.value("PRAGMA auto_vacuum"))

    assert await store.read(mode) == 2


# 10


async def test_rule_10_a_reader_writes_nothing(store: Store) -> None:
    async def write(read: Reader) -> None:
        await read.value("INSERT INTO facts (name, value) VALUES ('x', '') RETURNING name")

    with pytest.raises(StorageError, match="readonly"):
        await store.read(write)


async def test_rule_10_a_read_is_one_snapshot(database: Path, store: Store) -> None:
    async def twice(read: Reader) -> tuple[list[str], list[str]]:
        before = await names(read)
        with closing(sqlite3.connect(database)) as other, other:
            other.execute("INSERT INTO facts VALUES ('meanwhile', '')")
        return before, await names(read)

    assert await store.read(twice) == ([], [])
    assert await store.read(names) == ["meanwhile"]


async def test_rule_10_a_read_sees_every_write_that_returned_before_it_began(store: Store) -> None:
    for n in range(50):
        await store.write(put, str(n))
        assert (await store.read(names))[-1] == str(n)


async def test_rule_10_no_statement_is_left_unfinished_even_on_error(database: Path, store: Store) -> None:
    async def many(tx: Transaction) -> None:
        await tx.many(PUT, [{"name": str(n), "value": "x" * 100} for n in range(100)])
        await tx.execute("INSERT INTO facts (name, value) VALUES (CAST(x'ff' AS TEXT), '')")

    async def first_of_many(read: Reader) -> str:
        return str(await read.value("SELECT name FROM facts ORDER BY name"))

    async def unreadable(read: Reader) -> list[str]:
        return await read.values("SELECT name FROM facts ORDER BY name")

    await store.write(many)
    await store.read(first_of_many)
    with pytest.raises(StorageError):
        await store.read(unreadable)
    await store.write(put, "after")
    with closing(sqlite3.connect(database)) as other:
        busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0


def test_rule_10_a_read_that_takes_too_long_is_stopped(database: Path) -> None:
    endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n"

    async def count(read: Reader) -> int:
        return int(await read.value(endless))

    with closing(driver.connect(database, query_only=True)) as connection:
        with pytest.raises(Unavailable, match="interrupted"):
            driver.read(connection, job_of(count), seconds=0.01)
        assert driver.read(connection, job_of(names)) == []


# 11


async def test_rule_11_a_write_decides_on_what_is_there_when_it_runs(store: Store) -> None:
    """Two that decided on the same read: the second sees, inside, what the first wrote."""

    async def claim(tx: Transaction, name: str) -> bool:
        return await tx.execute(f"{PUT} ON CONFLICT DO NOTHING", name=name, value="") == 1

    assert await store.read(names) == []
    assert sorted(await asyncio.gather(store.write(claim, "place"), store.write(claim, "place"))) == [
        False,
        True,
    ]


# 12


@pytest.mark.parametrize("query_only", [False, True])
def test_rule_12_every_connection_is_set_up_alike(database: Path, query_only: bool) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "temp_store": 2,
        "trusted_schema": 0,
        "cache_size": -16_384,
        "journal_size_limit": 67_108_864,
        "query_only": int(query_only),
    }
    with closing(driver.connect(database, query_only=query_only)) as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
        assert connection.isolation_level is None
    assert found == wanted


def test_rule_12_an_sqlite_that_is_too_old_is_refused() -> None:
    driver.ensure_new_enough((3, 38, 0))
    with pytest.raises(Unavailable, match=r"SQLite is 3\.37\.2, at least 3\.38\.0 wanted"):
        driver.ensure_new_enough((3, 37, 2))


async def test_rule_12_a_log_that_grew_too_long_is_emptied(database: Path) -> None:
    store = SqliteStore(database, wal_limit=1_000_000)
    await store.open(readers=1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM facts").fetchall()  # who reads keeps the log from being used again
        for n in range(30):
            await store.write(put, f"big {n}", "x" * 100_000)
        other.execute("ROLLBACK")
    wal = database.with_name(database.name + "-wal")
    long = wal.stat().st_size
    for n in range(130):
        await store.write(put, str(n))
    short = wal.stat().st_size
    await store.close()

    assert long > 3_000_000
    assert short < 1_000_000


# 13


async def test_rule_13_close_finishes_what_waits_and_takes_no_more(database: Path) -> None:
    before = set(threading.enumerate())
    store = await storage.open_store(f"sqlite:{database}")
    waiting = [asyncio.create_task(store.write(put, str(n))) for n in range(100)]
    await asyncio.sleep(0)
    await store.close()
    await store.close()

    assert len(await asyncio.gather(*waiting)) == 100
    for late in (store.write(put, "late"), store.read(names), store.bulk(put, "late")):
        with pytest.raises(Unavailable, match="closed"):
            await late
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert set(threading.enumerate()) <= before
    assert not database.with_name(database.name + "-wal").exists()


async def test_rule_13_what_cannot_be_finished_in_time_is_told_so(database: Path) -> None:
    store = SqliteStore(database, drain_seconds=0.01)
    await store.open(readers=1)
    gate = Gate()
    first = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    alone = asyncio.create_task(store.bulk(put, "not begun"))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.1, gate.open)
    await store.close()

    assert await first == "held"
    with pytest.raises(Unavailable, match="closed"):
        await alone


# 14


async def test_rule_14_storage_tests_run_on_sqlite_in_a_file(store: Store) -> None:
    """The fixture that every storage test uses: the engine that sees misuse, on a file."""

    async def file(read: Reader) -> str:
        return str(await read.value("SELECT file FROM pragma_database_list WHERE name = 'main'"))

    assert isinstance(store, SqliteStore)
    assert (await store.read(file)).endswith("/fedcop.db")


# 15


async def test_rule_15_the_inline_engine_keeps_the_rules_in_the_calling_thread(database: Path) -> None:
    store = InlineStore(database)
    called: list[int] = []

    async def write(tx: Transaction) -> int:
        await put(tx, "a")
        tx.after_commit(called.append, 1)
        return threading.get_ident()

    async def write_in_read(read: Reader) -> None:
        await read.value("INSERT INTO facts (name, value) VALUES ('x', '') RETURNING name")

    async def inner(tx: Transaction) -> None:
        await store.write(put, "inner")

    async def wait(tx: Transaction) -> None:
        await put(tx, "lost")
        await asyncio.sleep(0)

    assert await store.write(write) == threading.get_ident()
    await asyncio.sleep(0)
    assert called == [1]
    with pytest.raises(StorageError, match="readonly"):
        await store.read(write_in_read)
    for misuse in (inner, wait):
        with pytest.raises(TransactionMisuse):
            await store.write(misuse)
    with pytest.raises(Conflict):
        await store.write(put, "a")
    assert await store.bulk(put, "b") == "b"
    assert await store.read(names) == ["a", "b"]
    await store.close()
    await store.close()
    with pytest.raises(Unavailable):
        await store.read(names)
