"""Nodes that asked for something and are not on the list: who they say they are, until an admin decides.

Nothing in a row was checked: whoever sends a request writes what it likes into it. The table is bounded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from storage.engine import Reader, Transaction
from storage.row import Row, array_of

MOST = 500  # hosts that are kept
LATEST = 100  # of them, however often they came


class Knock(Row, frozen=True):
    """A host that was refused ``times`` times, and what it asked for last."""

    host: str
    first_at: datetime
    last_at: datetime
    times: int
    way: Literal["inbox", "fetch"]
    actor_uri: str
    user_agent: str
    dismissed_at: datetime | None = None


_COLUMNS = ", ".join(Knock.__struct_fields__)

PUT = """
INSERT INTO knocks (host, first_at, last_at, times, way, actor_uri, user_agent)
VALUES (:host, :first_at, :last_at, :times, :way, :actor_uri, :user_agent)
ON CONFLICT (host) DO UPDATE
   SET last_at = excluded.last_at, times = knocks.times + excluded.times, way = excluded.way,
       actor_uri = excluded.actor_uri, user_agent = excluded.user_agent
"""

# Names made up for one request each push each other out, and nobody who came again; names that came again and
# again push out no new one before others were newer.
TRIM = """
DELETE FROM knocks
 WHERE (SELECT COUNT(*) FROM knocks) > :most
   AND host NOT IN (SELECT k.host FROM knocks AS k ORDER BY k.last_at DESC, k.host LIMIT :latest)
   AND host NOT IN (SELECT k.host FROM knocks AS k
                     ORDER BY k.times > 1 DESC, k.last_at DESC, k.host LIMIT :most - :latest)
"""


async def add(tx: Transaction, knocks: Sequence[Knock]) -> None:
    """Count what was refused; of more hosts than are kept, those go that came once, or longest ago."""
    names = ("host", "first_at", "last_at", "times", "way", "actor_uri", "user_agent")
    await tx.many(PUT, [{name: getattr(knock, name) for name in names} for knock in knocks])
    await tx.execute(TRIM, most=MOST, latest=LATEST)


WAITING = f"SELECT {_COLUMNS} FROM knocks WHERE dismissed_at IS NULL ORDER BY last_at DESC, host LIMIT {MOST}"


async def waiting(read: Reader) -> list[Knock]:
    """Give those about whom nobody decided, the latest first."""
    return await read.all(Knock, WAITING)


HOSTS = f"SELECT host FROM knocks ORDER BY host LIMIT {MOST}"


async def hosts(read: Reader) -> list[str]:
    """Give every host that is kept, those that were dismissed too."""
    return await read.values(HOSTS)


DISMISS = "UPDATE knocks SET dismissed_at = :now WHERE host = :host AND dismissed_at IS NULL"


async def dismiss(tx: Transaction, host: str, now: datetime) -> bool:
    """Show a host no more, however often it comes; tell whether it waited."""
    return await tx.execute(DISMISS, host=host, now=now) > 0


REMOVE = "DELETE FROM knocks WHERE host IN (SELECT value FROM json_each(:hosts))"


async def remove(tx: Transaction, hosts: Sequence[str]) -> None:
    """Let go of hosts about which the list says something."""
    await tx.execute(REMOVE, hosts=array_of(hosts))


FORGET = "DELETE FROM knocks WHERE last_at < :before"


async def forget(tx: Transaction, before: datetime) -> int:
    """Let go of hosts that did not come again since a moment, dismissed or not; give how many."""
    return await tx.execute(FORGET, before=before)
