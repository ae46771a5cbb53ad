"""Let go of those elsewhere who are no more, once their inbox says that it is not there.

What an inbox says is about the inbox alone: each actor behind it is asked for by their own id, and only who
is not there either is let go of: at once after 410, after three days of 404.
"""

from datetime import datetime, timedelta

from activitypub.errors import RemoteFault
from activitypub.origin import host_of
from fedcop import fetch
from fedcop.actions import leave
from fedcop.errors import NotFound, Refusal
from fedcop.node import Node
from storage import absent
from storage.actors import Actor
from storage.engine import Transaction
from storage.visible import SYSTEM

ABSENT_FOR = timedelta(days=3)
AGAIN_AFTER = timedelta(hours=1)  # an inbox that is not there says so to each delivery
AT_ONCE = 10


async def look(node: Node, inbox: str, *, for_good: bool) -> None:
    """Ask for whoever gets post at an inbox that is not there; ``for_good``: it answered 410."""
    now = node.clock.now()
    held = await node.store.read(absent.find, inbox)
    if held is not None and now - held.looked_at < AGAIN_AFTER:
        return
    await node.store.write(absent.note, inbox, now)
    for actor in await node.store.read(absent.at_inbox, SYSTEM, host_of(inbox), inbox, limit=AT_ONCE):
        if await _is_absent(node, actor):
            await node.store.write(_let_go, actor, now, for_good)


async def _is_absent(node: Node, actor: Actor) -> bool:
    try:
        await fetch.actor(node, actor.uri, fresh=True)
    except NotFound:
        return True
    except (Refusal, RemoteFault):  # what cannot be asked now is not known to be gone
        return False
    return False


async def _let_go(tx: Transaction, actor: Actor, now: datetime, for_good: bool) -> None:  # noqa: FBT001 - of a row
    await absent.note(tx, actor.uri, now)
    held = await absent.find(tx, actor.uri)
    if for_good or (held is not None and now - held.since >= ABSENT_FOR):
        await leave.forget_actor(tx, actor, now)
        await absent.clear(tx, actor.uri)
