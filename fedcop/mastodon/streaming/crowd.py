"""Everybody who is connected, and what each is told of a change.

    async with crowd.joined(reader): ...        until the connection ends

One task serves them all, while there are any. A reader whose connection takes no more is let go: a client
connects again and loads the page, which costs less than frames without end in memory.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import msgspec

from fedcop.errors import Refusal
from fedcop.mastodon import auth
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities.place import Place, place_at
from fedcop.mastodon.entities.status import status
from fedcop.mastodon.methods import conversations, notifications
from fedcop.mastodon.streaming.look import Seen, look
from fedcop.mastodon.streaming.streams import Stream
from fedcop.node import Node
from storage import oauth
from storage.engine import Change
from storage.errors import StorageError
from storage.filters import Context
from storage.streams import near_homes

MOST_UNSENT = 200
# A person with more connections than clients lets the oldest go.
MOST_EACH = 16
# How long a connection may stand after its token ended, while nothing happens that it would be told.
LOOK_EVERY = 15.0

_EVENTS = {
    "entry": "update",
    "edit": "status.update",
    "removal": "delete",
    "notification": "notification",
    "conversation": "conversation",
}

log = logging.getLogger("fedcop.streaming")


class Frame(msgspec.Struct, frozen=True):
    """What a client is sent: in which stream, what happened, and the entity as JSON, or an id."""

    stream: Stream
    event: str
    payload: str


class Listener:
    """One connection: whose token it bears, which streams it wants, and what is yet to be sent."""

    def __init__(self, secret: str, person: int, origin: str) -> None:
        self.secret, self.person, self.origin = secret, person, origin
        self.streams: dict[Stream, None] = {}
        self.frames: asyncio.Queue[Frame | None] = asyncio.Queue()

    def put(self, frame: Frame) -> None:
        """Send a frame in its turn; whoever has too many of them waiting is let go."""
        if self.frames.qsize() < MOST_UNSENT:
            self.frames.put_nowait(frame)
        else:
            self.end()

    def end(self) -> None:
        """Let the connection go, whatever is yet to be sent."""
        while not self.frames.empty():
            self.frames.get_nowait()
        self.frames.put_nowait(None)


class Crowd:
    """The connections of one node."""

    def __init__(self, node: Node, *, look_every: float = LOOK_EVERY) -> None:
        self._node = node
        self._look_every = look_every
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []

    @contextlib.asynccontextmanager
    async def joined(self, listener: Listener) -> AsyncIterator[None]:
        """Tell a connection of every change until the block ends."""
        own = [one for one in self._listeners if one.person == listener.person]
        if len(own) >= MOST_EACH:
            own[0].end()
        self._listeners.append(listener)
        if not self._tasks:
            works = {"streaming": self._serve(), "streaming: tokens": self._let_go()}
            self._tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
        try:
            yield
        finally:
            self._listeners.remove(listener)
            if not self._listeners:
                for task in self._tasks:
                    task.cancel()
                self._tasks = []

    async def _let_go(self) -> None:
        """End each connection whose token was revoked, or whose person may not sign in any more."""
        while True:
            await asyncio.sleep(self._look_every)
            secrets = {listener.secret for listener in self._listeners}
            try:
                held = await self._node.store.read(oauth.held_by_active, secrets)
            except StorageError as error:  # the next look is soon
                log.warning("tokens could not be looked at", extra={"cause": str(error)})
                continue
            for listener in self._listeners.copy():
                if listener.secret not in held:
                    listener.end()

    async def _serve(self) -> None:
        with self._node.hub.listening() as changes:
            while True:
                change = await changes.get()
                try:
                    await self._tell(change)
                except StorageError as error:  # what was missed is on the page that a client loads next
                    log.warning("a change could not be streamed", extra={"cause": str(error)})
                except Exception:  # a bug that one change meets must not silence those that come after
                    log.exception("a change met a fault of ours")

    async def _tell(self, change: Change) -> None:
        near = await self._near(change)
        for listener in self._listeners.copy():
            if change.readers is not None and listener.person not in change.readers:
                continue
            streams = frozenset(
                stream
                for stream in listener.streams
                if stream.name != "user" or near is None or listener.person in near
            )
            if streams:
                await self._show(listener, streams, change)
                await asyncio.sleep(0)  # requests between two readers

    async def _near(self, change: Change) -> set[int] | None:
        """Give the people whose home timelines may change; None where each has to be asked."""
        if change.kind not in ("entry", "edit"):
            return None
        people = {listener.person for listener in self._listeners}
        return await self._node.store.read(near_homes, change, people)

    async def _show(self, listener: Listener, streams: frozenset[Stream], change: Change) -> None:
        scope = next(iter(streams)).scope  # each was held when the stream was asked for, and none changes
        try:
            caller, seen = await self._node.store.read(
                auth.read_as, listener.secret, scope, look, (streams, change, self._node.clock.now()), {}
            )
        except Refusal:  # the token was revoked, or its person may not sign in any more
            listener.end()
            return
        if seen is not None:
            for frame in _frames(seen, change, place_at(self._node, listener.origin, caller)):
                listener.put(frame)


def _frames(seen: Seen, change: Change, at: Place) -> list[Frame]:
    """Give what is sent of a change: the same in each stream in which no filter of the reader hides it."""
    streams, payload = list(seen.streams), str(change.id)
    if seen.told is not None:
        shown = notifications.shown_of(seen.told, at)
        streams = streams if shown else []
        payload = "" if not shown else msgspec.json.encode(shown[0]).decode()
    elif seen.held is not None:
        payload = msgspec.json.encode(conversations.shown_of(seen.held, at)[0]).decode()
    elif seen.view is not None:
        streams = [one for one in streams if not filtering.hides(seen.view, at, _context_of(one))]
        payload = msgspec.json.encode(status(seen.view, at)).decode() if streams else ""
    return [Frame(stream, _EVENTS[change.kind], payload) for stream in streams]


def _context_of(stream: Stream) -> Context:
    return "home" if stream.name in ("user", "list") else "public"
