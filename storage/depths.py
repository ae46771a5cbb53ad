"""How much waits in each queue, and since when: what somebody who watches a node looks at first."""

from datetime import datetime

from storage.engine import Reader
from storage.row import Row


class Depth(Row, frozen=True):
    """One queue."""

    waiting: int
    oldest_at: datetime | None


RECEIVED = "SELECT COUNT(*), MIN(due_at) FROM received WHERE state = 'waiting'"
DELIVERIES = "SELECT COUNT(*), MIN(queued_at) FROM deliveries"
HISTORIES = "SELECT COUNT(*), MIN(due_at) FROM histories WHERE due_at IS NOT NULL"
SCHEDULED = "SELECT COUNT(*), MIN(due_at) FROM scheduled WHERE due_at <= :now"


async def depths(read: Reader, now: datetime) -> dict[str, Depth]:
    """Give every queue by its name; it counts rows, so it belongs in a ``scan``."""
    found = {
        "received": await read.one(Depth, RECEIVED),
        "deliveries": await read.one(Depth, DELIVERIES),
        "histories": await read.one(Depth, HISTORIES),
        "scheduled": await read.one(Depth, SCHEDULED, now=now),
    }
    return {name: depth for name, depth in found.items() if depth is not None}


class Peer(Row, frozen=True):
    """A peer for which something waits."""

    host: str
    waiting: int
    oldest_at: datetime
    failures: int


LONGEST = """
SELECT q.host, COUNT(*), MIN(d.queued_at), q.failures
  FROM queues AS q JOIN deliveries AS d ON d.host = q.host
 GROUP BY q.host, q.failures ORDER BY COUNT(*) DESC, q.host LIMIT :limit
"""


async def longest(read: Reader, limit: int) -> list[Peer]:
    """Give the peers for which most waits; it counts rows, so it belongs in a ``scan``."""
    return await read.all(Peer, LONGEST, limit=limit)


class State(Row, frozen=True):
    """How many peers are in one state."""

    standing: str
    failing: bool
    n: int


PEERS = "SELECT standing, failures > 0, COUNT(*) FROM peers GROUP BY standing, failures > 0 ORDER BY 1, 2"


async def peers(read: Reader) -> list[State]:
    """Give how many peers are allowed or hidden, and of each how many are failing now."""
    return await read.all(State, PEERS)


SCHEMA = "SELECT MAX(number) FROM migrations"


async def schema(read: Reader) -> int:
    """Give the number of the last step of the schema that this database has had."""
    return int(await read.value(SCHEMA) or 0)
