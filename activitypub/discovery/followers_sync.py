"""FEP-8fcf: two nodes find out that they disagree who follows whom, by a digest in a header.

    Synchronization(collection=..., url=..., digest=digest_of(uris)).header      with a delivery
    stated = read(header, signer=actor.uri, followers=actor.followers_uri)       on receipt
    stated.digest == digest_of(our_people_who_follow)

The digest is over the followers on the receiving node only, and ``url`` gives just those to that node.
"""

import hashlib
import re
from collections.abc import Iterable

import msgspec

from activitypub.errors import Malformed
from activitypub.origin import ensure_same_origin
from activitypub.sig import fields

HEADER = "Collection-Synchronization"

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Synchronization(msgspec.Struct, frozen=True, kw_only=True):
    """Which collection is meant, where the receiver's part of it is, and that part's digest."""

    collection: str
    url: str
    digest: str

    @property
    def header(self) -> str:
        """Give the value of the header; an address in it holds no quotation mark."""
        return f'collectionId="{self.collection}", url="{self.url}", digest="{self.digest}"'


def digest_of(uris: Iterable[str]) -> str:
    """Give the digest of a set of ids: their SHA-256 joined by XOR, in hexadecimal."""
    joined = 0
    for uri in set(uris):
        joined ^= int.from_bytes(hashlib.sha256(uri.encode()).digest())
    return f"{joined:064x}"


def read(header: str, *, signer: str, followers: str | None) -> Synchronization:
    """Read what the actor ``signer``, whose followers are in ``followers``, says of its collection.

    Raises ``Malformed`` or ``WrongOrigin`` for anything but the signer's own collection, asked for within
    the signer's origin: else one actor could end the follows of another.
    """
    found = fields.parameters(HEADER, header)
    try:
        stated = Synchronization(
            collection=found["collectionId"], url=found["url"], digest=found["digest"].lower()
        )
    except KeyError as error:
        raise Malformed(f"{HEADER} lacks {error}") from None
    if stated.collection != followers:
        raise Malformed(f"{HEADER} names {stated.collection[:200]}, wanted the followers of {signer}")
    if not _DIGEST.fullmatch(stated.digest):
        raise Malformed(f"{HEADER} holds the digest {stated.digest[:80]!r}, wanted 64 hexadecimal digits")
    ensure_same_origin(signer, stated.collection, stated.url)
    return stated
