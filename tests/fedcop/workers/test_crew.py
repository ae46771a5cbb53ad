"""Every worker of a process."""

import asyncio

from fedcop import workers
from fedcop.node import Node
from storage import received
from storage.engine import Reader
from tests.fedcop.workers.test_delivery import Hosts, hosts, queue
from tests.fedcop.workers.test_inbox import put
from tests.support.network import Network

__all__ = ["hosts"]


async def test_the_crew_begins_with_what_an_ended_process_had_in_hand(
    network: Network, node: Node, hosts: Hosts
) -> None:
    await put(node, "a")
    await queue(node, ["well.example"])
    now = node.clock.now()
    until = now.replace(year=now.year + 1)
    assert len(await node.store.write(received.claim, now=now, until=until, limit=5)) == 1

    task = asyncio.create_task(workers.run(node))
    await hosts.took(1)
    async with asyncio.timeout(20):
        # Until the inbox, which works beside, has written what came of it; a read gives it no turn.
        while await node.store.read(_locked):  # noqa: ASYNC110 - rows have no event
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert hosts.taken == [("well.example", b"x")]


async def _locked(read: Reader) -> bool:
    return await read.value("SELECT 1 FROM received WHERE locked_until IS NOT NULL") is not None
