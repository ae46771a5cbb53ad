"""Who is at work on a PostgreSQL database, and what they tell each other.

    with alone("postgresql://..."):      nobody else works on it; refused if somebody does
        ...
    place = Place(url, heard)            one of up to sixteen processes that share it
    await place.open()

The server remembers who holds a place for as long as that one is connected, and passes on what is said. Both
go by one connection; when it is lost, the same place is taken again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from storage import postgres_driver
from storage.errors import Unavailable

PLACES = 16  # as many as ids tell apart (``storage.ids``)
AGAIN_AFTER = 0.5  # seconds between two attempts to be connected, and between two to lead
CHANNEL = "fedcop"

# Advisory locks are two numbers; the first is ours, others may have theirs in the database. The second,
# 0 to 15, are places; the same from WORKS on say that who has the place works on the queues.
OURS = 0x66656463
WORKS = 16
IN_USE = 100
MIGRATES = 101
LEADS = 102

TAKE = "SELECT pg_try_advisory_lock(%s::int, %s::int)"
TAKE_SHARED = "SELECT pg_try_advisory_lock_shared(%s::int, %s::int)"

log = logging.getLogger("storage")

Link = psycopg.AsyncConnection[tuple[Any, ...]]


@contextlib.contextmanager
def alone(url: str) -> Iterator[None]:
    """Keep every other process from the database; raise ``Unavailable`` at once when one works on it."""
    with contextlib.closing(postgres_driver.connect(url)) as connection:
        try:
            found = connection.execute(TAKE, (OURS, IN_USE)).fetchone()
        except psycopg.Error as error:
            raise postgres_driver.translated(error) from error
        if found != (True,):
            raise Unavailable("database.url: another process works on this database; end it first")
        yield


class Place:
    """A process among those that share the database; ``number`` is its own."""

    def __init__(self, url: str, heard: Callable[[str], None]) -> None:
        self._url = url
        self._heard = heard
        self._works = asyncio.Event()  # said and known
        self._wants_to_work = self._wants_to_lead = False
        self._leads = asyncio.Event()
        self._ended = asyncio.Event()  # the time for which it leads
        self._task: asyncio.Task[None] | None = None
        self.number: int | None = None
        self.taken = True  # False while another process has the number: nothing may be written under it

    async def open(self) -> None:
        """Take a place; raise ``Unavailable`` when the database is being moved, or all places are taken."""
        try:
            self._link = await self._connected()
        except psycopg.Error as error:
            raise postgres_driver.translated(error) from error
        self._task = asyncio.create_task(self._stay(), name="place")

    async def work(self) -> None:
        """Say that this process works on the queues."""
        self._wants_to_work = True
        await self._works.wait()

    async def lead(self) -> asyncio.Event:
        """Wait until this process is the one that leads; the event says that it is no more."""
        self._wants_to_lead = True
        await self._leads.wait()
        return self._ended

    async def close(self) -> None:
        """Give the place up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._link.close()

    async def _connected(self) -> Link:
        link = await Link.connect(
            self._url,
            autocommit=True,
            connect_timeout=10,
            application_name="fedcop",
            keepalives_idle=10,  # a server that is gone without a word is noticed within half a minute
            keepalives_interval=5,
            keepalives_count=4,
        )
        try:
            await self._settle(link)
        except BaseException:
            await link.close()
            raise
        return link

    async def _settle(self, link: Link) -> None:
        if not await _take(link, TAKE_SHARED, IN_USE):
            raise Unavailable("database.url: this database is being migrated or moved; try again later")
        for number in range(PLACES) if self.number is None else (self.number,):
            if await _take(link, TAKE, number):
                self.number, self.taken = number, True
                break
        else:
            self.taken = False
            raise Unavailable(f"database.url: {PLACES} processes share this database; no more may")
        await link.execute(f"LISTEN {CHANNEL}".encode())

    async def _stay(self) -> None:
        while True:
            try:
                while True:
                    await self._take_what_is_wanted()
                    async for said in self._link.notifies(timeout=AGAIN_AFTER):
                        self._heard(said.payload)
            except psycopg.Error as error:
                log.warning("the connection that holds this place was lost", extra={"cause": str(error)})
            self._let_go()
            await self._return()

    async def _take_what_is_wanted(self) -> None:
        assert self.number is not None
        if self._wants_to_work and not self._works.is_set() and await self._got(WORKS + self.number):
            self._works.set()
        if self._wants_to_lead and not self._leads.is_set() and await self._got(LEADS):
            self._ended = asyncio.Event()
            self._leads.set()

    async def _got(self, number: int) -> bool:
        return await _take(self._link, TAKE, number)

    def _let_go(self) -> None:
        self._works.clear()
        self._leads.clear()
        self._ended.set()

    async def _return(self) -> None:
        await self._link.close()
        while True:
            try:
                self._link = await self._connected()
            except (psycopg.Error, Unavailable):
                await asyncio.sleep(AGAIN_AFTER)
            else:
                return


async def _take(link: Link, text: str, number: int) -> bool:
    found = await (await link.execute(text.encode(), (OURS, number))).fetchone()
    return found == (True,)
