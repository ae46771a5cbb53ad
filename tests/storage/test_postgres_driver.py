"""Transactions on one PostgreSQL connection."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import postgres_driver
from storage.driver import Job
from storage.engine import Reader, Transaction
from storage.errors import Conflict, StorageError, TooLong, TransactionMisuse, Unavailable
from storage.postgres_driver import RERUNS, Connection
from storage.row import array_of
from tests.storage.engines import job_of, put
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")

FACTS = "SELECT name FROM facts ORDER BY name"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield databases.url_of(tmp_path)
    databases.give_back(tmp_path)


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with closing(postgres_driver.connect(url)) as opened:
        postgres_driver.prepare(opened, reading=False)
        yield opened


@pytest.fixture
def other(url: str) -> Iterator[Connection]:
    with closing(postgres_driver.connect(url)) as opened:
        postgres_driver.prepare(opened, reading=False)
        yield opened


@pytest.fixture
def reader(url: str) -> Iterator[Connection]:
    with closing(postgres_driver.connect(url)) as opened:
        postgres_driver.prepare(opened, reading=True)
        yield opened


def done(connection: Connection, job: Job) -> Any:
    assert postgres_driver.write(connection, job)
    return job.outcome()


def held(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute(FACTS).fetchall()]


def test_every_kind_of_value_comes_back_as_it_went_in(connection: Connection) -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)

    async def ask(tx: Transaction) -> list[Any]:
        return [
            await tx.value("SELECT :it", it=moment),
            await tx.value("SELECT :it + 1", it=True),
            await tx.value("SELECT :it", it=1 << 62),
            await tx.value("SELECT :it", it="it's 100 % \\ :no \x00"),
            await tx.value("SELECT :it", it=b"\x00\xff"),
            await tx.value("SELECT :it IS NULL", it=None),
            await tx.value("SELECT SUM(n) FROM (SELECT :a AS n UNION ALL SELECT :b) AS x", a=1, b=2),
            await tx.values("SELECT value FROM json_each(:it) ORDER BY key", it=array_of([3, 1, 2])),
            await tx.values("SELECT value FROM json_each(:it) ORDER BY key", it=array_of(["b", 'a"\\,{'])),
            await tx.values("SELECT value FROM json_each(:it)", it=array_of([])),
        ]

    assert done(connection, job_of(ask)) == [
        "2026-05-01T12:00:00.000Z",
        2,
        1 << 62,
        "it's 100 % \\ :no \ufffd",
        b"\x00\xff",
        True,
        3,
        [3, 1, 2],
        ["b", 'a"\\,{'],
        [],
    ]


def test_a_write_that_was_overtaken_runs_again_on_what_is_there(
    connection: Connection, other: Connection
) -> None:
    runs = []

    async def raise_by_one(tx: Transaction, *, first: bool = False) -> None:
        n = int(await tx.value("SELECT value FROM facts WHERE name = 'n'"))
        if first and not runs:
            done(other, Job(raise_by_one, (), {}))
        runs.append(n)
        await tx.execute("UPDATE facts SET value = :value WHERE name = 'n'", value=str(n + 1))

    done(connection, job_of(put, "n", "1"))
    done(connection, Job(raise_by_one, (), {"first": True}))
    assert runs == [1, 1, 2]
    assert connection.execute("SELECT value FROM facts").fetchone() == ("3",)


def test_two_that_each_rely_on_what_the_other_changes_do_not_both_happen(
    connection: Connection, other: Connection
) -> None:
    async def leave(tx: Transaction, name: str, *, meanwhile: str | None = None) -> int:
        left = await tx.value("SELECT COUNT(*) FROM facts")
        if meanwhile is not None and not tried:
            tried.append(meanwhile)
            done(other, Job(leave, (meanwhile,), {}))
        return await tx.execute("DELETE FROM facts WHERE name = :name", name=name) if left > 1 else 0

    tried: list[str] = []
    for name in ("ada", "ben"):
        done(connection, job_of(put, name))
    assert done(connection, Job(leave, ("ada",), {"meanwhile": "ben"})) == 0
    assert held(connection) == ["ada"]


def test_who_finds_a_key_taken_after_having_looked_looks_again(
    connection: Connection, other: Connection
) -> None:
    looked = []

    async def add_once(tx: Transaction) -> bool:
        taken = await tx.value("SELECT 1 FROM facts WHERE value = 'x'")
        looked.append(taken)
        if len(looked) == 1:
            done(other, job_of(put, "n", "x"))
        return taken is None and await put(tx, "n", "x") == "n"

    assert done(connection, job_of(add_once)) is False
    assert looked == [None, 1]


def test_the_last_time_it_runs_alone(connection: Connection, other: Connection) -> None:
    """Each time but the last another write gets in its way; then none can begin."""
    runs = []

    async def unlucky(tx: Transaction) -> None:
        await tx.value("SELECT value FROM facts WHERE name = 'n'")
        runs.append(len(runs))
        other.execute("SET lock_timeout TO '50ms'")
        postgres_driver.write(other, job_of(change))
        await change(tx)

    async def change(tx: Transaction) -> None:
        await tx.execute("UPDATE facts SET value = value || 'x' WHERE name = 'n'")

    done(connection, job_of(put, "n"))
    done(connection, job_of(unlucky))
    assert len(runs) == RERUNS + 1
    assert connection.execute("SELECT value FROM facts").fetchone() == ("xxxx",)


async def _forget(tx: Transaction) -> None:
    with suppress(Exception):
        await tx.execute("SELECT * FROM nowhere")


async def _end(tx: Transaction) -> None:
    await tx.execute("ROLLBACK")


async def _wait(tx: Transaction) -> None:
    import asyncio  # noqa: PLC0415 - for this misuse alone

    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("misuse", "text"),
    [(_forget, "hid an error"), (_end, "ended its transaction"), (_wait, "awaited something")],
)
def test_misuse_is_found_and_undone(connection: Connection, misuse: Any, text: str) -> None:
    async def both(tx: Transaction) -> None:
        await put(tx, "lost")
        await misuse(tx)

    with pytest.raises(TransactionMisuse, match=text):
        done(connection, job_of(both))
    assert held(connection) == []
    assert done(connection, job_of(put, "kept")) == "kept"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("INSERT INTO facts (name, value) VALUES ('taken', '')", Conflict),
        ("INSERT INTO codes VALUES ('s', 1, 1, '', '', NULL, '', NULL)", StorageError),
        ("SELECT * FROM nowhere", StorageError),
        ("SELECT :missing", StorageError),
    ],
)
def test_an_error_leaves_as_one_of_storage(connection: Connection, sql: str, kind: type[Exception]) -> None:
    async def run(tx: Transaction) -> None:
        await tx.execute(sql)

    done(connection, job_of(put, "taken"))
    with pytest.raises(kind) as raised:
        done(connection, job_of(run))
    assert type(raised.value) is kind
    assert "\n" not in str(raised.value)


def test_a_read_is_one_snapshot_writes_nothing_and_ends_in_time(
    reader: Connection, other: Connection
) -> None:
    async def twice(read: Reader) -> list[list[str]]:
        before = await read.values(FACTS)
        done(other, job_of(put, "late"))
        return [before, await read.values(FACTS)]

    def ended(job: Job) -> Any:
        assert postgres_driver.read(reader, job)
        return job.outcome()

    assert ended(job_of(twice)) == [[], []]
    with pytest.raises(Unavailable, match="read-only"):
        ended(job_of(put, "here"))
    reader.execute("SET statement_timeout TO '20ms'")
    with pytest.raises(TooLong):
        ended(job_of(_sleep))


async def _sleep(read: Reader) -> None:
    await read.value("SELECT 1 FROM pg_sleep(5)")


def test_on_a_dead_connection_nothing_is_run(connection: Connection, other: Connection) -> None:
    other.execute("SELECT pg_terminate_backend(%s::int)", (connection.info.backend_pid,))
    job = job_of(put, "never")
    assert not postgres_driver.write(connection, job)
    assert connection.closed
    with pytest.raises(Unavailable):
        job.outcome()
    assert held(other) == []
