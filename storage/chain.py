"""The chain of decisions: how an entry is bound to the one before it, and what is wrong with one.

    mac = seal.link(previous_mac, number, note)          when an entry is written
    texts = faults(seal, previous_mac, entry)            when it is looked at again

A mac is an HMAC-SHA256 with a key that lies outside the database. What may be erased of an entry is bound in
by its hash with a salt of its own: once both are erased, nobody can try out what it was.
"""

import hashlib
import hmac
from collections.abc import Iterable

import msgspec

from storage.row import Row


class Seal:
    """Makes the links of one node's chain."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, name: str, text: str) -> str:
        """Give what tells whether a text is the same as before, and not what it is."""
        said = msgspec.json.encode([name, text])
        return hmac.digest(self._key, said, "sha256").hex()[:16]

    def link(self, previous: str, number: int, texts: Iterable[str]) -> str:
        """Give the mac of an entry that follows the one whose mac is ``previous``."""
        said = msgspec.json.encode([previous, number, *texts])
        return hmac.digest(self._key, said, "sha256").hex()


def hash_of(salt: str, texts: Iterable[str]) -> str:
    """Give the hash by which an entry holds what may be erased of it."""
    return hashlib.sha256(msgspec.json.encode([salt, *texts])).hexdigest()


class Stored(Row, frozen=True):
    """An entry as it lies in the database, every text of it; None for what has no row beside it."""

    number: int
    at: str
    by_name: str
    verb: str
    object: str
    changed: str
    detail_hash: str
    address_hash: str
    mac: str
    before: str | None
    after: str | None
    reason: str | None
    detail_salt: str | None
    address: str | None
    address_salt: str | None
    address_at: str | None

    @property
    def bound(self) -> tuple[str, ...]:
        """Give the texts that the mac covers."""
        return (
            self.at,
            self.by_name,
            self.verb,
            self.object,
            self.changed,
            self.detail_hash,
            self.address_hash,
        )


def faults(seal: Seal, previous: str | None, entry: Stored, *, erased_before: str) -> list[str]:
    """Say what is wrong with an entry; nothing, if it is as it was written.

    ``previous`` is None where the entry before it is lost. Addresses of entries before ``erased_before`` may
    be gone by rule.
    """
    found = []
    if previous is not None and not hmac.compare_digest(
        seal.link(previous, entry.number, entry.bound), entry.mac
    ):
        found.append("it, or its place in the chain, was changed")
    found += _detail(entry)
    found += _address(entry, erased_before)
    return found


def _detail(entry: Stored) -> list[str]:
    if entry.detail_salt is None:
        return ["what stood before and after is missing"] if entry.detail_hash else []
    texts = (entry.before or "", entry.after or "", entry.reason or "")
    return [] if entry.detail_hash == hash_of(entry.detail_salt, texts) else ["its detail was changed"]


def _address(entry: Stored, erased_before: str) -> list[str]:
    if entry.address_salt is None:
        early = entry.address_hash and entry.at >= erased_before
        return ["its address is missing before its time"] if early else []
    right = hash_of(entry.address_salt, (entry.address or "",)) == entry.address_hash
    return [] if right and entry.address_at == entry.at else ["its address was changed"]
