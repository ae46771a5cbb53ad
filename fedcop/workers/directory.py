"""Follows the nodes of other councils, and reads their directories once a day (decision 13).

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled. What changes meanwhile is
told by an Add, a Remove or an Update; the daily reading heals what was missed, the weekly one reads all.

How two nodes meet
  1. Each looks for nodes at the names on its list, and learns what others run as they write.
  2. Each follows the actor of a council's node; whoever is followed anew follows back at the next turn.
  3. An Accept has the directories read at once.
  4. A Follow that is not answered is sent again the next day, since the other list may change; so it is
     after a 403, by which a node says that it allows this one no more.
"""

import asyncio
import itertools
import logging
from datetime import timedelta

from fedcop import fetch
from fedcop.actions import follow
from fedcop.errors import ShutOut
from fedcop.node import Node
from fedcop.workers.loop import Again, Given, guarded
from storage import actors, directory, follows
from storage.actors import Actor
from storage.directory import Due
from storage.engine import Transaction
from storage.visible import SYSTEM

ROUND = timedelta(minutes=1)
EVERY = timedelta(days=1)
WHOLE_EVERY = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
AT_ONCE = 20  # nodes a round: those of 382 councils take 20 minutes of a day
BESIDE = 4  # one that hangs holds one place
WITHIN = timedelta(minutes=5)  # what was read until then is kept, and read on from
STEP = 50  # rows, each with what search finds it by
TOMBSTONES_FOR = timedelta(days=30)

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Meet nodes, follow them, read what is due, forget what must go; give how many nodes that concerned."""
    met = await _meet(node)
    followed = await _follow(node)
    await _purge(node)
    due = await node.store.read(directory.due, node.clock.now(), AT_ONCE)
    places = asyncio.Semaphore(BESIDE)
    await asyncio.gather(*(_read_one(node, one, places) for one in due))
    while await node.store.bulk(directory.forget_gone, node.clock.now() - TOMBSTONES_FOR, STEP):
        pass
    return met + followed + len(due)


async def _meet(node: Node) -> int:
    """Look for nodes at whatever is listed by its own name: councils need not wait for a first post."""
    now = node.clock.now()
    due = (name for name in node.rules.named() if node.memory.may_try(f"meet {name}", now=now, every=EVERY))
    names = list(itertools.islice(due, AT_ONCE))
    for name in names:
        await guarded(_look_at(node, name), f"looking for a node at {name}")
    return len(names)


async def _look_at(node: Node, name: str) -> None:
    """Learn what runs at a name; its node may be at a host below it, since a register lists domains."""
    host = await fetch.node_host(node, name)
    if host is not None and host != node.uris.host and node.allows(host):
        await fetch.peer_kind(node, host)


async def _follow(node: Node) -> int:
    me = await node.store.read(actors.find, SYSTEM, node.actor_id)
    assert me is not None, "a node without its actor is not opened"
    now = node.clock.now()
    strange = await node.store.read(directory.strange, me.id, now - EVERY, AT_ONCE)
    for host in strange:
        await node.store.write(directory.tried, host, now)
        if node.allows(host):
            await guarded(_follow_anew(node, me, host), f"following {host}")
    return len(strange)


async def _follow_anew(node: Node, me: Actor, host: str) -> None:
    target = await fetch.actor(node, fetch.node_actor_uri(node, host))
    # By a new id: of the old one the other may remember that it was worked on.
    await node.store.write(follows.remove, me.id, target.id)
    await follow.follow(node, me, target)


async def _read_one(node: Node, due: Due, places: asyncio.Semaphore) -> None:
    async with places:
        ended = await guarded(_read(node, due), f"the directory of {due.host}")
    if not isinstance(ended, Given):
        log.info("the directory of %s could not be read: %s", due.host, ended.text)
    after = AGAIN_AFTER if isinstance(ended, Again) else EVERY
    await node.store.write(directory.put_off, due.host, node.clock.now() + after)


async def _read(node: Node, due: Due) -> None:
    now = node.clock.now()
    whole = due.whole_at is None or now - due.whole_at >= WHOLE_EVERY
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            await fetch.directory(node, due.host, whole=whole)
    except ShutOut:
        await _forget(node, due.host)
        raise
    if whole:
        await node.store.write(directory.whole, due.host, now)


async def _purge(node: Node) -> None:
    for host in await node.store.scan(directory.hosts):
        if not node.allows(host):
            await _forget(node, host)


async def _forget(node: Node, host: str) -> None:
    """Let go of whom a node lists, and of profiles: it is off our list, or we are off its (decision 16)."""
    while await node.store.bulk(directory.forget_node, host, STEP):
        pass
    target = await node.store.read(actors.find_by_uri, SYSTEM, fetch.node_actor_uri(node, host))
    await node.store.write(_end, node, host, target)


async def _end(tx: Transaction, node: Node, host: str, target: Actor | None) -> None:
    await directory.end(tx, host)
    if target is not None:
        await follows.remove(tx, node.actor_id, target.id)


async def run(node: Node) -> None:
    """Keep in touch with the directories of others until cancelled."""
    while True:
        ended = await guarded(work(node), "the directories of others")
        if not isinstance(ended, Given):
            log.warning("the directories of others have to wait: %s", ended.text)
        await node.hub.wait("directory", seconds=ROUND.total_seconds())
