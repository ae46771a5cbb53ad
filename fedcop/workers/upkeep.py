"""Lets go of what has had its time, once an hour, in steps that hold nobody up.

``work(node)`` is one round, for tests; ``run(node)`` goes on until it is cancelled.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from fedcop.actions import allowlist, archive, leave, removal, retention
from fedcop.content import files
from fedcop.node import Node
from fedcop.workers.loop import Given, guarded
from storage import (
    abandoned,
    audit,
    counted,
    erasures,
    hidden,
    histories,
    knocks,
    media,
    oauth,
    offers,
    received,
    sessions,
    withheld,
)
from storage.engine import Transaction
from storage.media import Files

ROUND = timedelta(hours=1)
STEP = 200  # rows: well under the 20 ms that a step of a long work may take
BODIES_FOR = timedelta(days=7)  # the bytes of what was received, once worked on (decision 20)
IDS_FOR = timedelta(days=90)  # its id: nobody sends again later than 30 days
CODES_FOR = timedelta(days=1)  # after their end, so that a second use is noticed
OFFERS_FOR = timedelta(days=90)  # a request to join elsewhere that nobody here answered
READ_FOR = timedelta(days=1)  # threads read elsewhere; one opened is read again after 15 minutes
UPLOADS_FOR = timedelta(days=1)  # in no post, or in none any more: as Mastodon keeps them
REFUSED_FOR = timedelta(hours=12)  # by a community's node: hidden at once, deleted well within a day
KNOCKS_FOR = timedelta(days=90)  # of a refused node that did not come again
FAILURES_FOR = timedelta(days=1)  # wrong passwords; the lock-out looks five minutes back

T = TypeVar("T")

log = logging.getLogger("fedcop.workers")


async def work(node: Node) -> int:
    """Let go of what is too old now, or of communities that were left, and give how much that concerned."""
    now = node.clock.now()
    await allowlist.end_entries(node)
    done = await _bodies(node, now - BODIES_FOR)
    while forgotten := await node.store.bulk(received.forget, now - IDS_FOR, STEP):
        done += forgotten
    while await node.store.bulk(counted.forget, now - IDS_FOR, STEP):
        pass
    while await node.store.bulk(withheld.forget_old, now - removal.KEPT_FOR, STEP):
        pass
    while await node.store.bulk(offers.forget_old, now - OFFERS_FOR, STEP):
        pass
    while await node.store.bulk(histories.forget, now - READ_FOR, STEP):
        pass
    await node.store.bulk(knocks.forget, now - KNOCKS_FOR)
    done += await _uploads(node, now - UPLOADS_FOR)
    done += await _abandoned(node, now - REFUSED_FOR)
    done += await _hidden(node, now - timedelta(days=node.config.federation.purge_after))
    while await node.store.bulk(audit.erase_addresses, now - audit.ADDRESSES_FOR, STEP):
        pass
    await archive.clear(node)
    done += await leave.go_on(node)
    done += await retention.apply(node)
    await node.store.write(erasures.end_those_cut_off, now)
    await node.store.bulk(sessions.clean, now, now - FAILURES_FOR)
    await node.store.bulk(oauth.clean, now - CODES_FOR)
    return done


async def tell_end(node: Node) -> None:
    """Log where the record of decisions ends: by it what is cut off later is missed (`audit verify`)."""
    end = await node.store.read(audit.end)
    log.info("the record of decisions", extra={"count": end.number, "head": end.mac})


async def _bodies(node: Node, before: datetime) -> int:
    done = 0
    while rows := await node.store.scan(received.with_old_body, before, STEP):
        await node.store.bulk(received.forget_bodies, rows)
        done += len(rows)
    return done


async def _uploads(node: Node, before: datetime) -> int:
    """Delete files that are in no post: whoever was given the address of one could open it for ever."""
    done = 0
    while gone := await node.store.bulk(media.remove_unattached, before, STEP):
        done += len(gone)
        await asyncio.to_thread(files.remove, node.config.media, media.names_of(gone))
    return done


async def _abandoned(node: Node, refused_before: datetime) -> int:
    """Delete what members-only communities said that have no member here any more (decision 9)."""
    done = 0
    for community_id in await node.store.read(abandoned.communities, refused_before, STEP):
        done += await _purge(node, abandoned.purge, community_id)
    return done


async def _hidden(node: Node, before: datetime) -> int:
    """Delete what nodes said that left the list before a moment (decision 16)."""
    done = 0
    for host in await node.store.read(hidden.hosts, before, STEP):
        done += await _purge(node, hidden.purge, host)
    return done


async def _purge(
    node: Node, step: Callable[[Transaction, T, int], Awaitable[list[Files] | None]], whose: T
) -> int:
    """Delete the posts of somebody, step by step, with their files; give how many steps that took."""
    done = 0
    while (gone := await node.store.bulk(step, whose, STEP)) is not None:
        done += 1
        await asyncio.to_thread(files.remove, node.config.media, media.names_of(gone))
    return done


async def run(node: Node) -> None:
    """Keep house until cancelled."""
    while True:
        ended = await guarded(work(node), "upkeep")
        if not isinstance(ended, Given):
            log.warning("upkeep has to wait: %s", ended.text)
        await node.hub.wait("upkeep", seconds=ROUND.total_seconds())
        await guarded(tell_end(node), "the end of the record")
