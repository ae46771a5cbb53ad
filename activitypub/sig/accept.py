"""``Accept-Signature`` (RFC 9421 5.1): how a peer that refused a request wants it to be signed.

wish = wish_in(header, key_id=key_id, known=names)       None: there is nothing there that we can give
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

import http_sf
import msgspec

from activitypub.errors import Malformed
from activitypub.sig.fields import dictionary

ALGORITHM: Final = "rsa-v1_5-sha256"

# What is taken from the request line (RFC 9421 2.2); ``@query-param`` has a parameter and is not made here.
DERIVED = frozenset({"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"})

# What a peer may ask for by this header; anything else it would miss (RFC 9421 5.1).
_KNOWN = frozenset({"created", "expires", "keyid", "alg", "nonce", "tag"})


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer wants to be covered, and what it wants to read back in ``Signature-Input``."""

    label: str
    covered: tuple[str, ...]
    expires: bool = False
    algorithm: str | None = None
    nonce: str | None = None
    tag: str | None = None


def wish_in(header: str, *, key_id: str, known: Collection[str]) -> Wish | None:
    """Give the first wish that can be met by an RSA key named ``key_id`` over the headers ``known``.

    None for a header that cannot be read, too: it is advice, and the peer has refused the request already.
    """
    try:
        members = dictionary("Accept-Signature", header)
    except Malformed:
        return None
    for label, member in members.items():
        items, parameters = member if isinstance(member, tuple) else (None, {})
        if isinstance(items, list) and parameters.get("keyid", key_id) == key_id:
            wish = _wish(label, items, parameters, known)
            if wish is not None:
                return wish
    return None


def _wish(label: str, items: list[Any], parameters: Mapping[str, Any], known: Collection[str]) -> Wish | None:
    covered = tuple(name for name, flags in items if _is_text(name) and not flags)
    if len(covered) < len(items) or not (set(covered) <= DERIVED.union(known) and set(parameters) <= _KNOWN):
        return None
    texts = {name: parameters[name] for name in ("alg", "nonce", "tag") if name in parameters}
    if not all(_is_text(text) for text in texts.values()) or texts.get("alg", ALGORITHM) != ALGORITHM:
        return None
    return Wish(
        label=label,
        covered=tuple(dict.fromkeys(covered)),
        expires="expires" in parameters,
        algorithm=texts.get("alg"),
        nonce=texts.get("nonce"),
        tag=texts.get("tag"),
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, http_sf.Token)
