"""What is true of communities beside their actor: how one joins, who facilitates, who is banned."""

from datetime import datetime

from storage import actors, invited, search_rows, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer


class Community(Row, frozen=True):
    """One row of communities; ``join_mode`` open, approval or invite, ``visibility`` public or members."""

    actor_id: ActorId
    join_mode: str
    visibility: str
    closed_at: datetime | None


class CommunityView(Row, frozen=True):
    """A community of this node as a list shows it."""

    actor_id: ActorId
    slug: str
    name: str
    uri: str
    join_mode: str
    visibility: str
    members: int


ADD = """
INSERT INTO communities (actor_id, join_mode, visibility) VALUES (:actor_id, :join_mode, :visibility)
ON CONFLICT (actor_id) DO UPDATE SET join_mode = excluded.join_mode, visibility = excluded.visibility
"""


async def add(tx: Transaction, actor_id: ActorId, *, join_mode: str, visibility: str) -> None:
    """Store how one joins a community and who may read it; a peer's as its document says."""
    await tx.execute(ADD, actor_id=actor_id, join_mode=join_mode, visibility=visibility)


FIND = f"""
SELECT m.actor_id, m.join_mode, m.visibility, m.closed_at
  FROM communities AS m JOIN actors AS a ON a.id = m.actor_id
 WHERE m.actor_id = :actor_id AND {visible.ACTOR}
"""


async def find(read: Reader, viewer: Viewer, actor_id: ActorId) -> Community | None:
    """Give a community by the row id of its actor."""
    return await read.one(Community, FIND, actor_id=actor_id, **visible.parameters(viewer))


ALL_LOCAL = f"""
SELECT a.id, a.handle, a.display_name, a.uri, m.join_mode, m.visibility, a.followers_count
  FROM communities AS m CROSS JOIN actors AS a
 WHERE a.id = m.actor_id AND a.local = 1 AND m.closed_at IS NULL AND {visible.ACTOR}
 ORDER BY a.handle
"""


async def all_local(read: Reader, viewer: Viewer) -> list[CommunityView]:
    """Give the open communities of this node, by slug."""
    return await read.all(CommunityView, ALL_LOCAL, **visible.parameters(viewer))


CLOSE = "UPDATE communities SET closed_at = :now WHERE actor_id = :actor_id AND closed_at IS NULL"


async def close(tx: Transaction, actor_id: ActorId, now: datetime) -> bool:
    """Close a community for good; tell whether that is new."""
    if not await tx.execute(CLOSE, actor_id=actor_id, now=now):
        return False
    await search_rows.put_actor(tx, actor_id)
    return True


FACILITATORS_OF = f"""
SELECT {actors.COLUMNS} FROM facilitators AS f JOIN actors AS a ON a.id = f.actor_id
 WHERE f.community_id = :community_id AND {visible.ACTOR}
 ORDER BY f.lead DESC, f.added_at, a.id
"""


async def facilitators_of(read: Reader, viewer: Viewer, community_id: ActorId) -> list[Actor]:
    """Give the facilitators of a community, the lead first."""
    return await read.all(Actor, FACILITATORS_OF, community_id=community_id, **visible.parameters(viewer))


ADD_FACILITATOR = """
INSERT INTO facilitators (community_id, actor_id, lead, added_at)
VALUES (:community_id, :actor_id, :lead, :now)
ON CONFLICT DO NOTHING
"""


async def add_facilitator(
    tx: Transaction, community_id: ActorId, actor_id: ActorId, *, lead: bool, now: datetime
) -> bool:
    """Make somebody a facilitator; tell whether that is new."""
    added = await tx.execute(
        ADD_FACILITATOR, community_id=community_id, actor_id=actor_id, lead=lead, now=now
    )
    return added > 0


REMOVE_FACILITATOR = """
-- Never the last one: somebody must be able to act.
DELETE FROM facilitators
 WHERE community_id = :community_id AND actor_id = :actor_id
   AND (SELECT COUNT(*) FROM facilitators WHERE community_id = :community_id) > 1
"""

