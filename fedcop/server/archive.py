"""The files of a node in one stream: a gzipped tar that ends with a list of what is in it, and its checksums.

    with Packer(out) as packer:
        packer.add("database", path)
        packer.end(Contents(...))
    contents = unpack(stream, folder)      every file is written below ``folder`` and checked

A file is ``fedcop.toml``, ``database``, ``node.key`` or ``media/NAME``; ``Contents`` says where each lies in
a node.
"""

import gzip
import hashlib
import io
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Protocol, Self, cast

import msgspec

from fedcop.errors import Refusal

CONFIG: Final = "fedcop.toml"
DATABASE: Final = "database"
KEY: Final = "node.key"
MEDIA: Final = "media"
CONTENTS: Final = "contents.json"

_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
NAME: Final = re.compile(rf"fedcop\.toml|database|node\.key|media(?:/{_PART})+")
PLACE: Final = re.compile(rf"{_PART}(?:/{_PART})*")

_STEP = 1 << 20
_LONGEST_CONTENTS = 1 << 30
_UNREADABLE = (
    tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, msgspec.MsgspecError, UnicodeDecodeError,
)  # fmt: skip


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup."""

    name: str
    size: int
    sha256: str


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where files lie below the folder of a node."""

    database: str = "data/fedcop.db"
    key: str = "data/node.key"
    media: str = "data/media"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, of which node, when it was made and by which version."""

    fedcop: str
    schema: int
    domain: str
    base_url: str
    made_at: datetime
    with_key: bool
    places: Places
    files: list[File]
    # The end of the record of decisions, by which `fedcop audit verify` tells later if a tail was cut off.
    audit_count: int = 0
    audit_head: str = ""


class Source(Protocol):
    """Gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""
        ...


class Target(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take bytes and give how many."""
        ...

    def flush(self) -> None:
        """Write what waits."""
        ...


Heard = Callable[[int], None]  # bytes that went through


class _Hashed:
    """Passes a file on, and knows what passed."""

    def __init__(self, file: Source, heard: Heard) -> None:
        self._file, self._heard = file, heard
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        self._heard(len(data))
        return data

    def seen(self, name: str) -> File:
        return File(name=name, size=self.size, sha256=self._hash.hexdigest())


class Packer:
    """Writes files into a stream; it is whole when ``end`` was called and the ``with`` was left."""

    def __init__(self, out: Target, heard: Heard) -> None:
        self.files: list[File] = []
        self._heard = heard
        # Pictures are compressed already, the database gains most at the first level.
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=cast(Any, out), compresslevel=1, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed at the end

    def add(self, name: str, path: Path) -> None:
        """Add a file; raise ``FileNotFoundError``, and nothing is added, when it is gone."""
        with path.open("rb") as file:
            hashed = _Hashed(file, self._heard)
            self._tar.addfile(_member(name, path.stat().st_size), cast(IO[bytes], hashed))
        self.files.append(hashed.seen(name))

    def end(self, contents: Contents) -> None:
        """Add the list of what is in it."""
        data = msgspec.json.encode(contents)
        self._tar.addfile(_member(CONTENTS, len(data)), io.BytesIO(data))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._tar.close()
            self._gzip.close()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def unpack(stream: Source, folder: Path, heard: Heard) -> Contents:
    """Write every file below ``folder``; raise ``Refusal`` unless they are what was packed, and all of it."""
    found: list[File] = []
    contents: Contents | None = None
    try:
        with gzip.GzipFile(fileobj=cast(Any, stream), mode="rb") as unzipped:
            with tarfile.open(fileobj=unzipped, mode="r|") as tar:
                for member, file in _members(tar):
                    if contents is not None:
                        raise Refusal(f"the backup goes on after its list of contents, with {member.name!r}")
                    if member.name == CONTENTS:
                        contents = msgspec.json.decode(file.read(_LONGEST_CONTENTS), type=Contents)
                    else:
                        found.append(_write(member.name, member.size, file, folder, heard))
            while unzipped.read(_STEP):  # to the end: what was cut off there is noticed there
                pass
    except _UNREADABLE as error:
        raise Refusal(f"the backup cannot be read to its end: {error}") from None
    if contents is None:
        raise Refusal("the backup ends before its list of contents: it was cut off")
    _ensure_same(found, contents)
    return contents


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        file = tar.extractfile(member) if member.isreg() and not member.issparse() else None
        if file is None or not (member.name == CONTENTS or NAME.fullmatch(member.name)):
            raise Refusal(f"the backup holds {member.name!r}, which is no file of a node")
        yield member, file


def _write(name: str, size: int, file: IO[bytes], folder: Path, heard: Heard) -> File:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # What packs well may be larger than any disk: said before it is written, not when the disk is full.
    if size > (free := shutil.disk_usage(path.parent).free):
        raise Refusal(f"{name} of the backup has {size // 1_000_000:,} MB, {free // 1_000_000:,} MB are free")
    hashed = _Hashed(file, heard)
    with path.open("xb") as out:
        path.chmod(0o600)
        while data := hashed.read(_STEP):
            out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return hashed.seen(name)


def _ensure_same(found: list[File], contents: Contents) -> None:
    for have, wanted in zip(found, contents.files, strict=False):
        if have != wanted:
            raise Refusal(
                f"{have.name} of the backup is not what was packed: found {have.size} bytes with SHA-256"
                f" {have.sha256[:16]}…, wanted {wanted.size} with {wanted.sha256[:16]}…"
            )
    if len(found) != len(contents.files):
        raise Refusal(f"the backup holds {len(found)} files, {len(contents.files)} wanted")
