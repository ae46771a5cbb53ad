"""The engine in the calling thread; rule 15 in ``test_engine_rules`` has what it shares with the other."""

from pathlib import Path

import pytest

from storage.engine import Reader, Transaction
from storage.errors import Unavailable
from storage.inline import InlineStore


async def test_a_database_in_a_folder_that_is_not_there_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open"):
        InlineStore(tmp_path / "none" / "fedcop.db")


async def test_a_write_after_a_read_that_failed_is_as_ever(database: Path) -> None:
    async def fail(read: Reader) -> None:
        raise LookupError("no")

    async def write(tx: Transaction) -> int:
        return await tx.execute("INSERT INTO facts (name, value) VALUES ('a', '')")

    store = InlineStore(database)
    with pytest.raises(LookupError):
        await store.read(fail)
    assert await store.write(write) == 1
    await store.close()
