"""Who follows whom; a follow of a community is a membership.

Nothing is believed of a follow before it is accepted (decision 11). The counts on actors are of accepted
follows, and change with the row.
"""

import json
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import actors, pages, search_rows, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Follow(Row, frozen=True):
    """One row of follows; ``body`` is the Follow as received, echoed in its Accept."""

    id: int
    follower_id: ActorId
    target_id: ActorId
    state: str
    uri: str
    body: bytes | None
    reblogs: bool
    notify: bool
    requested_at: datetime
    accepted_at: datetime | None


class Relationship(Row, frozen=True):
    """How a person stands to another actor."""

    actor_id: ActorId
    following: bool
    requested: bool
    showing_reblogs: bool
    notifying: bool
    followed_by: bool
    requested_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    mute_until: datetime | None
    remark: str
    host_muted: bool
    endorsed: bool


class NewFollow(msgspec.Struct, frozen=True, kw_only=True):
    """A follow to be stored; with ``accepted_at`` it holds at once."""

    id: int
    follower_id: ActorId
    target_id: ActorId
    uri: str
    body: bytes | None = None
    reblogs: bool = True
    notify: bool = False
    requested_at: datetime
    accepted_at: datetime | None = None


_NAMES = Follow.__struct_fields__
_COLUMNS = ", ".join(f"f.{name}" for name in _NAMES)

COUNT_FOLLOWERS = "UPDATE actors SET followers_count = followers_count + :by WHERE id = :target_id"
COUNT_FOLLOWING = "UPDATE actors SET following_count = following_count + :by WHERE id = :follower_id"


async def _count(tx: Transaction, follower_id: ActorId, target_id: ActorId, by: int) -> None:
    await tx.execute(COUNT_FOLLOWERS, target_id=target_id, by=by)
    await tx.execute(COUNT_FOLLOWING, follower_id=follower_id, by=by)


PUT = f"""
-- A Follow sent again brings its new id, under which it may be answered; what was accepted stays so.
INSERT INTO follows AS f ({", ".join(_NAMES)})
VALUES (:id, :follower_id, :target_id, :state, :uri, :body, :reblogs, :notify, :requested_at, :accepted_at)
ON CONFLICT (follower_id, target_id) DO UPDATE
   SET uri = excluded.uri, body = excluded.body, reblogs = excluded.reblogs, notify = excluded.notify,
       state = CASE f.state WHEN 'accepted' THEN f.state ELSE excluded.state END,
       accepted_at = COALESCE(f.accepted_at, excluded.accepted_at)
RETURNING {", ".join(_NAMES)}
"""


async def add(tx: Transaction, new: NewFollow) -> Follow:
    """Store a follow, requested or accepted at once, and give it as it stands."""
    before = await find(tx, new.follower_id, new.target_id)
    state = "requested" if new.accepted_at is None else "accepted"
    (follow,) = await tx.all(Follow, PUT, state=state, **msgspec.structs.asdict(new))
    if follow.state == "accepted" and (before is None or before.state != "accepted"):
        await _count(tx, new.follower_id, new.target_id, 1)
        await search_rows.put_member(tx, new.follower_id, new.target_id)
    return follow


FIND = f"SELECT {_COLUMNS} FROM follows AS f WHERE f.follower_id = :follower_id AND f.target_id = :target_id"


async def find(read: Reader, follower_id: ActorId, target_id: ActorId) -> Follow | None:
    """Give the follow between two actors, whatever its state."""
    return await read.one(Follow, FIND, follower_id=follower_id, target_id=target_id)


FIND_BY_URI = f"SELECT {_COLUMNS} FROM follows AS f WHERE f.uri = :uri"


async def find_by_uri(read: Reader, uri: str) -> Follow | None:
    """Give a follow by the id of its Follow."""
    return await read.one(Follow, FIND_BY_URI, uri=uri)


ACCEPT = """
UPDATE follows SET state = 'accepted', accepted_at = :now
 WHERE follower_id = :follower_id AND target_id = :target_id AND state = 'requested'
"""


async def accept(tx: Transaction, follower_id: ActorId, target_id: ActorId, now: datetime) -> bool:
    """Turn a request into a follow; tell whether there was one waiting."""
    if not await tx.execute(ACCEPT, follower_id=follower_id, target_id=target_id, now=now):
        return False
    await _count(tx, follower_id, target_id, 1)
    await search_rows.put_member(tx, follower_id, target_id)
    return True


REMOVE = f"""
DELETE FROM follows WHERE follower_id = :follower_id AND target_id = :target_id RETURNING {", ".join(_NAMES)}
"""

