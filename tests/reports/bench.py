"""A node under test behind a proxy, its peers, and time that passes only when a case lets it.

The workers of the node run as they do in life. ``settle`` waits until nothing is left to do at this moment;
``pass_time`` moves the clock, step by step, and lets the workers do what has become due.
"""

import asyncio
import shutil
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from fedcop import config as configuration
from fedcop.clock import SetClock
from fedcop.config import Config
from fedcop.node import Node, open_node
from fedcop.server.app import build
from fedcop.workers import delivery, inbox
from storage import actors, released
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.row import Row
from storage.visible import SYSTEM
from tests.reports.answers import Answer
from tests.reports.peers import Peers
from tests.reports.wire import Wire
from tests.support import ready

T = TypeVar("T")

DOMAIN = "node.kent.example"
BASE = f"https://{DOMAIN}"
PROXIED = "http://127.0.0.1:8000"
PROXY = ("127.0.0.1", 40_000)
MOST_TURNS = 20_000
# How often a task may go on before it is taken to wait for a peer.
LOOKS = 5
STILL = 120  # turns in which nothing changes
PATIENCE = timedelta(minutes=2)  # of the node's clock, for one answer

# What is due and nobody has in hand, and what is in hand.
TO_DO = """
SELECT (SELECT COUNT(*) FROM received
         WHERE state = 'waiting' AND due_at <= :now AND (locked_until IS NULL OR locked_until <= :now))
     + (SELECT COUNT(*) FROM queues WHERE due_at <= :now AND (locked_until IS NULL OR locked_until <= :now)),
       (SELECT COUNT(*) FROM received WHERE state = 'waiting' AND locked_until > :now)
     + (SELECT COUNT(*) FROM queues WHERE locked_until > :now)
"""
NEXT_DUE = """
SELECT MIN(due_at) FROM (SELECT due_at FROM queues
 UNION ALL SELECT due_at FROM received WHERE state = 'waiting') AS due
"""


class ToDo(Row, frozen=True):
    """How much the workers have before them, and how much in hand."""

    ready: int
    in_hand: int


@dataclass
class Stage:
    """A node that was made before, with everything that each case finds there."""

    folder: Path
    values: dict[str, str]
    old: dict[str, Any]  # the note by bea known from before
    at: datetime


