"""How many requests one received activity may make this node send, and how many bytes make it take.

    with spending.at_most(MOST_REQUESTS):
        ...                                 whatever is fetched in here, in tasks that it starts too, counts

A list of activities in one Announce, each of which names somebody and something new, would else be a way to
have a node send hundreds of requests to a third one (federation.md 3.6, row 10).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from fedcop.errors import NotPermitted

# A thread of a few posts by people not met before takes three for each.
MOST_REQUESTS = 60
# Of answers in all (Misskey#9247).
MOST_BYTES = 2_097_152


class _Purse:
    """What is left to be spent."""

    def __init__(self, left: int, room: int) -> None:
        self.left = left
        self.room = room


_purse: ContextVar[_Purse | None] = ContextVar("purse", default=None)


@contextmanager
def at_most(requests: int, *, octets: int = MOST_BYTES) -> Iterator[None]:
    """Allow so many requests until the block ends, and none once so many bytes were answered."""
    token = _purse.set(_Purse(requests, octets))
    try:
        yield
    finally:
        _purse.reset(token)


def spend(url: str) -> None:
    """Count one request; raise ``NotPermitted`` when there have been as many as allowed."""
    purse = _purse.get()
    if purse is None:
        return
    if purse.left == 0:
        raise NotPermitted(f"{url} is not asked for: this has cost as many requests as it may")
    if purse.room <= 0:
        raise NotPermitted(f"{url} is not asked for: this has brought as many bytes as it may")
    purse.left -= 1


def weigh(body: bytes) -> None:
    """Count what was answered."""
    purse = _purse.get()
    if purse is not None:
        purse.room -= len(body)
