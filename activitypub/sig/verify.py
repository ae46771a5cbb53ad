"""Which scheme a request is signed in, which key that needs, and whether the key made the signature.

signature = verify.read(request, now=now)      refused before any key is known
key = ...                                      of signature.key_id, from wherever keys are kept
signature.holds(key)
"""

from datetime import datetime

from activitypub.sig import cavage, rfc9421
from activitypub.sig.signature import Signature
from activitypub.wire import Request


def read(request: Request, *, now: datetime) -> Signature:
    """Read a request's signature and check all that needs no key: coverage, clock, digest of the body.

    Raises ``Unsigned`` for no signature or one that binds too little, ``Stale`` outside the clock window,
    ``Malformed`` for what cannot be read. ``Signature-Input`` chooses RFC 9421, as at Mastodon.
    """
    if request.header("signature-input") is not None:
        return rfc9421.read(request, now=now)
    return cavage.read(request, now=now)