UNTELL = """
-- Of a community its facilitators are told, and the target says of which; of a person the person.
DELETE FROM notifications
 WHERE type IN ('follow', 'follow_request') AND by_actor = :follower_id
   AND COALESCE(target_id, actor_id) = :target_id
"""


async def remove(tx: Transaction, follower_id: ActorId, target_id: ActorId) -> Follow | None:
    """End a follow or a request, and give what it was.

    Who was told of it is told no more, as on Mastodon: whoever follows again later is news again.
    """
    gone = await tx.one(Follow, REMOVE, follower_id=follower_id, target_id=target_id)
    if gone is not None:
        await tx.execute(UNTELL, follower_id=follower_id, target_id=target_id)
    if gone is not None and gone.state == "accepted":
        await _count(tx, follower_id, target_id, -1)
        await search_rows.put_member(tx, follower_id, target_id)
    return gone


SET_OPTIONS = """
UPDATE follows SET reblogs = COALESCE(:reblogs, reblogs), notify = COALESCE(:notify, notify)
 WHERE follower_id = :follower_id AND target_id = :target_id
"""


async def set_options(
    tx: Transaction,
    follower_id: ActorId,
    target_id: ActorId,
    *,
    reblogs: bool | None = None,
    notify: bool | None = None,
) -> None:
    """Set whether boosts are shown and posts notified; None leaves it as it is."""
    await tx.execute(
        SET_OPTIONS, follower_id=follower_id, target_id=target_id, reblogs=reblogs, notify=notify
    )


_ENDS_OF = f"""
SELECT {_COLUMNS} FROM follows AS f WHERE f.follower_id = :actor_id OR f.target_id = :actor_id ORDER BY f.id
"""


async def of_actor(read: Reader, actor_id: ActorId) -> list[Follow]:
    """Give every follow by or of an actor, whatever its state."""
    return await read.all(Follow, _ENDS_OF, actor_id=actor_id)


# Whoever keeps to themself whom they follow, and who follows them, sees both alone.
_TOLD = """NOT EXISTS (
    SELECT 1 FROM actors AS h WHERE h.id = :actor_id AND h.hides_follows = 1 AND h.id <> :viewer_actor
       AND :viewer_kind <> 'system')"""

FOLLOWERS = f"""
SELECT {actors.COLUMNS}, f.id FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :actor_id AND f.state = 'accepted' AND {visible.ACTOR} AND {visible.MEMBERSHIP}
   AND {_TOLD}
   AND {pages.where("f.id")}
"""


async def followers(read: Reader, viewer: Viewer, actor_id: ActorId, page: Page) -> list[tuple[int, Actor]]:
    """Give who follows an actor, the latest first, each with the id of the follow."""
    return await _listed(read, FOLLOWERS, viewer, actor_id, page)


FOLLOWING = f"""
SELECT {actors.COLUMNS}, f.id FROM follows AS f JOIN actors AS a ON a.id = f.target_id
 WHERE f.follower_id = :actor_id AND f.state = 'accepted' AND {visible.ACTOR} AND {visible.MEMBERSHIP}
   AND {_TOLD}
   AND {pages.where("f.id")}
"""


async def following(read: Reader, viewer: Viewer, actor_id: ActorId, page: Page) -> list[tuple[int, Actor]]:
    """Give whom an actor follows, the latest first, each with the id of the follow."""
    return await _listed(read, FOLLOWING, viewer, actor_id, page)


