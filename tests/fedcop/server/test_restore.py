"""A backup is put into an empty folder whole, or not at all."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fedcop import config as configuration
from fedcop.errors import Refusal
from fedcop.server import backup, summed
from fedcop.server.archive import Contents, Packer, Places
from fedcop.server.progress import Progress
from fedcop.server.restore import restore
from fedcop.server.sealed import CHUNK, Sealer
from fedcop.server.summed import Summer
from storage import migrate
from storage.audit import End
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.lock import Lock

SILENT = Progress(lambda line: None)
USUAL = Places()


@pytest.fixture
def kept(initialised: Path, tmp_path: Path) -> Path:
    """Give a backup of a new node, not encrypted."""
    node, path = Path(shutil.copytree(initialised, tmp_path / "kent")), tmp_path / "kent.bak"
    (node / "data" / "media" / "0a.png").write_bytes(b"picture")
    config = configuration.load(node / "fedcop.toml", {})
    backup.make(
        config,
        node / "fedcop.toml",
        path,
        None,
        now=datetime(2026, 3, 1, tzinfo=UTC),
        end=End(0, ""),
        progress=SILENT,
    )
    return path


def put(path: Path, folder: Path) -> Contents:
    return restore(path, folder, None, progress=SILENT)


def test_every_file_is_where_it_was(kept: Path, tmp_path: Path) -> None:
    put(kept, tmp_path / "new" / "kent")
    found = tmp_path / "new" / "kent"
    assert sorted(str(path.relative_to(found)) for path in found.rglob("*")) == [
        "data", "data/fedcop.db", "data/media", "data/media/0a.png", "fedcop.toml",
    ]  # fmt: skip
    assert (found / "data" / "media" / "0a.png").read_bytes() == b"picture"


def test_an_empty_folder_and_what_a_killed_restore_left_are_taken(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    (folder / ".restoring" / "unpacked").mkdir(parents=True)
    (folder / ".restoring" / "unpacked" / "database").write_bytes(b"half")
    (folder / "lost+found").mkdir()
    put(kept, folder)
    assert sorted(os.listdir(folder)) == ["data", "fedcop.toml", "lost+found"]


def test_a_folder_that_holds_something_is_refused(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "fedcop.db-wal").touch()
    with pytest.raises(Refusal, match="is not empty; wanted a new or an empty folder"):
        put(kept, tmp_path / "full")
    with pytest.raises(Refusal, match="Not a directory"):
        put(kept, kept)


def test_two_into_one_folder_are_one_too_many(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with Lock.of(f"sqlite:{tmp_path / 'new' / '.restoring'}"), pytest.raises(Unavailable, match="restores a"):
        put(kept, tmp_path / "new")


def changed(data: bytes, place: int) -> bytes:
    spoilt = bytearray(data)
    spoilt[place] ^= 0x10
    return bytes(spoilt)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: changed(data, 5),  # of the time in gzip's header, which nobody reads
        lambda data: changed(data, 60),
        lambda data: changed(data, len(data) // 2),
        # zeros, of which a run may be written in more ways than one
        lambda data: changed(data, -summed.LENGTH - 30),
        lambda data: changed(data, -1),
        lambda data: data[:-1],
        lambda data: data[: -summed.LENGTH],
        lambda data: data + bytes(1),
    ],
)
def test_whatever_is_not_as_it_was_is_refused_and_the_folder_is_as_before(
    kept: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    kept.write_bytes(spoil(kept.read_bytes()))
    with pytest.raises(Refusal, match="changed, cut off or added to"):
        put(kept, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refusal):
        put(kept, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_encrypted_one_is_looked_through_before_anything_is_written(
    initialised: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sealed.bak"
    with path.open("wb") as file, Sealer(file, b"secret") as out, Packer(out, lambda size: None) as packer:
        (tmp_path / "some").write_bytes(random.Random(1).randbytes(CHUNK))
        packer.add("fedcop.toml", tmp_path / "some")
    path.write_bytes(changed(path.read_bytes(), -1))
    written: list[str] = []
    progress = Progress(written.append, every=0)
    with pytest.raises(Refusal, match="was changed or cut off after 1,048,576 bytes"):
        restore(path, tmp_path / "new", b"secret", progress=progress)
    assert [line.split(":")[0] for line in written] == ["checked"]


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(Refusal, match=r"photo\.jpg is no backup of fedcop"):
        put(tmp_path / "photo.jpg", tmp_path / "new")
    with pytest.raises(Refusal, match=r"none\.bak: No such file"):
        put(tmp_path / "none.bak", tmp_path / "new")


def _packed(folder: Path, database: Path, places: Places = USUAL, *, schema: int = 0) -> Path:
    path = folder / "made.bak"
    with path.open("wb") as file, Summer(file) as out, Packer(out, lambda size: None) as packer:
        (folder / "some").write_bytes(b"")
        packer.add("fedcop.toml", folder / "some")
        packer.add("database", database)
        packer.end(
            Contents(
                fedcop="1", schema=schema, domain="kent.example", base_url="https://kent.example",
                made_at=datetime(2026, 1, 1, tzinfo=UTC), with_key=False, places=places, files=packer.files,
            )
        )  # fmt: skip
    return path


@pytest.mark.parametrize(
    "places",
    [
        Places(database="../fedcop.db"),
        Places(database="/etc/fedcop.db"),
        Places(database="fedcop.toml"),
        Places(media="data/fedcop.db"),
        Places(media=".ssh"),
    ],
)
def test_places_outside_of_the_folder_or_twice_are_refused(
    initialised: Path, tmp_path: Path, places: Places
) -> None:
    path = _packed(tmp_path, initialised / "data" / "fedcop.db", places, schema=len(migrate.wanted()))
    with pytest.raises(Refusal, match="are no places in one folder"):
        put(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_schema_of_a_newer_version_is_refused(initialised: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(initialised / "data" / "fedcop.db", tmp_path / "newer.db"))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES (99, '0099_later', '')")
    with pytest.raises(SchemaMismatch, match="schema of the backup is of version 99"):
        put(_packed(tmp_path, database), tmp_path / "new")


def test_a_database_that_is_none_or_another_is_refused(initialised: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, however long it may be" * 100)
    with pytest.raises(StorageError, match="not a database"):
        put(_packed(tmp_path, tmp_path / "text"), tmp_path / "new")
    with pytest.raises(Refusal, match=r"has the schema \d+, 1 is said"):
        put(_packed(tmp_path, initialised / "data" / "fedcop.db", schema=1), tmp_path / "new")
