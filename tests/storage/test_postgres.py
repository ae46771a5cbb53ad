"""A store on a PostgreSQL server."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate, postgres
from storage.engine import Change, Reader, Transaction
from storage.errors import TransactionMisuse, Unavailable
from storage.postgres import PostgresStore
from tests.storage.engines import Gate, put
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[PostgresStore]:
    opened = await postgres.open_store(databases.url_of(tmp_path), readers=2, writers=2)
    yield opened
    await opened.close()
    databases.give_back(tmp_path)


async def names(read: Reader) -> list[str]:
    return await read.values("SELECT name FROM facts ORDER BY name")


async def test_writes_and_reads_go_on_beside_each_other(engine: PostgresStore) -> None:
    gate = Gate()
    first = asyncio.create_task(engine.write(gate.hold, "first"))
    await gate.reached()
    assert await engine.write(put, "second") == "second"
    assert await engine.read(names) == ["second"]
    gate.open()
    assert await first == "first"
    assert await engine.scan(names) == ["first", "second"]


async def test_hooks_and_changes_are_told_on_the_loop_before_their_writer_goes_on(
    engine: PostgresStore,
) -> None:
    told: list[object] = []
    engine.on_change = lambda change: told.append((change.id, threading.current_thread()))

    async def write(tx: Transaction, number: int) -> None:
        await put(tx, str(number))
        tx.after_commit(told.append, number)
        tx.changed(Change("entry", number))
        if number == 2:
            raise ValueError("undone")

    await engine.write(write, 1)
    with pytest.raises(ValueError, match="undone"):
        await engine.write(write, 2)
    await engine.bulk(write, 3)
    main = threading.main_thread()
    assert told == [1, (1, main), 3, (3, main)]


async def test_what_has_no_place_inside_raises_at_once(engine: PostgresStore) -> None:
    async def inside(_tx: Transaction) -> None:
        await engine.read(names)

    with pytest.raises(TransactionMisuse, match=r"store\.read was called inside"):
        await engine.write(inside)


async def test_a_caller_that_gives_up_before_its_turn_is_passed_over(engine: PostgresStore) -> None:
    gates = [Gate(), Gate()]
    holding = [asyncio.create_task(engine.write(gate.hold, str(n))) for n, gate in enumerate(gates)]
    for gate in gates:
        await gate.reached()
    never = asyncio.create_task(engine.write(put, "never"))
    await asyncio.sleep(0)
    never.cancel()
    holding[0].cancel()  # it has begun, and is committed all the same
    for gate in gates:
        gate.open()
    await asyncio.gather(never, *holding, return_exceptions=True)
    await engine.write(put, "last")
    assert await engine.read(names) == ["0", "1", "last"]


async def test_more_than_can_be_done_is_refused(engine: PostgresStore) -> None:
    gates = [Gate(), Gate()]
    holding = [asyncio.create_task(engine.write(gate.hold, str(n))) for n, gate in enumerate(gates)]
    for gate in gates:
        await gate.reached()
    waiting = [asyncio.create_task(engine.write(put, f"w{n}")) for n in range(postgres.LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="2000 transactions wait"):
        await engine.write(put, "too many")
    for one in waiting:
        one.cancel()
    for gate in gates:
        gate.open()
    await asyncio.gather(*holding, *waiting, return_exceptions=True)
    assert await engine.write(put, "again") == "again"


async def test_a_server_that_dropped_everybody_is_found_again(engine: PostgresStore, tmp_path: Path) -> None:
    await asyncio.gather(*(engine.write(put, str(n)) for n in range(4)))
    with psycopg.connect(databases.url_of(tmp_path), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
    assert await engine.write(put, "after") == "after"
    assert len(await engine.read(names)) == 5


async def test_close_finishes_what_has_begun_and_takes_no_more(tmp_path: Path) -> None:
    engine = await postgres.open_store(databases.url_of(tmp_path), writers=1)
    gate = Gate()
    begun = asyncio.create_task(engine.write(gate.hold, "begun"))
    await gate.reached()
    waits = asyncio.create_task(engine.write(put, "waits"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(engine.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="closed"):
        await engine.write(put, "late")
    gate.open()
    await closing
    assert (await begun, await waits) == ("begun", "waits")
    await engine.close()
    databases.give_back(tmp_path)


async def test_what_cannot_be_finished_in_time_is_told_so(tmp_path: Path) -> None:
    engine = PostgresStore(databases.url_of(tmp_path), writers=1, drain_seconds=0.01)
    await engine.open()
    gate = Gate()
    begun = asyncio.create_task(engine.write(gate.hold, "begun"))
    await gate.reached()
    waits = asyncio.create_task(engine.write(put, "waits"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(engine.close())
    await asyncio.sleep(0.05)
    gate.open()
    await closing
    assert await begun == "begun"
    with pytest.raises(Unavailable, match="closed"):
        await waits
    databases.give_back(tmp_path)


async def test_a_server_that_goes_away_is_everybodys_trouble_within_seconds() -> None:
    with databases.new() as url:
        migrate.migrate(url)
        engine = PostgresStore(url, connect_seconds=0.2)
        await engine.open()
        with psycopg.connect(databases.SERVER, autocommit=True) as other:
            name = url.partition("?")[0].rpartition("/")[2]
            other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
        with pytest.raises(Unavailable, match=r"no connection to PostgreSQL within 0\.2 s"):
            await engine.read(names)
        await engine.close()


async def test_a_server_that_was_never_there_is_told_at_once() -> None:
    with pytest.raises(Unavailable, match="refused"):
        await postgres.open_store("postgresql://ada@127.0.0.1:1/kent")