class Bench:
    """One node and what is around it."""

    def __init__(self, folder: Path, clock: SetClock, tables: dict[str, dict[str, Any]]) -> None:
        self.folder = folder
        self.clock = clock
        self.tables = tables
        self.peers = Peers()
        self.wire = Wire(self.peers, clock)
        self.node: Node
        self.paused = False
        self._tasks: list[asyncio.Task[None]] = []
        self._http: httpx.AsyncClient

    @property
    def config(self) -> Config:
        return configuration.parse(self.tables, folder=self.folder)

    async def start(self) -> None:
        """Open the node and let it work; what was opened is closed if that fails."""
        try:
            self.node = await open_node(self.config, clock=self.clock, transport=self.wire)
        except BaseException:
            await self.wire.close()
            raise
        try:
            ready.hand_out(self.node)
            self.wire.node = self.node
            transport = httpx.ASGITransport(app=build(self.node), client=PROXY, raise_app_exceptions=False)
            self._http = httpx.AsyncClient(transport=transport, base_url=PROXIED)
            await self.node.store.write(_release)
        except BaseException:
            await self.node.close()
            raise
        self._tasks = [asyncio.create_task(worker(self.node)) for worker in (inbox.run, delivery.run)]

    async def stop(self) -> None:
        """Close the node."""
        for task in self._tasks:
            task.cancel()
        self.wire.give_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()
        await self.node.close()

    async def crash(self) -> None:
        """Go on from what lay on the disk at this moment, as after ``kill -9`` and a new start."""
        crashed = self.folder.with_name(f"{self.folder.name}-again")
        shutil.copytree(self.folder, crashed)
        sent = self.wire.sent
        await self.stop()
        self.folder, self.wire = crashed, Wire(self.peers, self.clock)
        self.wire.sent = sent
        await self.start()

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, files: Any = None
    ) -> Answer:
        """Send a request as the proxy would, and give the answer; time passes while a peer hangs."""
        url = path.replace(BASE, "", 1) if path.startswith(BASE) else path
        headers = headers if any(name.lower() == "host" for name in headers) else {"Host": DOMAIN} | headers
        sending = self._http.request(method, url, headers=headers, content=body, files=files)
        response = await self.carried(sending)
        return Answer(response.status_code, response.headers.multi_items(), response.content)

    async def carried(self, work: Awaitable[T]) -> T:
        """Wait for something of the node, letting time pass where it waits for a peer that hangs."""
        task = asyncio.ensure_future(work)
        until = self.clock.now() + PATIENCE
        while not task.done():
            await self._give_way(task)
            if not task.done() and self.wire.hung and self.wire.hung == self.wire.under_way:
                if self.clock.now() > until:
                    task.cancel()
                self._move(timedelta(seconds=1))
        return await task

    async def _give_way(self, task: asyncio.Future[T]) -> None:
        """Let a task go on; on however busy a machine, what it gave the store to do is done after."""
        for _ in range(LOOKS):
            await asyncio.wait([task], timeout=0.01)
            await self.node.store.write(_nothing)

    async def settle(self) -> None:
        """Wait until the workers have done all that is due now; a peer that hangs is not waited for."""
        last, same = None, 0
        for turn in range(MOST_TURNS):
            state = await self._state()
            if self.paused or state == (0, 0, 0):
                return
            same = same + 1 if state == last else 0
            # What stays as it is waits for a peer that hangs, or for what was put off before it.
            if same > STILL and self.wire.under_way == self.wire.hung:
                return
            last = state
            await asyncio.sleep(0 if turn % 4 else 0.001)
        raise AssertionError("the node does not come to rest")

    async def pass_time(self, seconds: float, *, step: float = 5.0) -> None:
        """Let time pass in steps, the workers doing what is due at each."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while (left := (until - self.clock.now()).total_seconds()) > 0:
            await self._step_to(min(left, step))

    async def _step_to(self, seconds: float) -> None:
        self._move(timedelta(seconds=seconds))
        await self.settle()

    async def next_due(self) -> datetime | None:
        """Give when the node has something to do next."""
        found: str | None = await self.node.store.read(_next_due)
        due = [datetime.fromisoformat(found)] if found else []
        waking = self.wire.next_wake()
        return min([*due, *([waking] if waking else [])], default=None)

    async def pass_to_next(self, *, within: timedelta) -> bool:
        """Move the clock to when something is due next; False if nothing is within that time."""
        due = await self.next_due()
        if due is None or due - self.clock.now() > within:
            return False
        await self._step_to(max((due - self.clock.now()).total_seconds(), 0.001))
        return True

    async def actor(self, uri: str) -> Actor:
        """Give an actor that the node knows."""
        found = await self.node.store.read(actors.find_by_uri, SYSTEM, uri)
        if found is None:
            raise LookupError(f"{uri} is not known to the node")
        return found

    async def local(self, name: str) -> Actor:
        """Give a person or community of the node by name."""
        found = await self.node.store.read(actors.find_by_handle, SYSTEM, name, DOMAIN)
        if found is None:
            raise LookupError(f"{name} is nobody at the node")
        return found

    def _move(self, by: timedelta) -> None:
        self.clock.move(by)
        self._let_go()

    def _let_go(self) -> None:
        self.wire.wake()
        for bell in ("received", "deliveries"):
            self.node.hub.wake(bell)

    async def _state(self) -> tuple[int, int, int]:
        for task in self._tasks:
            if task.done():
                task.result()
        found = await self.node.store.read(_to_do, self.clock.now())
        return found.ready, found.in_hand, self.wire.under_way


async def _nothing(tx: Transaction) -> None:
    return


async def _release(tx: Transaction) -> None:
    for one in await released.taken(tx):
        await released.release(tx, one)


async def _to_do(read: Reader, now: datetime) -> ToDo:
    found = await read.one(ToDo, TO_DO, now=now)
    assert found is not None
    return found


async def _next_due(read: Reader) -> str | None:
    found: str | None = await read.value(NEXT_DUE)
    return found
