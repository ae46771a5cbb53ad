"""The digest of a body: ``Digest`` (RFC 3230) for draft-cavage, ``Content-Digest`` (RFC 9530) for the RFC."""

import base64
import hashlib
import hmac

from activitypub.errors import Unsigned
from activitypub.sig import fields


def sha256_of(body: bytes) -> str:
    """Give the SHA-256 of a body in base64; of one that goes to many inboxes it is made once."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")


def digest(sha256: str) -> str:
    """Give the value of ``Digest``; PieFed, Mbin and NodeBB want the upper-case name (federation.md 2.1)."""
    return f"SHA-256={sha256}"


def content_digest(sha256: str) -> str:
    """Give the value of ``Content-Digest``."""
    return f"sha-256=:{sha256}:"


def check_digest(header: str, body: bytes) -> None:
    """Raise ``Unsigned`` unless the SHA-256 in a ``Digest`` is that of the body.

    Every SHA-256 in the list has to be right, as at Lemmy, so that no two readers take different ones;
    the name's case does not matter (RFC 3230 4.1.1), and other algorithms are not looked at.
    """
    found = [
        value.strip()
        for name, _, value in (part.partition("=") for part in header.split(","))
        if name.strip().lower() == "sha-256"
    ]
    if not found:
        raise Unsigned(f"Digest is {header[:80]!r}, wanted one by SHA-256")
    wanted = sha256_of(body).encode()
    if not all(hmac.compare_digest(value.encode(), wanted) for value in found):
        raise Unsigned("Digest is not that of the body")


def check_content_digest(header: str, body: bytes) -> None:
    """Raise ``Unsigned`` unless the ``sha-256`` in a ``Content-Digest`` is that of the body."""
    found = fields.dictionary("Content-Digest", header).get("sha-256")
    value = found[0] if isinstance(found, tuple) else found
    if not isinstance(value, bytes):
        raise Unsigned(f"Content-Digest is {header[:80]!r}, wanted one by sha-256")
    if not hmac.compare_digest(value, hashlib.sha256(body).digest()):
        raise Unsigned("Content-Digest is not that of the body")
