"""The threads of the SQLite engine; its rules are tested in ``test_engine_rules``."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from storage import driver, sqlite
from storage.engine import Reader, Store, Transaction
from storage.errors import StorageError, Unavailable


async def test_a_database_in_a_folder_that_is_not_there_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open"):
        await sqlite.open_store(tmp_path / "none" / "fedcop.db", scanners=1)


def test_when_a_reader_cannot_be_opened_the_writer_is_closed(database: Path) -> None:
    opened: list[sqlite3.Connection] = []

    def connect(path: Path, *, query_only: bool) -> sqlite3.Connection:
        if query_only:
            raise sqlite3.OperationalError("too many open files")
        opened.append(driver.connect(path, query_only=query_only))
        return opened[0]

    with pytest.raises(StorageError, match="too many open files"):
        sqlite.connect_all(database, scanners=1, connect=connect)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


async def test_a_bounded_read_runs_in_the_thread_of_its_caller_and_never_waits(store: Store) -> None:
    async def where(read: Reader) -> int:
        return threading.get_ident()

    with pytest.raises(StopIteration) as end:
        store.read(where).send(None)  # type: ignore[attr-defined]
    assert end.value.value == threading.get_ident()


async def test_a_read_that_holds_the_loop_too_long_is_done_again_beside_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n"
    here = threading.get_ident()
    ran_in: list[int] = []

    async def unbounded(read: Reader, what: str) -> str:
        ran_in.append(threading.get_ident())
        if ran_in == [here]:
            await read.value(endless)
        return what

    async def quick(read: Reader) -> int:
        return int(await read.value("SELECT 1"))

    assert await store.read(unbounded, "found") == "found"
    assert ran_in[0] == here
    assert ran_in[1] != here
    assert "unbounded" in caplog.text
    assert await store.read(quick) == 1


async def test_everything_goes_on_while_a_scan_takes_long(store: Store) -> None:
    gate = threading.Event()

    async def slow(read: Reader) -> int:
        assert gate.wait(10)
        return threading.get_ident()

    async def quick(read: Reader) -> int:
        return int(await read.value("SELECT 1"))

    waiting = asyncio.create_task(store.scan(slow))
    await asyncio.sleep(0)
    assert [await store.read(quick) for _ in range(5)] == [1] * 5
    gate.set()
    assert await waiting != threading.get_ident()


async def test_a_scanner_whose_caller_gave_up_serves_others_again(store: Store) -> None:
    gate = threading.Event()

    async def slow(read: Reader) -> None:
        assert gate.wait(10)

    async def quick(read: Reader) -> int:
        return int(await read.value("SELECT 1"))

    given_up = [asyncio.create_task(store.scan(slow)) for _ in range(2)]
    await asyncio.sleep(0)
    for task in given_up:
        task.cancel()
    await asyncio.gather(*given_up, return_exceptions=True)
    gate.set()
    assert await asyncio.gather(*(store.scan(quick) for _ in range(10))) == [1] * 10


async def test_arguments_reach_the_function_by_place_and_by_name(store: Store) -> None:
    async def echo(tx: Transaction, first: int, *, second: str) -> tuple[int, str]:
        return first, second

    assert await store.write(echo, 1, second="x") == (1, "x")
    assert await store.bulk(echo, 2, second="y") == (2, "y")
    assert await store.read(echo, 3, second="z") == (3, "z")  # type: ignore[arg-type]


def _threads() -> set[threading.Thread]:
    return set(threading.enumerate())


async def test_an_opening_that_is_cancelled_leaves_no_thread(database: Path) -> None:
    before = _threads()
    opening = asyncio.create_task(sqlite.open_store(database, scanners=10))
    for _ in range(10_000):
        if len(_threads() - before) > 1:  # so the first connection is open
            break
        await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    for thread in _threads() - before:
        thread.join(5)
    assert _threads() <= before


async def test_a_closing_that_is_cancelled_leaves_no_thread(database: Path) -> None:
    before = _threads()
    store = await sqlite.open_store(database, scanners=1)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    for thread in _threads() - before:
        await asyncio.to_thread(thread.join, 5)
    assert not any(thread.is_alive() for thread in _threads() - before if "asyncio" not in thread.name)
