"""The rules of the SQLite engine (appendix of the design), a test for each that bears its number: 8 to 15."""

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import storage
from storage import driver
from storage.engine import Change, Reader, Store, Transaction
from storage.errors import Conflict, StorageError, TransactionMisuse, Unavailable
from storage.inline import InlineStore
from storage.sqlite import LONGEST_QUEUE, SqliteStore
from tests.storage.engines import PUT, Failing, Gate, batch, job_of, names, put

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

    jobs = [job_of(slow, str(n)) for n in range(10)]
    assert len(batch(connection, *jobs, seconds=driver.BATCH_SECONDS)) <= 3


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
    await store.open(scanners=1)
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


@pytest.mark.parametrize("statement", ["BEGIN", "COMMIT"])
def test_rule_10_a_reader_that_cannot_begin_or_end_says_so_and_holds_no_snapshot(
    failing: Failing, statement: str
) -> None:
    failing.fails = [statement]
    with pytest.raises(StorageError, match="disk I/O error"):
        driver.read(failing, job_of(names))
    assert not failing.in_transaction
    assert driver.read(failing, job_of(names)) == []


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


async def test_rule_12_a_log_that_grew_too_long_is_emptied_once_nobody_reads_from_it(
    database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteStore(database, wal_limit=1_000_000)
    await store.open(scanners=1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM facts").fetchall()  # who reads keeps the log from being used again
        for n in range(64):
            await store.write(put, f"big {n}", "x" * 50_000)
        other.execute("ROLLBACK")
    wal = database.with_name(database.name + "-wal")
    long = wal.stat().st_size
    assert "is long and somebody reads from it" in caplog.text
    for n in range(64):
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
    for late in (store.write(put, "late"), store.read(names), store.scan(names), store.bulk(put, "late")):
        with pytest.raises(Unavailable, match="closed"):
            await late
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert set(threading.enumerate()) <= before
    assert not database.with_name(database.name + "-wal").exists()


async def test_rule_13_what_cannot_be_finished_in_time_is_told_so(database: Path) -> None:
    store = SqliteStore(database, drain_seconds=0.01)
    await store.open(scanners=1)
    gate = Gate()
    first = asyncio.create_task(store.write(gate.hold))
    await gate.reached()
    alone = asyncio.create_task(store.bulk(put, "not begun"))
    given_up = asyncio.create_task(store.bulk(put, "not begun either"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
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
    store.on_change = lambda change: called.append(change.id)

    async def write(tx: Transaction) -> int:
        await put(tx, "a")
        tx.after_commit(called.append, 1)
        tx.changed(Change("entry", 2))
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
    assert called == [1, 2]
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
