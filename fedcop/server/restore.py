"""Puts a backup into an empty folder: checked to its last byte, written beside, and then given its place."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from fedcop.errors import Refusal
from fedcop.server import archive, summed
from fedcop.server.archive import Contents, Heard, Source
from fedcop.server.progress import Progress
from fedcop.server.sealed import MAGIC, Opener
from storage import backup, migrate
from storage.errors import SchemaMismatch
from storage.lock import Lock

BESIDE: Final = ".restoring"
GZIP: Final = b"\x1f\x8b"
# What a folder may hold and be empty all the same: a restore that was killed, and the root of a file system.
NOTHING: Final = frozenset({BESIDE, BESIDE + ".lock", "lost+found"})


def restore(path: Path, folder: Path, passphrase: bytes | None, *, progress: Progress) -> Contents:
    """Put a backup into a folder that is empty or not there yet; whatever is refused leaves it as it was."""
    is_new = not folder.exists()
    try:
        if not is_new and set(os.listdir(folder)) - NOTHING:
            raise Refusal(f"{folder} is not empty; wanted a new or an empty folder")
        with path.open("rb") as file:
            size = path.stat().st_size
            stream = _opened(file, passphrase, path, progress.through("checked", size))
            folder.mkdir(parents=True, exist_ok=True)
            try:
                with _beside(folder) as beside:
                    return _put(stream, beside, folder, progress.through("restored", size))
            except BaseException:
                if is_new:
                    with contextlib.suppress(OSError):
                        folder.rmdir()
                raise
    except OSError as error:
        raise Refusal(f"{error.filename or folder}: {error.strerror}") from error


def _opened(file: BinaryIO, passphrase: bytes | None, path: Path, heard: Heard) -> Source:
    """Give the stream of a backup that is encrypted or is not, once it has proved to be what was written."""
    start = file.read(len(MAGIC))
    file.seek(0)
    if start == MAGIC:
        if passphrase is None:
            raise Refusal(f"{path} is encrypted; wanted --passphrase-file FILE")
        opener = Opener(file, passphrase)
        opener.ensure_whole(heard)
        return opener
    if not start.startswith(GZIP):
        raise Refusal(f"{path} is no backup of fedcop")
    summed.ensure_whole(file, heard)
    return file


@contextlib.contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a folder on the same disk that is gone afterwards, whatever happens."""
    path = folder / BESIDE
    with Lock.of(f"sqlite:{path}", doing="restores a backup here") as lock:
        shutil.rmtree(path, ignore_errors=True)  # of a process that was killed
        try:
            path.mkdir(mode=0o700)
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            lock.unlink()


def _put(stream: Source, beside: Path, folder: Path, heard: Heard) -> Contents:
    unpacked, node = beside / "unpacked", beside / "node"
    unpacked.mkdir()
    contents = archive.unpack(stream, unpacked, heard)
    _check_database(unpacked / archive.DATABASE, contents)
    _arrange(unpacked, node, contents)
    # The configuration last: a folder without it is no node.
    for entry in sorted(node.iterdir(), key=lambda entry: entry.name == archive.CONFIG):
        entry.rename(folder / entry.name)
    return contents


def _check_database(path: Path, contents: Contents) -> None:
    backup.ensure_sound(path)
    found, known = migrate.version(f"sqlite:{path}"), len(migrate.wanted())
    if found > known:
        raise SchemaMismatch(
            f"the schema of the backup is of version {found}, this code knows {known}: run the newer fedcop"
        )
    if found != contents.schema:
        raise Refusal(f"the database of the backup has the schema {found}, {contents.schema} is said")


def _arrange(unpacked: Path, node: Path, contents: Contents) -> None:
    """Give each file its place in a node."""
    places = contents.places
    wanted = [places.media, places.database, places.key, archive.CONFIG]
    if len(set(wanted)) < len(wanted) or not all(map(archive.PLACE.fullmatch, wanted)):
        raise Refusal(f"the backup wants its files at {wanted}, which are no places in one folder")
    (unpacked / archive.MEDIA).mkdir(exist_ok=True)
    for name, place in zip(
        (archive.MEDIA, archive.DATABASE, archive.KEY, archive.CONFIG), wanted, strict=True
    ):
        if name != archive.KEY or contents.with_key:
            (node / place).parent.mkdir(parents=True, exist_ok=True)
            (unpacked / name).rename(node / place)
