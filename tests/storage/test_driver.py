"""What a transaction function is given; how it is driven is tested in ``test_engine_rules``."""

import pytest

from storage.engine import Reader, Store, Transaction
from storage.errors import StorageError
from storage.row import Row


class Fact(Row):
    """A row of facts."""

    name: str
    value: str


async def fill(tx: Transaction) -> None:
    await tx.many(
        "INSERT INTO facts (name, value) VALUES (:name, :value)", [{"name": n, "value": n * 2} for n in "abc"]
    )


async def test_rows_values_and_nothing_are_given_as_asked_for(store: Store) -> None:
    async def look(read: Reader) -> list[object]:
        return [
            await read.all(Fact, "SELECT name, value FROM facts WHERE name <> :name ORDER BY name", name="b"),
            await read.one(Fact, "SELECT name, value FROM facts WHERE name = :name", name="b"),
            await read.one(Fact, "SELECT name, value FROM facts WHERE name = :name", name="x"),
            await read.value("SELECT value FROM facts WHERE name = :name", name="a"),
            await read.value("SELECT value FROM facts WHERE name = :name", name="x"),
            await read.values("SELECT name FROM facts ORDER BY name DESC"),
        ]

    await store.write(fill)
    assert await store.read(look) == [
        [Fact("a", "aa"), Fact("c", "cc")],
        Fact("b", "bb"),
        None,
        "aa",
        None,
        ["c", "b", "a"],
    ]


async def test_a_statement_tells_how_many_rows_it_changed(store: Store) -> None:
    async def change(tx: Transaction) -> list[int]:
        return [
            await tx.execute("UPDATE facts SET value = ''"),
            await tx.execute("DELETE FROM facts WHERE name = :name", name="a"),
            await tx.execute("DELETE FROM facts WHERE name = :name", name="a"),
            await tx.execute("INSERT INTO facts VALUES ('b', '') ON CONFLICT DO NOTHING"),
        ]

    await store.write(fill)
    assert await store.write(change) == [3, 1, 0, 0]


async def test_a_function_that_ends_its_own_transaction_is_told_so(store: Store) -> None:
    async def end(tx: Transaction) -> None:
        await tx.execute("ROLLBACK")

    with pytest.raises(StorageError, match="ended its transaction"):
        await store.write(end)
    await store.write(fill)
