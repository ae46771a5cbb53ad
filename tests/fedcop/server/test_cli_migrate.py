"""``fedcop migrate``: from the first schema to this one, or back to where it was."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fedcop.errors import Refusal
from fedcop.server.cli_migrate import upgrade
from storage import backup, migrate
from storage.errors import StorageError
from storage.migrate import FOLDER
from tests.fedcop.server.conftest import CommandLine
from tests.storage.test_migrate import fill

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = 4  # the steps that a node had whose database was the first to be kept
LAST = len(migrate.wanted())
HELD = {"actors": 3, "posts": 3, "received": 3, "peers": 3, "accounts": 1, "likes": 1, "follows": 1}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Give a database of the first schema, with rows in it."""
    path = tmp_path / "first.db"
    migrate.migrate(f"sqlite:{path}", folder=_steps(tmp_path / "first", FIRST))
    with closing(sqlite3.connect(path)) as database, database:
        for table, rows in HELD.items():
            for row_id in range(1, rows + 1):
                fill(database, table, row_id)
    return path


def _steps(folder: Path, last: int, **spoilt: str) -> Path:
    """Give a folder with the steps up to one; some end in a statement that fails."""
    folder.mkdir()
    for step in sorted(FOLDER.glob("*.sql")):
        if int(step.name[:4]) <= last:
            text = step.read_text("utf-8") + spoilt.get(f"after_{step.name[:4]}", "")
            (folder / step.name).write_text(text, "utf-8")
    return folder


def _all_of(path: Path) -> dict[str, list[Any]]:
    """Give everything that a database holds: its schema, and the rows of each table."""
    with closing(sqlite3.connect(path)) as database:
        schema = database.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for name, kind, _ in schema if kind == "table"]
        return {"": schema} | {
            name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables
        }


@pytest.mark.parametrize("broken", [FIRST + 1, (FIRST + LAST) // 2, LAST])
def test_a_step_that_fails_on_the_way_leaves_the_first_schema_with_all_it_held(
    first: Path, tmp_path: Path, broken: int
) -> None:
    before = _all_of(first)
    spoilt = {f"after_{broken:04}": ";\nINSERT INTO nowhere VALUES (1);"}
    folder = _steps(tmp_path / "spoilt", LAST, **spoilt)

    with pytest.raises(StorageError, match=f"/{broken:04}_|: {broken:04}_.*version {FIRST} as before"):
        upgrade(f"sqlite:{first}", now=NOW, folder=folder)

    assert _all_of(first) == before
    (kept,) = (tmp_path / "before-migration").iterdir()
    assert (kept.name, _all_of(kept)) == (f"20260301T120000-schema-{FIRST:04}.db", before)


def test_from_the_first_schema_to_this_one_nothing_is_lost(first: Path, tmp_path: Path) -> None:
    before = _all_of(first)

    done = upgrade(f"sqlite:{first}", now=NOW)

    assert (done.version, len(done.applied)) == (LAST, LAST - FIRST)
    assert done.kept is not None
    assert _all_of(Path(done.kept)) == before
    assert Path(done.kept).stat().st_mode & 0o777 == 0o600
    after = _all_of(first)
    assert {name: len(after[name]) for name in HELD} == HELD
    backup.ensure_sound(first)


def test_the_older_version_goes_on_with_the_copy_that_was_kept(first: Path, tmp_path: Path) -> None:
    done = upgrade(f"sqlite:{first}", now=NOW)
    assert done.kept is not None
    backup.remove(first)
    shutil.copy(done.kept, first)
    migrate.ensure_current(f"sqlite:{first}", folder=tmp_path / "first")


def test_the_newest_three_copies_stay(first: Path, tmp_path: Path) -> None:
    kept = tmp_path / "before-migration"
    kept.mkdir()
    (kept / "half-copied").write_bytes(b"of a process that was killed")
    for day in range(1, 5):
        (kept / f"2025010{day}T000000-schema-0001.db").touch()
    upgrade(f"sqlite:{first}", now=NOW, folder=_steps(tmp_path / "next", FIRST + 1))
    upgrade(f"sqlite:{first}", now=NOW + timedelta(hours=1))
    assert [path.name[:15] for path in sorted(kept.iterdir())] == [
        "20250104T000000",
        "20260301T120000",
        "20260301T130000",
    ]


def test_without_a_copy_none_is_kept(first: Path, tmp_path: Path) -> None:
    assert upgrade(f"sqlite:{first}", now=NOW, keep=False).kept is None
    assert not (tmp_path / "before-migration").exists()


def test_a_damaged_database_is_not_worked_on(first: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(first)) as database, database:
        database.execute("UPDATE follows SET target_id = 99")
    with pytest.raises(StorageError, match="names one of actors that is not there"):
        upgrade(f"sqlite:{first}", now=NOW)
    assert migrate.version(f"sqlite:{first}") == FIRST
    assert list((tmp_path / "before-migration").iterdir()) == []


def test_a_place_for_the_copy_that_cannot_be_had_is_named(first: Path, tmp_path: Path) -> None:
    (tmp_path / "before-migration").write_text("in the way")
    with pytest.raises(Refusal, match=r"before-migration: File exists; nothing was changed"):
        upgrade(f"sqlite:{first}", now=NOW)


def test_the_command_says_what_was_done_and_where_the_copy_lies(kent_line: CommandLine, first: Path) -> None:
    database = kent_line.folder / "data" / "fedcop.db"
    backup.remove(database)
    shutil.copy(first, database)
    lines = kent_line.done("migrate").splitlines()
    assert lines[0].startswith("applied 0005_signed, ")
    kept = Path(lines[1].removeprefix("the database as it was: "))
    assert kept.parent == database.with_name("before-migration")
    assert migrate.version(f"sqlite:{kept}") == FIRST
    assert kent_line.json("migrate", "--no-backup") == {"version": LAST, "applied": [], "kept": None}
