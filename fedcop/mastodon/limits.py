"""How often a client may ask: so many requests in five minutes, told in headers as Mastodon tells it.

Whoever holds a token is counted by it, others by their address. The counts are of this process and are
forgotten with each period, and when there are too many of them, so that nobody fills the memory.
"""

from collections import Counter
from datetime import UTC, datetime

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from fedcop.caller import network_of
from fedcop.errors import TooMany
from fedcop.mastodon import answer, auth

PERIOD_SECONDS = 300
MOST_COUNTED = 50_000
WORDS = "Too many requests"

# What is made for whoever asks. A token made up for each request would begin a new count with each.
FOR_STRANGERS = frozenset({("POST", "/api/v1/apps"), ("POST", "/api/v1/accounts"), ("POST", "/oauth/token")})


class Left(msgspec.Struct, frozen=True):
    """What a client may still ask, until when."""

    most: int
    remaining: int
    resets_at: datetime

    def ensure_some(self, now: datetime) -> None:
        """Refuse a client that has asked too often, with the seconds to wait."""
        if self.remaining < 0:
            raise TooMany(WORDS, retry_after=max(1, int((self.resets_at - now).total_seconds())))

    def put(self, headers: MutableHeaders) -> None:
        """Tell it in the headers of an answer."""
        headers["x-ratelimit-limit"] = str(self.most)
        headers["x-ratelimit-remaining"] = str(max(self.remaining, 0))
        headers["x-ratelimit-reset"] = answer.time(self.resets_at)


class Limits:
    """The counts of one node's clients."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._period = 0
        self._counts: Counter[str] = Counter()

    def take(self, request: Request, now: datetime) -> Left:
        """Count a request and give what is left."""
        period = int(now.timestamp()) // PERIOD_SECONDS
        if period != self._period or len(self._counts) >= MOST_COUNTED:
            self._period, self._counts = period, Counter()
        address = network_of(request.client.host if request.client else "")
        is_new = (request.method, request.scope.get("path")) in FOR_STRANGERS
        who = address if is_new else auth.secret_of(request) or address
        self._counts[who] += 1
        resets_at = datetime.fromtimestamp((period + 1) * PERIOD_SECONDS, UTC)
        return Left(self._most, self._most - self._counts[who], resets_at)
