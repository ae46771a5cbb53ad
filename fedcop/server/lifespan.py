"""What runs beside the requests: the workers, and an eye on what commands wrote."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette

from fedcop import workers as work
from fedcop.actions import knock
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
    """Look every second at what commands changed and what has ended; wake or rebuild what depends on it."""
    seen = await node.store.read(changes.counters)
    while True:
        due = time.monotonic() + WATCH_EVERY
        await asyncio.sleep(WATCH_EVERY)
        node.meters.lag.add(max(0.0, time.monotonic() - due))
        try:
            seen = await _look(node, seen)
            await knock.keep(node)
        except Unavailable as error:
            log.warning("what changed could not be read", extra={"cause": str(error)})


async def _look(node: Node, seen: dict[str, int]) -> dict[str, int]:
    """Take up what changed since ``seen`` was read, and give the counters as they stand."""
    now = await node.store.read(changes.counters)
    changed = {subject for subject, n in now.items() if seen.get(subject) != n}
    ended = node.rules.ends_at is not None and node.rules.ends_at <= node.clock.now()
    if ended or "rules" in changed:
        await node.refresh_rules()
    for subject in changed | ({"upkeep"} if ended else set()):
        node.hub.wake(subject)
    return now
