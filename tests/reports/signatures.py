"""Requests to the node signed as peers sign them, with any one detail changed as a case says."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.support.speak import key

POST = "(request-target) host date digest"
GET = "(request-target) host date"


def http_date(moment: datetime) -> str:
    """Write a moment as HTTP does."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def digest_of(body: bytes) -> str:
    """Give the base64 of a body's SHA-256."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def sign(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    actor: str,
    label: str,
    now: datetime,
    options: Mapping[str, Any],
) -> dict[str, str]:
    """Give a request's headers with a draft-cavage signature; what ``headers`` says stands as it is.

    ``label`` names the key; ``options`` are the ``sign_options`` of a step.
    """
    given = {name.lower(): value for name, value in headers.items()}
    full = dict(headers)
    full |= {"Date": http_date(now)} if "date" not in given else {}
    covered = options.get("headers") or (POST if body or method == "POST" else GET)
    if "digest" not in given and (body or method == "POST"):
        full["Digest"] = f"SHA-256={digest_of(body)}"
    if "signature" in given:
        return full
    values = {name.lower(): value for name, value in full.items()}
    values["(request-target)"] = options.get("request_target") or f"{method.lower()} {path}"
    values["(created)"] = values["(expires)"] = str(int(now.timestamp()))
    values["host"] = options.get("host") or values["host"]
    base = "\n".join(f"{name}: {values.get(name.lower(), '')}" for name in covered.split())
    octets = key(label).sign(base.encode(), padding.PKCS1v15(), hashes.SHA256())
    algorithm = options.get("algorithm", "rsa-sha256")
    parts = [
        f'keyId="{options.get("keyId") or f"{actor}#main-key"}"',
        *([f'algorithm="{algorithm}"'] if algorithm is not None else []),
        *([f"created={values['(created)']}"] if "(created)" in covered else []),
        f'headers="{covered}"',
        f'signature="{base64.b64encode(octets).decode()}"',
    ]
    return full | {"Signature": ",".join(parts)}


def tampered(body: bytes, changes: Mapping[str, Any] | str) -> bytes:
    """Give a body changed after it was signed: ``{"object.content": "..."}``, or another text altogether."""
    if isinstance(changes, str):
        return changes.encode()
    document = json.loads(body)
    for place, value in changes.items():
        *folders, last = place.split(".")
        inner = document
        for name in folders:
            inner = inner[int(name)] if isinstance(inner, list) else inner[name]
        inner[last] = value
    return json.dumps(document).encode()


def path_of(url: str) -> str:
    """Give path and query of an address as they stand in it."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
