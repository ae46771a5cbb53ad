"""What runs beside the requests: the workers, and an eye on what commands wrote."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette

from fedcop import workers as work
from fedcop.node import Node
from storage import changes
from storage.errors import Unavailable

WATCH_EVERY = 1.0

log = logging.getLogger("fedcop")

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def lifespan_of(node: Node, *, workers: bool) -> Lifespan:
    """Give what Starlette enters at its start and leaves at its end."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                log.error("%s ended, so the node ends", task.get_name(), exc_info=task.exception())
                app.state.fault = task.exception()
                signal.raise_signal(signal.SIGTERM)

        tasks = [asyncio.create_task(watch(node), name="watch")]
        if workers:
            tasks.append(asyncio.create_task(work.run(node), name="workers"))
        for task in tasks:
            task.add_done_callback(ended)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def watch(node: Node) -> None:
    """Look every second at what commands changed, and wake or rebuild what depends on it."""
    seen = await node.store.read(changes.counters)
    while True:
        await asyncio.sleep(WATCH_EVERY)
        try:
            now = await node.store.read(changes.counters)
        except Unavailable as error:
            log.warning("the change counters could not be read", extra={"cause": str(error)})
            continue
        for subject in {subject for subject, n in now.items() if seen.get(subject) != n}:
            if subject == "rules":
                await node.refresh_rules()
            node.hub.wake(subject)
        seen = now
