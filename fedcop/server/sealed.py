"""Encrypts a stream with a passphrase: whoever changes, reorders or cuts off a part of it is found out.

    with path.open("wb") as file, Sealer(file, passphrase) as out:   out.write(...)
    with path.open("rb") as file:
        opener = Opener(file, passphrase)
        opener.ensure_whole(heard)                               to its end, and back to the beginning
        opener.read(n)

The key is made of the passphrase by scrypt (RFC 7914) with a salt of its own for each file. The stream goes
through AES-256-GCM in chunks whose nonces count, and say which is the last: the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár (Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015).
"""

import io
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fedcop.errors import Refusal

MAGIC: Final = b"fedcop backup 1\n"
CHUNK: Final = 1 << 20
_TAG = 16
_SALT = 16
_HEADER = len(MAGIC) + _SALT


class Sealer:
    """Takes what is to be encrypted; leaving the ``with`` without an error writes the end."""

    def __init__(self, file: BinaryIO, passphrase: bytes) -> None:
        self._file = file
        self._header = MAGIC + secrets.token_bytes(_SALT)
        self._cipher = _cipher(passphrase, self._header)
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, data: bytes) -> int:
        """Take bytes; what fills a chunk is written."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # a whole one waits: it may be the last
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Do nothing: a chunk is written when it is full."""

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._put(bytes(self._waiting), last=True)


class Opener:
    """Gives what was encrypted, each chunk once it has proved to be the one that was written."""

    def __init__(self, file: BinaryIO, passphrase: bytes) -> None:
        """Read the header of a file that begins with ``MAGIC``."""
        self._file = file
        self._header = file.read(_HEADER)
        self._cipher = _cipher(passphrase, self._header)
        self._begin()

    def _begin(self) -> None:
        self._file.seek(_HEADER)
        self._number = 0
        self._next = self._file.read(CHUNK + _TAG)
        self._ended = False
        self._ready = io.BytesIO()

    def ensure_whole(self, heard: Callable[[int], None]) -> None:
        """Read it through and go back to the beginning; raise ``Refusal`` for what was changed or cut off."""
        self._begin()
        while data := self.read(CHUNK):
            heard(len(data))
        self._begin()

    def read(self, size: int) -> bytes:
        """Give at most so many bytes, none at the end; raise ``Refusal`` for what was changed or cut off."""
        given = self._ready.read(size)
        while not given and not self._ended:
            self._ready = io.BytesIO(self._take())
            given = self._ready.read(size)
        return given

    def _take(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + _TAG)
        self._ended = not self._next
        try:
            chunk = self._cipher.decrypt(_nonce(self._number, last=self._ended), sealed, self._header)
        except InvalidTag:
            where = f"was changed or cut off after {self._number * CHUNK:,} bytes"
            raise Refusal(
                f"the backup {where}"
                if self._number
                else "the passphrase is another one, or the backup was changed"
            ) from None
        self._number += 1
        return chunk


def _cipher(passphrase: bytes, header: bytes) -> AESGCM:
    # 128 MB and a third of a second a guess, as OWASP's cheat sheet on storing passwords has it.
    kdf = Scrypt(salt=header[len(MAGIC) :], length=32, n=1 << 17, r=8, p=1)
    return AESGCM(kdf.derive(passphrase))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
