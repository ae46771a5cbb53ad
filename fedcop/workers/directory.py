"""Follows the nodes of other councils, and reads their directories once a day (decision 13).

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What changes meanwhile is
told by an Add, a Remove or an Update; the daily reading heals what was missed, the weekly one reads all.
"""

import itertools
import logging
from datetime import timedelta

from fedcop import fetch
from fedcop.actions import follow
from fedcop.errors import NotFound, Withheld
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import actors, directory
from storage.directory import Due
from storage.visible import SYSTEM

ROUND = timedelta(minutes=1)
WHOLE_EVERY = timedelta(days=7)
EVERY = timedelta(days=1)
AT_ONCE = 20  # nodes a round: those of 382 councils take 20 minutes of a day
STEP = 200  # rows
TOMBSTONES_FOR = timedelta(days=30)

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Meet nodes, follow them, read what is due, forget what must go; give how many nodes that concerned."""
    met = await _meet(node)
    followed = await _follow(node)
    now = node.clock.now()
    due = await node.store.read(directory.due, now - EVERY, AT_ONCE)
    for one in due:
        if node.allows(one.host):
            ended = await guarded(_read(node, one), f"the directory of {one.host}")
            if not isinstance(ended, Given):
                log.info("the directory of %s could not be read: %s", one.host, ended.text)
        await node.store.write(directory.asked, one.host, now, whole=False)
    await _purge(node)
    while await node.store.bulk(directory.forget_gone, now - TOMBSTONES_FOR, STEP):
        pass
    return met + followed + len(due)


async def _meet(node: Node) -> int:
    """Ask nodes that are listed by their own name what they run: councils need not wait for a first post."""
    now = node.clock.now()
    named = (host for host in node.rules.named() if host != node.uris.host)
    due = (host for host in named if node.memory.may_try(f"meet {host}", now=now, every=EVERY))
    hosts = list(itertools.islice(due, AT_ONCE))
    for host in hosts:
        await guarded(fetch.peer_kind(node, host), f"what {host} runs")
    return len(hosts)


async def _follow(node: Node) -> int:
    me = await node.store.read(actors.find, SYSTEM, node.actor_id)
    assert me is not None, "a node without its actor is not opened"
    now = node.clock.now()
    strange = await node.store.read(directory.strange, node.actor_id, AT_ONCE)
    hosts = [
        host
        for host in strange
        if node.allows(host) and node.memory.may_try(f"follow {host}", now=now, every=EVERY)
    ]
    for host in hosts:
        target = await guarded(fetch.node_actor(node, host), f"the actor of {host}")
        if isinstance(target, Given):
            await guarded(follow.follow(node, me, target.value), f"following {host}")
    return len(hosts)


async def _read(node: Node, due: Due) -> None:
    now = node.clock.now()
    whole = due.whole_at is None or now - due.whole_at >= WHOLE_EVERY
    try:
        await fetch.directory(node, due.host, whole=whole)
    except (Withheld, NotFound):
        # It has taken us off its list, or off the map: nothing of it is shown any more (decision 16).
        await _forget(node, due.host)
        raise
    if whole:
        await node.store.write(directory.asked, due.host, now, whole=True)


async def _purge(node: Node) -> None:
    for host in await node.store.read(directory.hosts):
        if not node.allows(host):
            await _forget(node, host)


async def _forget(node: Node, host: str) -> None:
    while uris := await node.store.read(directory.at, SYSTEM, host, limit=STEP):
        await node.store.bulk(directory.forget, host, uris)


async def run(node: Node) -> None:
    """Keep in touch with the directories of others until cancelled."""
    while True:
        ended = await guarded(work(node), "the directories of others")
        if not isinstance(ended, Given):
            log.warning("the directories of others have to wait: %s", ended.text)
        await node.hub.wait("directory", seconds=ROUND.total_seconds())
