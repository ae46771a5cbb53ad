"""A message for one Web Push subscription: encrypted for the client (RFC 8291), signed by us (RFC 8292).

    key = application_key(secret)                                     once, from the node's key file
    headers, body = message(key, subject, endpoint, p256dh, secret, payload, standard=True, now=now)

Clients that do not say ``standard`` decrypt the draft that came before (``aesgcm``), as Mastodon sent until
version 4.4; the service that passes a message on sees neither form inside.
"""

import base64
import hmac
import os
import struct
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from activitypub.origin import origin_of

# Services keep a message this long for a client that is asleep, and believe a signature for half a day.
KEEP_SECONDS = 48 * 3600
_BELIEVED_SECONDS = 12 * 3600
_CURVE = SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# One record holds every payload of ours: services take 4096 bytes at most.
MOST_BYTES = 3000
_RECORD = 4096


def application_key(secret: bytes) -> EllipticCurvePrivateKey:
    """Give the key by which services know this node; the same 64 bytes always give the same one."""
    number = int.from_bytes(secret, "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def public_of(key: EllipticCurvePrivateKey) -> str:
    """Give the public key as clients pass it to their service."""
    return encoded(_point(key.public_key()))


def encoded(data: bytes) -> str:
    """Write bytes as Web Push does: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Read base64 in either alphabet, padded or not; raise ``ValueError`` for what is none."""
    plain = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def ensure_point(p256dh: bytes) -> None:
    """Raise ``ValueError`` for bytes that are no public key of a client."""
    EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh)


def message(
    key: EllipticCurvePrivateKey,
    subject: str,
    endpoint: str,
    p256dh: bytes,
    secret: bytes,
    payload: bytes,
    *,
    standard: bool,
    now: datetime,
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Give the headers and the body of the request to a subscription's endpoint."""
    own, salt = ec.generate_private_key(_CURVE), os.urandom(16)
    seal = _sealed if standard else _sealed_as_before
    headers, body = seal(own, salt, p256dh, secret, payload)
    token, public = _token(key, subject, endpoint, now), public_of(key)
    signed = (
        (("Authorization", f"vapid t={token}, k={public}"),)
        if standard
        else (
            ("Authorization", f"WebPush {token}"),
            ("Crypto-Key", f"dh={encoded(_point(own.public_key()))};p256ecdsa={public}"),
        )
    )
    return (
        *signed,
        *headers,
        ("Content-Type", "application/octet-stream"),
        ("TTL", str(KEEP_SECONDS)),
        ("Urgency", "normal"),
    ), body


def _sealed(
    own: EllipticCurvePrivateKey, salt: bytes, p256dh: bytes, secret: bytes, payload: bytes
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """RFC 8291 section 3.4, in one record of RFC 8188."""
    public = _point(own.public_key())
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh))
    key = _expand(secret, shared, b"WebPush: info\0" + p256dh + public, 32)
    content = _expand(salt, key, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expand(salt, key, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", _RECORD, len(public)) + public
    return (("Content-Encoding", "aes128gcm"),), head + AESGCM(content).encrypt(
        nonce, payload + b"\x02", None
    )


def _sealed_as_before(
    own: EllipticCurvePrivateKey, salt: bytes, p256dh: bytes, secret: bytes, payload: bytes
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """draft-ietf-webpush-encryption-04 with draft-ietf-httpbis-encryption-encoding-03."""
    public = _point(own.public_key())
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh))
    key = _expand(secret, shared, b"Content-Encoding: auth\0", 32)
    context = b"P-256\0" + struct.pack("!H", len(p256dh)) + p256dh + struct.pack("!H", len(public)) + public
    content = _expand(salt, key, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = _expand(salt, key, b"Content-Encoding: nonce\0" + context, 12)
    headers = (("Content-Encoding", "aesgcm"), ("Encryption", f"salt={encoded(salt)}"))
    return headers, AESGCM(content).encrypt(nonce, b"\0\0" + payload, None)


def _expand(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256, for outputs of one block."""
    return hmac.digest(hmac.digest(salt, secret, sha256), info + b"\x01", sha256)[:length]


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _token(key: EllipticCurvePrivateKey, subject: str, endpoint: str, now: datetime) -> str:
    """RFC 8292: who sends, and to which service."""
    from joserfc import jwt  # noqa: PLC0415 - heavy, and only nodes with push subscriptions need it
    from joserfc.jwk import ECKey  # noqa: PLC0415 - the same

    claims = {
        "aud": origin_of(endpoint),
        "exp": int(now.timestamp()) + _BELIEVED_SECONDS,
        "sub": subject,
    }
    return jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(_pem(key)))


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
