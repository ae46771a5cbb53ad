"""Receiving an activity, sans-I/O: refused early, or waiting for one key.

reception = Reception(request, now=now)          413, 415, 400, 401: nothing has been fetched
...                                              may its hosts talk with us? get the key of reception.key_id
received = reception.check(key, owner)           401, 403, 400, 413; else it is what its actor sent
"""

from datetime import datetime

import msgspec

from activitypub.document import head, read
from activitypub.errors import TooLarge, Unsigned, WrongOrigin
from activitypub.origin import ensure_same_origin, host_of
from activitypub.sig import verify
from activitypub.sig.keys import PublicKey
from activitypub.wire import Request, ensure_activity_type

# Lemmy, Mastodon and Mbin refuse more than 1 MB (federation.md 4.2, 5.1).
MOST_BYTES = 1_048_576

SYNCHRONIZATION = "collection-synchronization"


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """An activity whose actor signed it, with the bytes that were signed.

    ``synchronization`` is the header Collection-Synchronization (FEP-8fcf) where the signature covers it.
    """

    id: str
    type: str
    actor: str
    key_id: str
    body: bytes
    synchronization: str | None = None
    forwarded_by: str | None = None


class Reception:
    """One request to an inbox, up to the question whether its signature holds."""

    def __init__(self, request: Request, *, now: datetime, most_bytes: int = MOST_BYTES) -> None:
        """Read a request; raise ``TooLarge``, ``WrongType``, ``Malformed``, ``Unsigned`` or ``Stale``."""
        if len(request.body) > most_bytes:
            raise TooLarge(f"the body has {len(request.body)} bytes, at most {most_bytes} are read")
        ensure_activity_type(request.header("content-type"))
        self.head = head(request.body)
        self._signature = verify.read(request, now=now)
        self.body = request.body
        covered = SYNCHRONIZATION in self._signature.covered
        self._synchronization = request.header(SYNCHRONIZATION) if covered else None
        self.key_id = self._signature.key_id
        self.key_host = host_of(self.key_id)
        self.actor_host = host_of(self.head.actor)

    def check(self, key: PublicKey, owner: str, *, forwards: bool = False) -> Received:
        """Give the activity if ``key``, which belongs to ``owner``, signed it and the owner may say it.

        The key's owner has to be the very actor, not a neighbour on the same host; and id, actor and key
        share one origin, or one host could fill another's ids (Fedify GHSA-4qhx-hhwf-8685). ``forwards``:
        the owner may send on what another did, which nobody must believe for that; ``forwarded_by`` says so.
        """
        if not self._signature.holds(key):
            raise Unsigned(f"the signature does not hold with {self.key_id}")
        forwarded = forwards and owner != self.head.actor
        if owner != self.head.actor and not forwarded:
            raise WrongOrigin(f"{self.key_id} is the key of {owner}, but the actor is {self.head.actor}")
        ensure_same_origin(self.head.id, self.head.actor)
        ensure_same_origin(owner, self.key_id)
        # The head was a quick look. The strict reading of the whole waits until it is known who wants it, and
        # whoever sent what no other parser might read alike is told so.
        read(self.body, limit=len(self.body))
        return Received(
            id=self.head.id,
            type=self.head.type,
            actor=self.head.actor,
            key_id=self.key_id,
            body=self.body,
            synchronization=None if forwarded else self._synchronization,
            forwarded_by=owner if forwarded else None,
        )
