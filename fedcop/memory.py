"""What a running node remembers beside its store: public keys as objects, and fetches under way.

Nothing here is needed to be right, only to be quick: a key used again is not parsed again, and ten
activities by a person not met before make one fetch.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Generic, TypeVar

import msgspec

from activitypub.document import Document
from activitypub.sig.keys import PublicKey
from storage.knocks import Knock

MOST_KEYS = 20_000
MOST_DOCUMENTS = 100
MOST_HOSTS = 1000
DOCUMENT_FOR = timedelta(minutes=1)
NEW_FOR = timedelta(seconds=10)

T = TypeVar("T")


class HeldKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key ready to check with, and the id of the actor that owns it."""

    key: PublicKey
    owner: str
    fetched_at: datetime

    def is_new(self, now: datetime) -> bool:
        """Tell whether it was fetched just now, so that asking again would give the same."""
        return now - self.fetched_at < NEW_FOR


class Recent(Generic[T]):
    """A dictionary that lets go of what was not used for longest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[str, T] = OrderedDict()

    def get(self, name: str) -> T | None:
        """Give what is held under a name, if it still is."""
        item = self._items.get(name)
        if item is not None:
            self._items.move_to_end(name)
        return item

    def put(self, name: str, item: T) -> None:
        """Hold something under a name."""
        self._items[name] = item
        self._items.move_to_end(name)
        if len(self._items) > self._most:
            self._items.popitem(last=False)

    def pop(self, name: str) -> T | None:
        """Give what is held under a name and let go of it."""
        return self._items.pop(name, None)


class Tally:
    """Counts by name within a stretch of time that begins with the first."""

    def __init__(self) -> None:
        self._counts: Recent[tuple[datetime, int]] = Recent(MOST_KEYS)

    def add(self, name: str, *, within: timedelta, now: datetime) -> None:
        """Count one more."""
        began, count = self._counts.get(name) or (now, 0)
        self._counts.put(name, (began, count + 1) if now - began < within else (now, 1))

    def wait(self, name: str, *, most: int, within: timedelta, now: datetime) -> int:
        """Give the seconds until the stretch ends in which ``most`` came; 0 when fewer did."""
        began, count = self._counts.get(name) or (now, 0)
        left = began + within - now
        return ceil(left.total_seconds()) if count >= most and left > timedelta(0) else 0


class Memory:
    """Keeps the keys used last, what failed or was tried a moment ago, and joins equal fetches."""

    def __init__(self) -> None:
        self.keys: Recent[HeldKey] = Recent(MOST_KEYS)
        self.misses = Tally()
        self.asked = Tally()
        self.knocks: dict[str, Knock] = {}  # of nodes that were refused, until they are written
        self._failures: Recent[tuple[datetime, Exception]] = Recent(MOST_KEYS)
        self._tried: Recent[datetime] = Recent(MOST_KEYS)
        self._documents: Recent[tuple[datetime, Document]] = Recent(MOST_DOCUMENTS)
        self._under_way: dict[str, asyncio.Future[Any]] = {}
        self._turns: Recent[asyncio.Semaphore] = Recent(MOST_HOSTS)
        # A picture of 33 million pixels unfolds to 130 megabytes.
        self.decoding = asyncio.Semaphore(2)

    def may_try(self, name: str, *, now: datetime, every: timedelta) -> bool:
        """Tell whether something may be tried now, and if so note that it was."""
        last = self._tried.get(name)
        if last is not None and now - last < every:
            return False
        self._tried.put(name, now)
        return True

    def keep_failure(self, name: str, fault: Exception, *, until: datetime) -> None:
        """Remember for a while that a look-up failed, and how."""
        self._failures.put(name, (until, fault))

    def failure(self, name: str, *, now: datetime) -> Exception | None:
        """Give how a look-up failed a moment ago."""
        kept = self._failures.get(name)
        return kept[1].with_traceback(None) if kept is not None and now < kept[0] else None

    def keep_document(self, document: Document, *, now: datetime) -> None:
        """Hold a document just fetched for whoever needs the same one next."""
        if document.id is not None:
            self._documents.put(document.id, (now, document))

    def take_document(self, uri: str, *, now: datetime) -> Document | None:
        """Give a document fetched a moment ago, once."""
        kept = self._documents.pop(uri)
        return kept[1] if kept is not None and now - kept[0] < DOCUMENT_FOR else None

    def turn(self, host: str) -> asyncio.Semaphore:
        """Give what lets two pictures of a host in at a time: however many it has, few lie in memory."""
        turn = self._turns.get(host)
        if turn is None:
            turn = asyncio.Semaphore(2)
            self._turns.put(host, turn)
        return turn

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Give what ``make`` gives; whoever asks for the same name meanwhile gets the same answer."""
        future = self._under_way.get(name)
        if future is None:
            future = self._under_way[name] = asyncio.ensure_future(make())
            future.add_done_callback(lambda _: self._under_way.pop(name, None))
        # One who stops waiting must not take the answer away from the others.
        result: T = await asyncio.shield(future)
        return result

    async def close(self) -> None:
        """End what is under way: nobody waits for it any more."""
        under_way = list(self._under_way.values())
        for future in under_way:
            future.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
