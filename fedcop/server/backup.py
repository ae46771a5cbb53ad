"""Makes a backup of a node that may be running: database, configuration, media; if encrypted, its key too."""

import contextlib
import importlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import fedcop
from fedcop.config import Config
from fedcop.errors import Refusal
from fedcop.server import archive
from fedcop.server.archive import Contents, Packer, Places
from fedcop.server.progress import Progress
from fedcop.server.sealed import Sealer
from fedcop.server.summed import Summer
from storage import backup, migrate
from storage.audit import End
from storage.lock import Lock


class _Sources:
    """Where the files of a node lie."""

    def __init__(self, config: Config, config_path: Path) -> None:
        self.config_path = config_path
        self.url = config.database.url
        self.key = Path(config.node.key_file)
        self.on_server = migrate.dialect_of(self.url) != "sqlite"
        # The rows of a server are restored to where a node's file usually lies.
        self.database = self.key.parent / "fedcop.db" if self.on_server else migrate.path_of(self.url)
        self.copied = self.database.with_name(self.database.name + ".copy")
        self.media = Path(config.media.folder)

    def pictures(self) -> list[tuple[str, Path, int]]:
        """Give name, path and size of what is in the media folder under names as a node gives them."""
        found = []
        for path in sorted(self.media.rglob("*")):
            name = f"{archive.MEDIA}/{path.relative_to(self.media).as_posix()}"
            with contextlib.suppress(FileNotFoundError):  # its post was deleted just now
                if archive.NAME.fullmatch(name) and path.is_file() and not path.is_symlink():
                    found.append((name, path, path.stat().st_size))
        return found

    def copy(self, progress: Progress) -> None:
        """Copy the database as it is at one moment, and look whether the copy is sound."""
        if self.on_server:
            # By name, since psycopg is not for every node.
            importlib.import_module("storage.postgres_move").take_back(self.url, self.copied)
        else:
            backup.copy(self.database, self.copied, told=progress.of("database copied", scale=4096))
        backup.ensure_sound(self.copied)

    def size(self) -> int:
        """Give the bytes of the database, as far as they can be known before it is copied."""
        return 0 if self.on_server else self.database.stat().st_size

    def places(self) -> Places:
        """Give where they lie below the configuration; what lies elsewhere is restored to its usual place."""
        usual = Places()
        return Places(
            database=self._below(self.database, usual.database),
            key=self._below(self.key, usual.key),
            media=self._below(self.media, usual.media),
        )

    def _below(self, path: Path, usual: str) -> str:
        folder = self.config_path.absolute().parent
        place = path.absolute().relative_to(folder).as_posix() if path.is_relative_to(folder) else usual
        return place if archive.PLACE.fullmatch(place) else usual


def make(
    config: Config,
    config_path: Path,
    target: Path,
    passphrase: bytes | None,
    *,
    now: datetime,
    end: End,
    progress: Progress,
) -> Contents:
    """Write a backup to ``target``, a new file; without a passphrase the node's key stays out of it."""
    sources = _Sources(config, config_path.resolve())
    if target.exists():
        raise Refusal(f"{target} exists; wanted a new file")
    try:
        with Lock.of(f"sqlite:{sources.copied}", doing="makes a backup"):
            backup.remove(sources.copied)  # of a process that was killed
            try:
                return _made(config, sources, target, passphrase, now=now, end=end, progress=progress)
            finally:
                backup.remove(sources.copied)
    except OSError as error:
        raise Refusal(f"{error.filename or target}: {error.strerror}; nothing was written") from error


def _made(
    config: Config,
    sources: _Sources,
    target: Path,
    passphrase: bytes | None,
    *,
    now: datetime,
    end: End,
    progress: Progress,
) -> Contents:
    _ensure_room(sources, target)
    sources.copy(progress)
    pictures = sources.pictures()  # after the copy: each that it names is among them, if it is still there
    size = sources.copied.stat().st_size + sum(size for *_, size in pictures)
    with _new_file(target) as file, contextlib.ExitStack() as stack:
        out = Summer(file) if passphrase is None else Sealer(file, passphrase)
        stack.enter_context(out)
        packer = stack.enter_context(Packer(out, progress.through("packed", size)))
        packer.add(archive.CONFIG, sources.config_path)
        packer.add(archive.DATABASE, sources.copied)
        if passphrase is not None:
            packer.add(archive.KEY, sources.key)
        for name, path, _ in pictures:
            with contextlib.suppress(FileNotFoundError):  # its post was deleted since the copy
                packer.add(name, path)
        contents = Contents(
            fedcop=fedcop.__version__,
            schema=migrate.version(f"sqlite:{sources.copied}"),
            domain=config.node.domain,
            base_url=config.node.base_url,
            made_at=now,
            with_key=passphrase is not None,
            places=sources.places(),
            files=packer.files,
            audit_count=end.number,
            audit_head=end.mac,
        )
        packer.end(contents)
    return contents


def _ensure_room(sources: _Sources, target: Path) -> None:
    """Refuse at once what would fail after a while; a disk that fills up meanwhile is found out then."""
    database = sources.size()
    for folder, wanted in (
        (sources.copied.parent, database),
        (target.absolute().parent, database // 4 + sum(size for *_, size in sources.pictures())),
    ):
        free = shutil.disk_usage(folder).free
        if free < wanted:
            raise Refusal(f"{folder}: {free // 1_000_000:,} MB are free, {wanted // 1_000_000:,} MB wanted")


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file that gets its name, on disk for good, when the ``with`` is left without an error."""
    part = path.with_name(path.name + ".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
