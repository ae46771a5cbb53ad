"""Starts every worker of a process and lets them end together."""

import asyncio

from fedcop.node import Node
from fedcop.workers import archive, delivery, due, films, history, inbox, pull, push, upkeep
from storage import deliveries, received
from storage.engine import Transaction


async def run(node: Node) -> None:
    """Work until cancelled, beginning with what a process that ended had in hand."""
    await node.store.write(_release)
    async with asyncio.TaskGroup() as crew:
        for worker in (
            inbox.run,
            delivery.run,
            upkeep.run,
            pull.run,
            due.run,
            push.run,
            history.run,
            archive.run,
            films.run,
        ):
            crew.create_task(worker(node), name=worker.__module__)


async def _release(tx: Transaction) -> None:
    """On SQLite one process works (decision 22), so whatever is taken was taken by one that is gone."""
    await received.release(tx)
    await deliveries.release(tx)
