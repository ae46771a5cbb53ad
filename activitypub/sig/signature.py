"""A request's signature as it was read, before any key is known; and the clock window for both schemes."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from activitypub.errors import Malformed, Stale
from activitypub.sig.keys import Kind, PublicKey

Scheme = Literal["cavage", "rfc9421"]

# One hour either side, as Mastodon, Lemmy and Fedify allow; ``expires`` may stretch it to twelve, as at
# Mastodon (lib/signed_request.rb: EXPIRATION_WINDOW_LIMIT, CLOCK_SKEW_MARGIN).
SKEW = timedelta(hours=1)
LONGEST = timedelta(hours=12)


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What was signed with which key; ``kind`` is the sort of key that the sender named, if it named one.

    More than one base where peers disagree what is signed: the query in draft-cavage's GET.
    """

    key_id: str
    scheme: Scheme
    kind: Kind | None
    covered: tuple[str, ...]
    octets: bytes
    bases: tuple[bytes, ...]

    def holds(self, key: PublicKey) -> bool:
        """Tell whether the key made this signature over what the request says."""
        if self.kind is not None and self.kind != key.kind:
            return False
        return any(key.verify(self.octets, base) for base in self.bases)


def ensure_in_time(signed_at: datetime, expires_at: datetime | None, now: datetime) -> None:
    """Raise ``Stale`` for a signature from outside the window."""
    if signed_at - now > SKEW:
        raise Stale(f"signed {signed_at - now} in the future, at most {SKEW} allowed")
    ends_at = min(expires_at, signed_at + LONGEST) if expires_at is not None else signed_at
    if now - ends_at > SKEW:
        raise Stale(f"signed {now - signed_at} ago, at most {SKEW} allowed")


def moment(seconds: object, name: str) -> datetime:
    """Read seconds since 1970 as a time."""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise Malformed(f"{name} is {seconds!r}, wanted seconds since 1970")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{name} is {seconds}, which is no time") from error


def ensure_key_id(text: object) -> str:
    """Give a key id that is an address; ``acct:`` names of ancient senders are none (federation.md 2.3)."""
    if not isinstance(text, str) or not text.startswith(("https://", "http://")):
        raise Malformed(f"the key id is {str(text)[:80]!r}, wanted an address")
    return text
