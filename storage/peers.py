"""Every node met: what it runs, whether its content is shown, and when it was last heard and reached."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.engine import Reader, Transaction
from storage.row import Row

_OFTEN_ENOUGH = timedelta(minutes=1)  # a time that moved less is not written again


class Peer(Row):
    """One row of peers."""

    host: str
    domain: str | None
    software: str
    version: str
    kind: str
    kind_at: datetime | None
    scheme: str
    query_signed: bool
    standing: str
    hidden_at: datetime | None
    heard_at: datetime | None
    reached_at: datetime | None
    failures: int
    last_error: str
    met_at: datetime


class PeerView(Peer):
    """A peer, how many deliveries wait for it and since when."""

    backlog: int
    oldest_at: datetime | None


_COLUMNS = """p.host, p.domain, p.software, p.version, p.kind, p.kind_at, p.scheme, p.query_signed,
       p.standing, p.hidden_at, p.heard_at, p.reached_at, p.failures, p.last_error, p.met_at"""

FIND = f"SELECT {_COLUMNS} FROM peers AS p WHERE p.host = :host"


async def find(read: Reader, host: str) -> Peer | None:
    """Give a peer, or None if it was never met."""
    return await read.one(Peer, FIND, host=host)


ALL = f"""
SELECT {_COLUMNS}, (SELECT COUNT(*) FROM deliveries AS d WHERE d.host = p.host),
       (SELECT MIN(d.queued_at) FROM deliveries AS d WHERE d.host = p.host)
  FROM peers AS p ORDER BY p.host
"""


async def all_met(read: Reader) -> list[PeerView]:
    """Give every peer with its backlog, by host."""
    return await read.all(PeerView, ALL)


class _Named(Row, frozen=True):
    domain: str
    host: str


DOMAINS = "SELECT domain, host FROM peers WHERE domain IS NOT NULL"


async def domains(read: Reader) -> dict[str, str]:
    """Give the host of the node to which the handles of a domain lead, for each domain that is no host."""
    return {row.domain: row.host for row in await read.all(_Named, DOMAINS)}


RELEASE_DOMAIN = "UPDATE peers SET domain = NULL WHERE domain = :domain AND host = :host"

SET_DOMAIN = """
INSERT INTO peers (host, domain, met_at) SELECT :host, :domain, :now
 WHERE NOT EXISTS (SELECT 1 FROM peers WHERE domain = :domain AND host <> :host)
ON CONFLICT (host) DO UPDATE SET domain = excluded.domain
"""


async def set_domain(tx: Transaction, host: str, domain: str, *, instead_of: str, now: datetime) -> bool:
    """Keep the domain in which a node's handles end; False, and nothing changes, if it is another node's.

    ``instead_of`` is a node that has it no longer.
    """
    await tx.execute(RELEASE_DOMAIN, domain=domain, host=instead_of)
    return await tx.execute(SET_DOMAIN, host=host, domain=domain, now=now) > 0


MET = "INSERT INTO peers (host, met_at) VALUES (:host, :now) ON CONFLICT (host) DO NOTHING"


async def met(tx: Transaction, host: str, now: datetime) -> None:
    """Note that a node exists."""
    await tx.execute(MET, host=host, now=now)


HEARD = """
INSERT INTO peers (host, heard_at, met_at) VALUES (:host, :now, :now)
ON CONFLICT (host) DO UPDATE SET heard_at = excluded.heard_at
 WHERE peers.heard_at IS NULL OR peers.heard_at < :earlier
"""


async def heard(tx: Transaction, host: str, now: datetime) -> None:
    """Note a verified request from a node; to the minute."""
    await tx.execute(HEARD, host=host, now=now, earlier=now - _OFTEN_ENOUGH)


REACHED = """
INSERT INTO peers (host, reached_at, met_at) VALUES (:host, :now, :now)
ON CONFLICT (host) DO UPDATE SET reached_at = excluded.reached_at, failures = 0, last_error = ''
 WHERE peers.failures > 0 OR peers.reached_at IS NULL OR peers.reached_at < :earlier
"""


async def reached(tx: Transaction, hosts: Sequence[str], now: datetime) -> None:
    """Note that nodes took deliveries; to the minute."""
    await tx.many(REACHED, [{"host": host, "now": now, "earlier": now - _OFTEN_ENOUGH} for host in hosts])


FAILED = """
INSERT INTO peers (host, failures, last_error, met_at) VALUES (:host, 1, :answer, :now)
ON CONFLICT (host) DO UPDATE SET failures = peers.failures + 1, last_error = excluded.last_error
"""


async def failed(tx: Transaction, host: str, answer: str, now: datetime) -> None:
    """Note that a delivery failed, and how."""
    await tx.execute(FAILED, host=host, answer=answer, now=now)


SET_SOFTWARE = """
INSERT INTO peers (host, software, version, kind, kind_at, met_at)
VALUES (:host, :software, :version, :kind, :now, :now)
ON CONFLICT (host) DO UPDATE SET software = excluded.software, version = excluded.version,
       kind = excluded.kind, kind_at = excluded.kind_at
"""


async def set_software(
    tx: Transaction, host: str, *, software: str, version: str, kind: str, now: datetime
) -> None:
    """Keep what NodeInfo said."""
    await tx.execute(SET_SOFTWARE, host=host, software=software, version=version, kind=kind, now=now)


SET_KIND = "UPDATE peers SET kind = :kind WHERE host = :host"


async def set_kind(tx: Transaction, host: str, kind: str) -> None:
    """Keep what a peer showed by what it sent."""
    await tx.execute(SET_KIND, host=host, kind=kind)


SET_SCHEME = """
INSERT INTO peers (host, scheme, met_at) VALUES (:host, :scheme, :now)
ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme
"""


async def set_scheme(tx: Transaction, host: str, scheme: str, now: datetime) -> None:
    """Keep which signature scheme a peer takes."""
    await tx.execute(SET_SCHEME, host=host, scheme=scheme, now=now)


SET_QUERY_SIGNED = """
INSERT INTO peers (host, query_signed, met_at) VALUES (:host, :signed, :now)
ON CONFLICT (host) DO UPDATE SET query_signed = excluded.query_signed
"""


async def set_query_signed(tx: Transaction, host: str, now: datetime, *, signed: bool) -> None:
    """Keep whether a peer wants the query of a GET in what is signed, or left out of it."""
    await tx.execute(SET_QUERY_SIGNED, host=host, signed=signed, now=now)


HIDE = """
INSERT INTO peers (host, standing, hidden_at, met_at) VALUES (:host, 'hidden', :now, :now)
ON CONFLICT (host) DO UPDATE SET standing = 'hidden', hidden_at = excluded.hidden_at
 WHERE peers.standing <> 'hidden'
"""


async def hide(tx: Transaction, host: str, now: datetime) -> None:
    """Stop showing what came from a node."""
    await tx.execute(HIDE, host=host, now=now)


SHOW = "UPDATE peers SET standing = 'open', hidden_at = NULL WHERE host = :host"


async def show(tx: Transaction, host: str) -> None:
    """Show what came from a node again."""
    await tx.execute(SHOW, host=host)
