"""Keys as ActivityPub knows them: RSA-2048 for requests, Ed25519 for proofs.

key = public_from_pem(actor.public_key.public_key_pem)
key.verify(signature, data)          True or False, never an exception
"""

from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)

from activitypub.errors import LocalFault, Malformed
from activitypub.sig import base58

Kind = Literal["rsa", "ed25519"]

# What everybody uses: PKCS#1 v1.5 with SHA-256 (federation.md 2.2; Mastodon lib/http_signature_draft.rb).
_PADDING = padding.PKCS1v15()
_SHA256 = hashes.SHA256()

# Fewer bits are broken, more only cost time; 2048 is what Mastodon, Lemmy, PieFed and Mbin make.
_RSA_BITS = range(2048, 8193)

# Multicodec ed25519-pub as a varint (FEP-521a).
_ED25519 = b"\xed\x01"

_MOST_PEM = 10_000


class PublicKey:
    """Somebody's public key."""

    __slots__ = ("_key", "kind")

    def __init__(self, key: RSAPublicKey | Ed25519PublicKey) -> None:
        self._key = key
        self.kind: Kind = "rsa" if isinstance(key, RSAPublicKey) else "ed25519"

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether the owner of this key signed exactly this."""
        try:
            if isinstance(self._key, RSAPublicKey):
                self._key.verify(signature, data, _PADDING, _SHA256)
            else:
                self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    @property
    def text(self) -> str:
        """Give the key as it is published: SPKI PEM of an RSA key, Multikey of an Ed25519 one."""
        if isinstance(self._key, RSAPublicKey):
            # Lemmy's verifier parses nothing but SPKI (federation.md 2.2).
            return self._key.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ).decode("ascii")
        return base58.encode(_ED25519 + self._key.public_bytes_raw())


class PrivateKey:
    """A key of ours."""

    __slots__ = ("_key", "kind")

    def __init__(self, key: RSAPrivateKey | Ed25519PrivateKey) -> None:
        self._key = key
        self.kind: Kind = "rsa" if isinstance(key, RSAPrivateKey) else "ed25519"

    def sign(self, data: bytes) -> bytes:
        """Give the signature; for RSA about 0.2 ms, during which other threads run."""
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, _PADDING, _SHA256)
        return self._key.sign(data)

    @property
    def public_text(self) -> str:
        """Give the public half as it is published."""
        return PublicKey(self._key.public_key()).text

    @property
    def secret(self) -> bytes:
        """Give the key as DER (PKCS#8), unencrypted."""
        return self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def generate_rsa() -> PrivateKey:
    """Make an RSA key of 2048 bits; takes about 50 ms."""
    return PrivateKey(generate_private_key(public_exponent=65537, key_size=2048))


def generate_ed25519() -> PrivateKey:
    """Make an Ed25519 key."""
    return PrivateKey(Ed25519PrivateKey.generate())


def private_from_secret(kind: str, secret: bytes) -> PrivateKey:
    """Read a key that ``PrivateKey.secret`` gave.

    The check of an RSA key's numbers is skipped: it takes 30 ms, and we made the key (measured.md 0.3).
    """
    key = serialization.load_der_private_key(secret, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise LocalFault(f"found a {type(key).__name__}, wanted a key that this node made")
    private = PrivateKey(key)
    if private.kind != kind:
        raise LocalFault(f"found an {private.kind} key, wanted {kind}")
    return private


def public_from_pem(text: str) -> PublicKey:
    """Read a PEM (SPKI or PKCS#1) as peers publish it; raise ``Malformed`` for what is no usable key."""
    if len(text) > _MOST_PEM:
        raise Malformed(f"found a PEM of {len(text)} characters, at most {_MOST_PEM} are read")
    try:
        key = serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"found no key in the PEM that begins {text[:40]!r}") from error
    if isinstance(key, RSAPublicKey):
        if key.key_size not in _RSA_BITS:
            raise Malformed(f"found an RSA key of {key.key_size} bits, wanted 2048 to 8192")
        return PublicKey(key)
    if isinstance(key, Ed25519PublicKey):
        return PublicKey(key)
    raise Malformed(f"found a {type(key).__name__}, wanted RSA or Ed25519")


def public_from_multikey(text: str) -> PublicKey:
    """Read the ``publicKeyMultibase`` of a Multikey (FEP-521a); raise ``Malformed`` if it is not Ed25519."""
    octets = base58.decode(text)
    if not octets.startswith(_ED25519) or len(octets) != 34:
        raise Malformed(f"found the key {text[:20]!r}, wanted an Ed25519 Multikey (z6Mk…)")
    return PublicKey(Ed25519PublicKey.from_public_bytes(octets[2:]))