PROMOTE = """
UPDATE facilitators SET lead = 1
 WHERE community_id = :community_id
   AND actor_id = (SELECT actor_id FROM facilitators WHERE community_id = :community_id
                    ORDER BY lead DESC, added_at, actor_id LIMIT 1)
"""


async def remove_facilitator(tx: Transaction, community_id: ActorId, actor_id: ActorId) -> bool:
    """End somebody's facilitating; False for the last one and for who is none. A lead's place is filled."""
    removed = await tx.execute(REMOVE_FACILITATOR, community_id=community_id, actor_id=actor_id)
    await tx.execute(PROMOTE, community_id=community_id)
    return removed > 0


CLEAR_FACILITATORS = "DELETE FROM facilitators WHERE community_id = :community_id"


async def set_facilitators(
    tx: Transaction, community_id: ActorId, actor_ids: list[ActorId], now: datetime
) -> None:
    """Store the facilitators of another node's community as that node lists them."""
    await tx.execute(CLEAR_FACILITATORS, community_id=community_id)
    for place, actor_id in enumerate(actor_ids):
        await add_facilitator(tx, community_id, actor_id, lead=place == 0, now=now)


IS_FACILITATOR = "SELECT 1 FROM facilitators WHERE community_id = :community_id AND actor_id = :actor_id"


async def is_facilitator(read: Reader, community_id: ActorId, actor_id: ActorId) -> bool:
    """Tell whether somebody facilitates a community."""
    return await read.value(IS_FACILITATOR, community_id=community_id, actor_id=actor_id) is not None


LISTED_AT = "SELECT MAX(added_at) FROM facilitators WHERE community_id = :community_id"


async def listed_at(read: Reader, community_id: ActorId) -> datetime | None:
    """Give when it was last learnt who facilitates a community; None when that is not known."""
    at: str | None = await read.value(LISTED_AT, community_id=community_id)
    return datetime.fromisoformat(at) if at is not None else None


FACILITATED_BY = """
SELECT community_id FROM facilitators WHERE actor_id = :actor_id ORDER BY community_id
"""


async def facilitated_by(read: Reader, actor_id: ActorId) -> list[ActorId]:
    """Give the communities that somebody facilitates."""
    return await read.values(FACILITATED_BY, actor_id=actor_id)


BAN = """
INSERT INTO bans (community_id, actor_id, by_actor, reason, until, banned_at)
VALUES (:community_id, :actor_id, :by_actor, :reason, :until, :now)
ON CONFLICT (community_id, actor_id) DO UPDATE
   SET by_actor = excluded.by_actor, reason = excluded.reason, until = excluded.until,
       banned_at = excluded.banned_at
"""


async def ban(
    tx: Transaction,
    community_id: ActorId,
    actor_id: ActorId,
    *,
    by_actor: ActorId | None,
    reason: str,
    until: datetime | None,
    now: datetime,
) -> None:
    """Ban somebody from a community, until a time or for good; an invitation to it is void."""
    await invited.remove(tx, community_id, actor_id)
    await tx.execute(
        BAN,
        community_id=community_id,
        actor_id=actor_id,
        by_actor=by_actor,
        reason=reason,
        until=until,
        now=now,
    )


UNBAN = "DELETE FROM bans WHERE community_id = :community_id AND actor_id = :actor_id"


async def unban(tx: Transaction, community_id: ActorId, actor_id: ActorId) -> bool:
    """Lift a ban; tell whether there was one."""
    return await tx.execute(UNBAN, community_id=community_id, actor_id=actor_id) > 0


IS_BANNED = """
SELECT 1 FROM bans
 WHERE community_id = :community_id AND actor_id = :actor_id AND (until IS NULL OR until > :now)
"""


async def is_banned(read: Reader, community_id: ActorId, actor_id: ActorId, now: datetime) -> bool:
    """Tell whether somebody is banned from a community at a time."""
    found = await read.value(IS_BANNED, community_id=community_id, actor_id=actor_id, now=now)
    return found is not None


GATED = "SELECT actor_id FROM communities WHERE join_mode <> 'open'"


async def gated(read: Reader) -> list[ActorId]:
    """Give the communities of this node that decide who joins."""
    return await read.values(GATED)
