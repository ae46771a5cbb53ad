"""Counters by which a running server notices what a command wrote, and small facts about the node.

Subjects: ``rules``, ``received``, ``deliveries``, ``actors``, ``archives``. Each is also the name under which
whoever waits for it in the server is woken.
"""

from storage.engine import Reader, Transaction
from storage.row import Row


class _Counter(Row, frozen=True):
    subject: str
    n: int


BUMP = """
INSERT INTO changes (subject, n) VALUES (:subject, 1)
ON CONFLICT (subject) DO UPDATE SET n = changes.n + 1
"""


async def bump(tx: Transaction, subject: str) -> None:
    """Tell a running server that a subject has changed."""
    await tx.execute(BUMP, subject=subject)


COUNTERS = "SELECT subject, n FROM changes"


async def counters(read: Reader) -> dict[str, int]:
    """Give every counter, to be compared with what it was a second ago."""
    return {row.subject: row.n for row in await read.all(_Counter, COUNTERS)}


FIND_FACT = "SELECT value FROM facts WHERE name = :name"


async def find_fact(read: Reader, name: str) -> str | None:
    """Give a fact about this node."""
    value: str | None = await read.value(FIND_FACT, name=name)
    return value


SET_FACT = """
INSERT INTO facts (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


async def set_fact(tx: Transaction, name: str, value: str) -> None:
    """Store a fact about this node."""
    await tx.execute(SET_FACT, name=name, value=value)
