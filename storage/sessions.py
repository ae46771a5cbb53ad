"""Who is signed in at the pages, and the wrong passwords that lock them out.

Secrets come in as SHA-256 texts; what the cookie holds is stored nowhere.
"""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class Session(Row, frozen=True):
    """A session that holds, with what its pages ask on each request."""

    actor_id: ActorId
    csrf: str
    created_at: datetime
    expires_at: datetime
    admin: bool
    state: str


class Failures(Row, frozen=True):
    """Wrong passwords since a time: of one account from one address, and from that address for any."""

    pair: int
    address: int


ADD = """
INSERT INTO sessions (secret, actor_id, csrf, created_at, expires_at)
VALUES (:secret, :actor_id, :csrf, :now, :expires_at)
"""


async def add(
    tx: Transaction, secret: str, actor_id: ActorId, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Begin a session."""
    await tx.execute(ADD, secret=secret, actor_id=actor_id, csrf=csrf, now=now, expires_at=expires_at)


FIND = """
SELECT s.actor_id, s.csrf, s.created_at, s.expires_at, c.admin, c.state
  FROM sessions AS s JOIN accounts AS c ON c.actor_id = s.actor_id AND c.state IN ('active', 'suspended')
 WHERE s.secret = :secret AND s.expires_at > :now
"""


async def find(read: Reader, secret: str, now: datetime) -> Session | None:
    """Give the session of a cookie; None when it has expired, or the account is disabled or deleted."""
    return await read.one(Session, FIND, secret=secret, now=now)


END = "DELETE FROM sessions WHERE secret = :secret"


async def end(tx: Transaction, secret: str) -> None:
    """End one session."""
    await tx.execute(END, secret=secret)


END_OTHERS = "DELETE FROM sessions WHERE actor_id = :actor_id AND csrf <> :csrf"


async def end_others(tx: Transaction, actor_id: ActorId, csrf: str) -> None:
    """End every session of a person but the one whose forms bear a text."""
    await tx.execute(END_OTHERS, actor_id=actor_id, csrf=csrf)


END_ALL = "DELETE FROM sessions WHERE actor_id = :actor_id"


async def end_all(tx: Transaction, actor_id: ActorId) -> None:
    """End every session of a person."""
    await tx.execute(END_ALL, actor_id=actor_id)


ADD_FAILURE = "INSERT INTO sign_in_failures (account, address, at) VALUES (:account, :address, :now)"


async def add_failure(tx: Transaction, account: str, address: str, now: datetime) -> None:
    """Note a wrong password."""
    await tx.execute(ADD_FAILURE, account=account, address=address, now=now)


FAILURES_SINCE = """
SELECT COUNT(CASE WHEN account = :account THEN 1 END), COUNT(*)
  FROM sign_in_failures WHERE address = :address AND at > :since
"""


async def failures_since(read: Reader, account: str, address: str, since: datetime) -> Failures:
    """Count the wrong passwords of a pair of account and address, and of the address alone."""
    found = await read.one(Failures, FAILURES_SINCE, account=account, address=address, since=since)
    return found or Failures(0, 0)


CLEAR_FAILURES = "DELETE FROM sign_in_failures WHERE account = :account AND address = :address"


async def clear_failures(tx: Transaction, account: str, address: str) -> None:
    """Forget the wrong passwords of a pair: its right one was given."""
    await tx.execute(CLEAR_FAILURES, account=account, address=address)


CLEAN_SESSIONS = "DELETE FROM sessions WHERE expires_at <= :now"
CLEAN_INVITATIONS = "DELETE FROM invitations WHERE expires_at <= :now"
CLEAN_FAILURES = "DELETE FROM sign_in_failures WHERE at <= :before"


async def clean(tx: Transaction, now: datetime, failures_before: datetime) -> None:
    """Remove sessions and invitations that have expired, and wrong passwords that count no more."""
    await tx.execute(CLEAN_SESSIONS, now=now)
    await tx.execute(CLEAN_INVITATIONS, now=now)
    await tx.execute(CLEAN_FAILURES, before=failures_before)
