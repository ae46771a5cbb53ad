"""Try a peer again at an admin's word, however long its breaker would have waited."""

from fedcop.actions import record
from fedcop.errors import NotFound
from fedcop.node import Node
from storage import audit, changes, deliveries, peers
from storage.audit import Note
from storage.engine import Transaction


async def retry(node: Node, host: str, *, by: str) -> None:
    """Make what waits for a host due now, unless it asked to be left alone until a time."""
    if not await node.store.write(_retry, host, record.note(node, by, "peer retry", host)):
        raise NotFound(f"{host} was never met")
    node.hub.wake("deliveries")


async def _retry(tx: Transaction, host: str, noted: Note) -> bool:
    if await peers.find(tx, host) is None:
        return False
    await deliveries.wake(tx, host, noted.at)
    await audit.record(tx, noted)
    await changes.bump(tx, "deliveries")
    return True
