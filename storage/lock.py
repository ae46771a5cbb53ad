"""One process at a time may serve, migrate or restore an SQLite database: it holds ``<database>.lock``.

    with Lock.of("sqlite:data/fedcop.db"):
        ...
    with alone("postgresql://..."):       the same on either engine
        ...

The operating system lets go of it when the process ends, however it ends; the file stays and means nothing.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from storage.errors import Unavailable
from storage.migrate import dialect_of, on_server, path_of


class Lock:
    """Takes the lock of a database."""

    @staticmethod
    @contextlib.contextmanager
    def of(url: str, *, doing: str = "serves this database") -> Iterator[Path]:
        """Hold the lock; raise ``Unavailable``, saying what it does, when another process holds it."""
        path = path_of(url)
        path = path.with_name(path.name + ".lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(f"{path}: {error.strerror}") from error
        try:
            _take(descriptor, path, doing)
            yield path
        finally:
            os.close(descriptor)


def alone(url: str) -> contextlib.AbstractContextManager[object]:
    """Keep every other process from serving, migrating or moving a database of either engine."""
    if dialect_of(url) == "sqlite":
        return Lock.of(url)
    held: contextlib.AbstractContextManager[object] = on_server("postgres_place").alone(url)
    return held


def serving(url: str) -> contextlib.AbstractContextManager[object]:
    """Serve a database: alone on SQLite; on PostgreSQL beside others, each open store keeping its place."""
    return Lock.of(url) if dialect_of(url) == "sqlite" else contextlib.nullcontext()


def _take(descriptor: int, path: Path, doing: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        raise Unavailable(
            f"{path.with_suffix('')}: process {holder or '(unknown)'} {doing}; one at a time may"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
