"""An open store on a migrated SQLite file."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import migrate, open_store
from storage.engine import Store


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
async def store(database: Path) -> AsyncIterator[Store]:
    """Give an open store, closed after the test."""
    opened = await open_store(f"sqlite:{database}")
    yield opened
    await opened.close()
