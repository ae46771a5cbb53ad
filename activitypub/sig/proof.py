"""Integrity proofs (FEP-8b32, ``eddsa-jcs-2022``): a document that can be believed whoever passes it on.

signed = make(document, key_id=..., created=..., sign=...)
head = needs(received)                         whose key it takes; None without such a proof
holds(received, key)
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import rfc8785

from activitypub.errors import Malformed
from activitypub.sig import base58
from activitypub.sig.keys import PublicKey

Json = dict[str, Any]

SUITE = "eddsa-jcs-2022"


class ProofHead(msgspec.Struct, frozen=True, kw_only=True):
    """Which key a proof names, and when it was made."""

    verification_method: str
    created: datetime
    expires: datetime | None

    def is_in_time(self, now: datetime, *, longest: timedelta | None = None) -> bool:
        """Tell whether it is neither from the future nor expired, nor older than ``longest``."""
        if self.created - now > timedelta(hours=1) or (self.expires is not None and self.expires < now):
            return False
        return longest is None or now - self.created <= longest


def make(document: Json, *, key_id: str, created: datetime, sign: Callable[[bytes], bytes]) -> Json:
    """Give the document with a proof; ``sign`` is that of an Ed25519 key."""
    bare = _bare(document)
    proof: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": key_id,
        "proofPurpose": "assertionMethod",
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if "@context" in bare:
        proof["@context"] = bare["@context"]
    proof["proofValue"] = base58.encode(sign(data_of(bare, proof)))
    return bare | {"proof": proof}


def needs(document: Json) -> ProofHead | None:
    """Give the head of a document's proof; None when it has none of this suite.

    Raises ``Malformed`` for a proof of this suite that lacks what it must have.
    """
    proof = document.get("proof")
    if not isinstance(proof, dict) or proof.get("cryptosuite") != SUITE:
        return None
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        raise Malformed(f"the proof is a {proof.get('type')!r} for {proof.get('proofPurpose')!r}")
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not isinstance(proof.get("proofValue"), str):
        raise Malformed("the proof lacks verificationMethod or proofValue")
    expires = proof.get("expires")
    return ProofHead(
        verification_method=method,
        created=_time(proof.get("created")),
        expires=_time(expires) if expires is not None else None,
    )


def holds(document: Json, key: PublicKey) -> bool:
    """Tell whether the owner of this key made the document's proof over just this document."""
    try:
        return key.kind == "ed25519" and needs(document) is not None and _holds(document, key)
    except Malformed:
        return False


def _holds(document: Json, key: PublicKey) -> bool:
    proof, bare = document["proof"], _bare(document)
    context = proof.get("@context")
    if context is not None:
        if not _begins_with(bare.get("@context"), context):
            return False
        # Who passes a document on may append to its context; the one that was signed stands in the proof.
        bare["@context"] = context
    return key.verify(base58.decode(proof["proofValue"]), data_of(bare, proof))


def data_of(bare: Json, proof: Json) -> bytes:
    """Give the 64 bytes that are signed: the hash of the proof's options, then that of the document."""
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return _hash(options) + _hash(bare)


def _bare(document: Json) -> Json:
    """Leave out the proof, and a Linked Data signature, which covers something else (federation.md 3.2)."""
    return {name: value for name, value in document.items() if name not in ("proof", "signature")}


def _begins_with(whole: object, part: object) -> bool:
    wholes = whole if isinstance(whole, list) else [whole]
    parts = part if isinstance(part, list) else [part]
    return wholes[: len(parts)] == parts


def _hash(value: Json) -> bytes:
    try:
        return hashlib.sha256(rfc8785.dumps(value)).digest()
    except rfc8785.CanonicalizationError as error:
        raise Malformed(f"the document has no canonical form (RFC 8785): {error}") from error


def _time(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Malformed(f"the proof's time is {str(text)[:40]!r}, wanted one such as 2026-01-05T09:00:00Z")
    return found
