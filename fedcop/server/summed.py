"""A gzipped stream that ends with the checksum of its bytes: whatever is changed, missing or added shows.

    with path.open("wb") as file, Summer(file) as out:   out.write(...)
    with path.open("rb") as file:                        ensure_whole(file)

What gzip checks is what comes out. The same may be written in several ways (a run of zeros, the header's
day and system, zeros after the end), so that a changed byte need not change anything that it sees. The
checksum is the comment of an empty gzip member, which programs that read gzip pass over.
"""

import hashlib
import os
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Final, Self

from fedcop.errors import Refusal

_STEP = 1 << 20
# RFC 1952: magic, deflate, "a comment follows", no time, no flags, system unknown; at the end the empty
# block of deflate (RFC 1951), the checksum of nothing and its length.
_START: Final = b"\x1f\x8b\x08\x10" + bytes(5) + b"\xff" + b"sha256 "
_END: Final = b"\0" + b"\x03\x00" + bytes(8)
LENGTH: Final = len(_START) + 64 + len(_END)


class Summer:
    """Passes bytes on; leaving the ``with`` without an error writes their checksum."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write bytes and give how many."""
        self._hash.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Write what waits."""
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._file.write(_ending(self._hash.hexdigest()))


def ensure_whole(file: BinaryIO, heard: Callable[[int], None]) -> None:
    """Read a file through and go back to its beginning; raise ``Refusal`` unless it is what was written."""
    left = file.seek(0, os.SEEK_END) - LENGTH
    file.seek(0)
    found = hashlib.sha256()
    while left > 0 and (data := file.read(min(left, _STEP))):
        found.update(data)
        heard(len(data))
        left -= len(data)
    if file.read() != _ending(found.hexdigest()):
        raise Refusal("the backup was changed, cut off or added to: its checksum is another one")
    file.seek(0)


def _ending(checksum: str) -> bytes:
    return _START + checksum.encode() + _END
