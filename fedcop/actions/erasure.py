"""What became of somebody's erasure: which host was told and said what, and what nobody can call back.

told = await erasure.report(node, "ada")
"""

from datetime import datetime
from typing import Final

import msgspec

from activitypub import backoff
from fedcop.errors import NotFound
from fedcop.node import Node
from storage import erasures, holds
from storage.engine import Reader
from storage.erasures import Erasure, HostView

STATES: Final = ("acknowledged", "failed", "unreachable", "waiting")

# What a Delete cannot do, said to whoever asked for it.
LIMITS: Final = (
    "acknowledged: the host took the message; whether it deletes is up to its software, and to its backups",
    "whoever read public pages, feeds or the client API without a signature is not known, and is not told",
    "mails and push messages that went out, quotations, prints and screenshots cannot be called back",
    "backups of this node hold it until they are replaced",
    "kept here: the handle, which is never given again; reports; the record of decisions, which names the id",
    "kept here, sealed, as long as an admin keeps them on hold: posts in communities and threads on hold",
)


class HostLine(msgspec.Struct, frozen=True, kw_only=True):
    """A host that holds something: acknowledged, failed, unreachable, or waiting to be told."""

    host: str
    state: str
    answer: str
    at: datetime
    tries: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure as it stands; ``until`` is when hosts that are not reached are given up.

    ``state``: on hold (it begins when the hold is lifted), erasing, under way, ended.
    """

    name: str
    state: str
    begun_at: datetime
    told_at: datetime | None
    ended_at: datetime | None
    until: datetime | None
    acknowledged: int
    failed: int
    unreachable: int
    waiting: int
    hosts: list[HostLine]
    limits: tuple[str, ...]


async def report(node: Node, handle: str) -> Report:
    """Give what became of the erasure of whoever had a handle here."""
    name = handle.strip().lstrip("@").lower()
    found = await node.store.read(_find, name)
    if found is None:
        raise NotFound(f"nobody called {name!r} was deleted here since erasures are followed")
    held, hosts, on_hold = found
    waits = "on hold" if on_hold else "erasing"
    counts = {state: sum(1 for one in hosts if one.state == state) for state in STATES}
    return Report(
        name=held.handle,
        state="ended" if held.ended_at else "under way" if held.told_at else waits,
        begun_at=held.begun_at,
        told_at=held.told_at,
        ended_at=held.ended_at,
        until=held.told_at + backoff.TRIED_FOR if held.told_at and not held.ended_at else None,
        hosts=[
            HostLine(host=one.host, state=one.state, answer=one.answer, at=one.at, tries=one.tries)
            for one in hosts
        ],
        limits=LIMITS,
        **counts,
    )


async def _find(read: Reader, handle: str) -> tuple[Erasure, list[HostView], bool] | None:
    held = await erasures.find(read, handle)
    if held is None:
        return None
    on_hold = await holds.is_person_held(read, held.actor_id)
    return held, await erasures.hosts(read, held.actor_id), on_hold
