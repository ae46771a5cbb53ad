"""Requests signed by hand, part by part, so that a test can get any part wrong; and the keys of all tests."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.sig import keys
from activitypub.sig.keys import PrivateKey, PublicKey
from activitypub.wire import Headers, Request

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DATE = "Mon, 05 Jan 2026 09:00:00 GMT"
INBOX = "https://hub.leeds.example/inbox"
ACTOR = "https://hub.kent.example/u/ana"
KEY_ID = f"{ACTOR}#main-key"
POST = ("(request-target)", "host", "date", "digest", "content-type")
GET = ("(request-target)", "host", "date")

# The vectors of federation.md 2.2, 2.4 and 3.2 are made with these.
BODY = b'{"id":"https://hub.kent.example/activities/1","type":"Like"}'
SEED = bytes(range(32))


@cache
def rsa_key() -> PrivateKey:
    """Give one RSA key for the whole run: making one takes a while."""
    return keys.generate_rsa()


@cache
def ed25519_key() -> PrivateKey:
    """Give the key of the published vectors."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(SEED))


def public_of(key: PrivateKey) -> PublicKey:
    """Give the public half, read back from its text."""
    read = keys.public_from_pem if key.kind == "rsa" else keys.public_from_multikey
    return read(key.public_text)


def digest_of(body: bytes) -> str:
    """Give the value of ``Digest`` as Mastodon writes it."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def cavage(
    *,
    method: str = "POST",
    url: str = INBOX,
    target: str = "post /inbox",
    host: str = "hub.leeds.example",
    date: str = DATE,
    body: bytes = BODY,
    digest: str | None = None,
    covered: Sequence[str] = POST,
    algorithm: str | None = "rsa-sha256",
    key: PrivateKey | None = None,
    key_id: str = KEY_ID,
    created: str = "1767603600",
    parameters: str = "",
    more: Headers = (),
) -> Request:
    """Give a request with a draft-cavage signature over what ``covered`` names, whatever the request says."""
    headers = {
        "Host": host,
        "Date": date,
        "Digest": digest or digest_of(body),
        "Content-Type": "application/activity+json",
        **dict(more),
    }
    values = {name.lower(): value for name, value in headers.items()}
    values |= {"(request-target)": target, "(created)": created}
    base = "\n".join(f"{name.lower()}: {values.get(name.lower(), '')}" for name in covered)
    octets = base64.b64encode((key or rsa_key()).sign(base.encode())).decode()
    named = f'algorithm="{algorithm}",' if algorithm is not None else ""
    headers["Signature"] = (
        f'keyId="{key_id}",{named}headers="{" ".join(covered)}",signature="{octets}"{parameters}'
    )
    return Request(method=method, url=url, headers=tuple(headers.items()), body=body)
