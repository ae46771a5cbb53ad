"""Works on the queues of one node beside the processes that serve it: ``fedcop worker``, on PostgreSQL."""

import asyncio
import logging
import signal

import uvloop
from starlette.applications import Starlette

from fedcop.actions import allowlist
from fedcop.config import Config
from fedcop.node import Node, open_node
from fedcop.server.lifespan import lifespan_of
from storage.errors import Unavailable

log = logging.getLogger("fedcop")


def work(config: Config) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished, or given back, within 10 s."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(config))


async def _run(config: Config) -> None:
    node = await open_node(config)
    try:
        await allowlist.reconcile(node)
        await _work(node)
    finally:
        await node.close()


async def _work(node: Node) -> None:
    told, app = asyncio.Event(), Starlette()
    app.state.fault = None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with lifespan_of(node, workers=True)(app):
        log.info("ready to work as process %s of this node", node.store.process)
        await told.wait()
    if app.state.fault is not None:
        raise Unavailable(f"the node could not go on: {app.state.fault}")
