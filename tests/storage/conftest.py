"""An open store on a migrated SQLite file, and its engine taken apart."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import driver, migrate, open_store, sqlite
from storage.engine import Store
from storage.sqlite import SqliteStore
from tests.storage.engines import Failing
from tests.support import databases

# Whose statements and rules are SQLite's own, whatever else a run is on.
OF_SQLITE = ("test_engine_rules.py", "test_engine_rules_8_to_15.py", "test_sqlite.py")


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated database without rows, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    migrate.migrate(f"sqlite:{path}")
    return path


@pytest.fixture
def database(blank_database: Path, tmp_path: Path) -> Path:
    """Give a migrated database of its own."""
    return Path(shutil.copy(blank_database, tmp_path / "fedcop.db"))


@pytest.fixture
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Give an open store, closed after the test: on SQLite, or on the server of this run."""
    if databases.SERVER and request.path.name not in OF_SQLITE:
        opened = await open_store(databases.url_of(tmp_path))
    else:
        opened = await open_store(f"sqlite:{request.getfixturevalue('database')}")
    yield opened
    await opened.close()
    databases.give_back(tmp_path)


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[SqliteStore]:
    """Give the engine itself, with what a store does not show."""
    store = await sqlite.open_store(database, scanners=1)
    yield store
    await store.close()


@pytest.fixture
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    """Give a writer's connection, to be driven by the test."""
    with closing(driver.connect(database, query_only=False)) as opened:
        yield opened


@pytest.fixture
def failing(database: Path) -> Iterator[Failing]:
    """Give a connection that can be made to fail."""
    with closing(sqlite3.connect(database, factory=Failing, isolation_level=None)) as opened:
        yield opened
