"""Who is findable beyond a node: those that ours lists, and those that other nodes list (decision 13).

    came = await directory.settle(tx, person.id)        "listed", "unlisted", or None: nothing changed
    rows = await store.scan(directory.page, node, "people", limit=50, skipped=0)

Who is listed follows from the actor's own row, here and nowhere else. Somebody who is no longer listed stays
as a tombstone for 30 days, so that a node which was away hears of it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from storage import actors, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer

Kind = Literal["people", "communities"]

LISTED = """
a.local = 1 AND a.state = 'active' AND a.moved_to IS NULL AND a.findable IN ('nodes', 'public')
AND (a.type = 'Person' OR a.type = 'Group' AND a.approves = 0 AND EXISTS (
     SELECT 1 FROM communities AS c WHERE c.actor_id = a.id AND c.closed_at IS NULL))"""

LIST = f"""
INSERT INTO listings (actor_id, kind, listed, changed_at)
SELECT a.id, CASE WHEN a.type = 'Group' THEN 'communities' ELSE 'people' END, 1, a.updated_at
  FROM actors AS a WHERE a.id = :actor_id AND {LISTED}
ON CONFLICT (actor_id) DO UPDATE SET listed = 1, changed_at = excluded.changed_at
"""

UNLIST = "UPDATE listings SET listed = 0, changed_at = :now WHERE actor_id = :actor_id AND listed = 1"

IS_LISTED = "SELECT listed FROM listings WHERE actor_id = :actor_id"


async def settle(tx: Transaction, actor_id: ActorId, now: datetime) -> Literal["listed", "unlisted"] | None:
    """List an actor of ours, or list it no longer, as its row has it; say what of the two is new."""
    before = bool(await tx.value(IS_LISTED, actor_id=actor_id))
    if await tx.execute(LIST, actor_id=actor_id):
        return None if before else "listed"
    return "unlisted" if await tx.execute(UNLIST, actor_id=actor_id, now=now) else None


async def is_listed(read: Reader, actor_id: ActorId) -> bool:
    """Tell whether our directory lists an actor."""
    return bool(await read.value(IS_LISTED, actor_id=actor_id))


class Listing(Actor, frozen=True):
    """An actor of ours that is listed, or that was until a moment ago."""

    listed: bool
    changed_at: datetime


PAGE = f"""
-- Whoever is not to be listed as their row stands now is shown as one who left, whatever the listing says.
SELECT {actors.COLUMNS}, CASE WHEN l.listed = 1 AND {LISTED} THEN 1 ELSE 0 END, l.changed_at
  FROM listings AS l JOIN actors AS a ON a.id = l.actor_id
 WHERE l.kind = :kind AND :viewer_kind = 'node'
 ORDER BY l.changed_at DESC, l.actor_id DESC LIMIT :limit OFFSET :skipped
"""


async def page(read: Reader, viewer: Viewer, kind: Kind, *, limit: int, skipped: int) -> list[Listing]:
    """Give to a node who is listed, the latest change first, and who no longer is; to others nobody."""
    return await read.all(
        Listing, PAGE, kind=kind, limit=limit, skipped=skipped, **visible.parameters(viewer)
    )


class Entry(Row, frozen=True):
    """What the digest of a directory is made of."""

    uri: str
    updated_at: datetime


OURS = f"""
SELECT a.uri, a.updated_at FROM listings AS l JOIN actors AS a ON a.id = l.actor_id
 WHERE l.kind = :kind AND l.listed = 1 AND {LISTED} AND :viewer_kind = 'node'
"""


async def ours(read: Reader, viewer: Viewer, kind: Kind) -> list[Entry]:
    """Give to a node who is listed here, and when each last changed; to others nobody."""
    return await read.all(Entry, OURS, viewer_kind=viewer.kind, kind=kind)


FORGET_GONE = """
DELETE FROM listings WHERE actor_id IN (
    SELECT actor_id FROM listings WHERE listed = 0 AND changed_at < :before ORDER BY changed_at LIMIT :limit)
"""


async def forget_gone(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of tombstones of before a moment; give how many."""
    return await tx.execute(FORGET_GONE, before=before, limit=limit)


THEIRS = """
SELECT a.uri, a.updated_at FROM listed_elsewhere AS e JOIN actors AS a ON a.id = e.actor_id
 WHERE e.host = :host AND e.kind = :kind
"""


async def theirs(read: Reader, viewer: Viewer, host: str, kind: Kind) -> list[Entry]:
    """Give who is held as listed by another node; to this node itself only."""
    assert viewer.kind == "system", "what another node lists is never passed on"
    return await read.all(Entry, THEIRS, host=host, kind=kind)


LEARN = """
INSERT INTO listed_elsewhere (actor_id, host, kind)
SELECT id, host, :kind FROM actors
 WHERE id = :actor_id AND local = 0 AND state <> 'deleted' AND findable IN ('nodes', 'public')
ON CONFLICT (actor_id) DO UPDATE SET kind = excluded.kind
"""