async def _listed(
    read: Reader, sql: str, viewer: Viewer, actor_id: ActorId, page: Page
) -> list[tuple[int, Actor]]:
    rows = await read.all(
        Listed,
        pages.text(sql, page),
        actor_id=actor_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


RELATIONSHIPS = f"""
SELECT a.id,
       COALESCE(f.state = 'accepted', FALSE), COALESCE(f.state = 'requested', FALSE),
       COALESCE(f.state = 'accepted' AND f.reblogs = 1, FALSE),
       COALESCE(f.state = 'accepted' AND f.notify = 1, FALSE),
       COALESCE(b.state = 'accepted', FALSE), COALESCE(b.state = 'requested', FALSE),
       blocking.actor_id IS NOT NULL, blocked.actor_id IS NOT NULL,
       m.actor_id IS NOT NULL, COALESCE(m.notifications, 0), m.until, COALESCE(r.text, ''),
       EXISTS (SELECT 1 FROM muted_hosts AS h WHERE h.actor_id = :me AND h.host = a.host),
       COALESCE(f.state = 'accepted', FALSE)
       AND EXISTS (SELECT 1 FROM endorsements AS n WHERE n.actor_id = :me AND n.target_id = a.id)
  FROM actors AS a
  LEFT JOIN follows AS f ON f.follower_id = :me AND f.target_id = a.id
  LEFT JOIN follows AS b ON b.follower_id = a.id AND b.target_id = :me
  LEFT JOIN blocks AS blocking ON blocking.actor_id = :me AND blocking.target_id = a.id
  LEFT JOIN blocks AS blocked ON blocked.actor_id = a.id AND blocked.target_id = :me
  LEFT JOIN mutes AS m ON m.actor_id = :me AND m.target_id = a.id AND (m.until IS NULL OR m.until > :now)
  LEFT JOIN remarks AS r ON r.actor_id = :me AND r.target_id = a.id
 WHERE a.id IN (SELECT value FROM json_each(:ids)) AND {visible.ACTOR}
"""


async def relationships(
    read: Reader, viewer: Viewer, me: ActorId, ids: Sequence[int], now: datetime
) -> list[Relationship]:
    """Give how a person stands to each of some actors, in the order of ``ids``."""
    rows = await read.all(
        Relationship, RELATIONSHIPS, me=me, ids=json.dumps(list(ids)), now=now, **visible.parameters(viewer)
    )
    found = {row.actor_id: row for row in rows}
    return [found[actor_id] for actor_id in dict.fromkeys(map(ActorId, ids)) if actor_id in found]


INBOXES_OF_FOLLOWERS = """
-- A host that was never asked for its NodeInfo is of unknown kind.
SELECT DISTINCT a.host, COALESCE(a.shared_inbox, a.inbox)
  FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
  LEFT JOIN peers AS p ON p.host = a.host
 WHERE f.target_id = :actor_id AND f.state = 'accepted' AND a.local = 0 AND a.state <> 'deleted'
   AND (:kinds IS NULL OR COALESCE(p.kind, 'unknown') IN (SELECT value FROM json_each(:kinds)))
 ORDER BY 1, 2
"""


async def inboxes_of_followers(
    read: Reader, actor_id: ActorId, kinds: tuple[str, ...] | None = None
) -> list[tuple[str, str]]:
    """Give host and inbox of an actor's followers elsewhere, each once; of peers of ``kinds``, if given."""
    return await read.all(
        tuple[str, str],
        INBOXES_OF_FOLLOWERS,
        actor_id=actor_id,
        kinds=None if kinds is None else json.dumps(kinds),
    )


class Ending(Row, frozen=True):
    """A follow that ends with all others between this node and a host."""

    follower_id: ActorId
    target_id: ActorId
    host: str
    what: str
    detail: str


WITH_HOSTS = """
SELECT f.follower_id, f.target_id,
       CASE WHEN t.local = 0 AND t.host IN (SELECT value FROM json_each(:hosts)) THEN t.host ELSE w.host END,
       CASE t.type WHEN 'Group' THEN 'membership' ELSE 'follow' END,
       '@' || w.handle || '@' || w.domain || ' of @' || t.handle || '@' || t.domain
  FROM follows AS f JOIN actors AS w ON w.id = f.follower_id JOIN actors AS t ON t.id = f.target_id
 WHERE (w.local = 0 AND w.host IN (SELECT value FROM json_each(:hosts)))
    OR (t.local = 0 AND t.host IN (SELECT value FROM json_each(:hosts)))
 ORDER BY f.id
"""

END_BETWEEN = "DELETE FROM follows WHERE follower_id = :follower_id AND target_id = :target_id"

RECOUNT = """
UPDATE actors
   SET followers_count = (SELECT COUNT(*) FROM follows WHERE target_id = actors.id AND state = 'accepted'),
       following_count = (SELECT COUNT(*) FROM follows WHERE follower_id = actors.id AND state = 'accepted')
 WHERE id IN (SELECT value FROM json_each(:ids))
"""


async def end_with_hosts(tx: Transaction, hosts: Sequence[str]) -> list[Ending]:
    """End every follow and request, both ways, between this node and some hosts; give what ended."""
    endings = await tx.all(Ending, WITH_HOSTS, hosts=json.dumps(list(hosts)))
    await tx.many(
        END_BETWEEN, [{"follower_id": one.follower_id, "target_id": one.target_id} for one in endings]
    )
    touched = {one.follower_id for one in endings} | {one.target_id for one in endings}
    await tx.execute(RECOUNT, ids=json.dumps(sorted(touched)))
    for one in endings:
        await search_rows.put_member(tx, one.follower_id, one.target_id)
    return endings


WATCHERS = """
SELECT DISTINCT f.follower_id FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id IN (SELECT value FROM json_each(:ids)) AND f.state = 'accepted' AND f.notify = 1
   AND a.local = 1 AND a.state = 'active'
 ORDER BY 1
"""


async def watchers(read: Reader, ids: Sequence[int]) -> list[ActorId]:
    """Give who of this node asked to be told of each post of some people and communities."""
    return await read.values(WATCHERS, ids=json.dumps(list(ids)))