async def learn(tx: Transaction, actor_id: ActorId, kind: Kind) -> bool:
    """Keep that another node lists somebody of its own; False if their document does not want that."""
    return await tx.execute(LEARN, actor_id=actor_id, kind=kind) > 0


FORGET = """
DELETE FROM listed_elsewhere WHERE host = :host AND actor_id IN (
    SELECT a.id FROM actors AS a WHERE a.uri IN (SELECT value FROM json_each(:uris)))
RETURNING actor_id
"""


async def forget(tx: Transaction, host: str, uris: Sequence[str]) -> int:
    """Hold people and communities of a node as listed no longer, nor their profiles; give how many."""
    ids: list[ActorId] = await tx.values(FORGET, host=host, uris=json.dumps(uris))
    for actor_id in ids:
        await actors.keep_card(tx, actor_id)
    return len(ids)


HOSTS = "SELECT host FROM directories UNION SELECT host FROM listed_elsewhere"


async def hosts(read: Reader) -> list[str]:
    """Give the nodes whose directories are read or were, or of which something is held."""
    return await read.values(HOSTS)


FORGET_SOME = """
DELETE FROM listed_elsewhere WHERE actor_id IN (
    SELECT actor_id FROM listed_elsewhere WHERE host = :host ORDER BY actor_id LIMIT :limit)
RETURNING actor_id
"""

PROFILES = """
SELECT id FROM actors WHERE host = :host AND local = 0 AND findable IN ('members', 'nodes', 'public')
 ORDER BY id LIMIT :limit
"""


async def forget_node(tx: Transaction, host: str, limit: int) -> int:
    """Hold nobody of a node as listed, and no profile that it gave, not for fellow members either.

    A step: give how many that concerned; until that is nobody there may be more.
    """
    listed: list[ActorId] = await tx.values(FORGET_SOME, host=host, limit=limit)
    shown: list[ActorId] = await tx.values(PROFILES, host=host, limit=limit)
    gone = {*listed, *shown}
    for actor_id in sorted(gone):
        await actors.keep_card(tx, actor_id, fellows=True)
    return len(gone)


WANT = """
INSERT INTO directories (host, due_at) VALUES (:host, :now)
ON CONFLICT (host) DO UPDATE SET due_at = excluded.due_at
"""


async def want(tx: Transaction, host: str, now: datetime) -> None:
    """Have the directories of a node read at the next turn."""
    await tx.execute(WANT, host=host, now=now)


class Due(Row, frozen=True):
    """A node whose directories are to be read, and when that was last done in full."""

    host: str
    whole_at: datetime | None


DUE = "SELECT host, whole_at FROM directories WHERE due_at <= :now ORDER BY due_at LIMIT :limit"


async def due(read: Reader, now: datetime, limit: int) -> list[Due]:
    """Give the nodes whose directories are to be read by now, those that wait longest first."""
    return await read.all(Due, DUE, now=now, limit=limit)


PUT_OFF = "UPDATE directories SET due_at = :due_at WHERE host = :host AND due_at IS NOT NULL"

WHOLE = "UPDATE directories SET whole_at = :now WHERE host = :host"


async def put_off(tx: Transaction, host: str, due_at: datetime) -> None:
    """Have the directories of a node read later, unless they are not to be read any more."""
    await tx.execute(PUT_OFF, host=host, due_at=due_at)


async def whole(tx: Transaction, host: str, now: datetime) -> None:
    """Note that all of a node's directories was read."""
    await tx.execute(WHOLE, host=host, now=now)


STRANGE = """
SELECT p.host FROM peers AS p LEFT JOIN directories AS d ON d.host = p.host
 WHERE p.software = 'fedcop' AND p.standing <> 'hidden' AND (d.tried_at IS NULL OR d.tried_at <= :before)
   AND NOT EXISTS (SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.target_id
                    WHERE f.follower_id = :node_actor AND a.host = p.host AND f.state = 'accepted')
 ORDER BY d.tried_at IS NOT NULL, d.tried_at, p.host LIMIT :limit
"""


async def strange(read: Reader, node_actor: ActorId, before: datetime, limit: int) -> list[str]:
    """Give nodes of councils that do not let ours follow them, and were not asked to since a moment."""
    return await read.values(STRANGE, node_actor=node_actor, before=before, limit=limit)


TRIED = """
INSERT INTO directories (host, tried_at) VALUES (:host, :now)
ON CONFLICT (host) DO UPDATE SET tried_at = excluded.tried_at
"""


async def tried(tx: Transaction, host: str, now: datetime | None) -> None:
    """Note when a node was asked to let ours follow it; None: it is to be asked at the next turn."""
    await tx.execute(TRIED, host=host, now=now)


END = "DELETE FROM directories WHERE host = :host"


async def end(tx: Transaction, host: str) -> None:
    """Read the directories of a node no more, until it lets ours follow it anew."""
    await tx.execute(END, host=host)
