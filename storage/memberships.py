"""Who belongs to which community: the accepted follows of its actor, and the requests that wait.

Of a community of another node only the follows by people here are known; who else belongs to it is kept in
``members`` as its node lists them (decision 9), and ``rosters`` says when it was asked.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Roster(Row, frozen=True):
    """When a community's node was last asked for its members, and since when it refuses them."""

    community_id: ActorId
    asked_at: datetime
    refused_at: datetime | None


class Request(Row, frozen=True):
    """Somebody asks to join a community, or to follow a person who decides."""

    follow_id: int
    requester_id: ActorId
    target_id: ActorId
    uri: str
    body: bytes | None
    requested_at: datetime


_REQUEST = "f.id, f.follower_id, f.target_id, f.uri, f.body, f.requested_at"

IS_MEMBER = """
SELECT 1 FROM follows WHERE follower_id = :actor_id AND target_id = :community_id AND state = 'accepted'
"""


async def is_member(read: Reader, community_id: ActorId, actor_id: ActorId) -> bool:
    """Tell whether somebody is an accepted member of a community."""
    return await read.value(IS_MEMBER, community_id=community_id, actor_id=actor_id) is not None


REQUESTS = f"""
SELECT {_REQUEST} FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :community_id AND f.state = 'requested' AND {visible.ACTOR}
 ORDER BY f.id
"""


async def requests(read: Reader, viewer: Viewer, community_id: ActorId) -> list[Request]:
    """Give the requests to join a community, oldest first."""
    return await read.all(Request, REQUESTS, community_id=community_id, **visible.parameters(viewer))


# Requests that a person may decide: those to join what they facilitate here, or that a community elsewhere
# lets them decide (storage.offers), and those to follow them.
_DECIDED_BY = """
f.state = 'requested' AND (f.target_id = :decider_id OR f.target_id IN (
    SELECT p.community_id FROM facilitators AS p JOIN actors AS g ON g.id = p.community_id AND g.local = 1
     WHERE p.actor_id = :decider_id) OR f.id IN (
    SELECT w.id FROM offers AS h
      JOIN follows AS w ON w.follower_id = h.requester_id AND w.target_id = h.community_id
     WHERE h.facilitator_id = :decider_id))
"""

REQUESTS_FOR = f"""
-- One line for each requester, of the oldest request.
SELECT {actors.COLUMNS}, f.id FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE {_DECIDED_BY}
   AND NOT EXISTS (SELECT 1 FROM follows AS o WHERE o.follower_id = f.follower_id AND o.id < f.id
                      AND {_DECIDED_BY.replace("f.", "o.")})
   AND {visible.ACTOR} AND {pages.where("f.id")}
"""


async def requests_for(
    read: Reader, viewer: Viewer, decider_id: ActorId, page: Page
) -> list[tuple[int, Actor]]:
    """Give who waits for a person's decision, each once, with the id of their oldest request."""
    rows = await read.all(
        Listed,
        pages.text(REQUESTS_FOR, page),
        decider_id=decider_id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


OLDEST_REQUEST = f"""
SELECT {_REQUEST} FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE {_DECIDED_BY} AND f.follower_id = :requester_id AND (:target_id IS NULL OR f.target_id = :target_id)
   AND {visible.ACTOR}
 ORDER BY f.id LIMIT 1
"""


async def oldest_request(
    read: Reader,
    viewer: Viewer,
    decider_id: ActorId,
    requester_id: ActorId,
    target_id: ActorId | None = None,
) -> Request | None:
    """Give the oldest request of somebody that a person may decide; of one community if it is named."""
    return await read.one(
        Request,
        OLDEST_REQUEST,
        decider_id=decider_id,
        requester_id=requester_id,
        target_id=target_id,
        **visible.parameters(viewer),
    )


MEMBERS_COUNT = f"""
SELECT COUNT(*) FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :community_id AND f.state = 'accepted' AND {visible.ACTOR}
"""


async def members_count(read: Reader, viewer: Viewer, community_id: ActorId) -> int:
    """Count the members of a community."""
    return int(await read.value(MEMBERS_COUNT, community_id=community_id, **visible.parameters(viewer)))


# What a reader takes at once; nobody reads longer lists.
MOST_LISTED = 2000

URIS = f"""
SELECT a.uri FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :community_id AND f.state = 'accepted' AND a.state = 'active' AND {visible.ACTOR}
 ORDER BY f.id LIMIT :most
"""


async def uris(read: Reader, viewer: Viewer, community_id: ActorId) -> list[str]:
    """Give the ids on the network of the members of a community, who joined first first."""
    return await read.values(URIS, community_id=community_id, most=MOST_LISTED, **visible.parameters(viewer))


URIS_AT = f"""
SELECT a.uri FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :actor_id AND f.state = 'accepted' AND a.host = :host AND a.state <> 'deleted'
   AND {visible.ACTOR}
 ORDER BY a.uri
"""


async def uris_at(read: Reader, viewer: Viewer, actor_id: ActorId, host: str) -> list[str]:
    """Give the ids of those at one host who follow a person or belong to a community."""
    return await read.values(URIS_AT, actor_id=actor_id, host=host, **visible.parameters(viewer))


HAS_MEMBER_AT = """
SELECT 1 WHERE EXISTS (
    SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
     WHERE f.target_id = :community_id AND f.state = 'accepted' AND a.host = :host AND a.state = 'active'
) OR EXISTS (SELECT 1 FROM members AS m WHERE m.community_id = :community_id AND m.host = :host)
"""


async def has_member_at(read: Reader, community_id: ActorId, host: str) -> bool:
    """Tell whether a community has an accepted member at a host, who was not suspended."""
    return await read.value(HAS_MEMBER_AT, community_id=community_id, host=host) is not None


WAS_LEFT = """
SELECT 1 FROM actors AS g
 WHERE g.id = :community_id AND g.type = 'Group' AND NOT EXISTS (
    SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
     WHERE f.target_id = g.id AND f.state = 'accepted' AND a.host = :host AND a.state = 'active')
"""


async def was_left(read: Reader, community_id: ActorId, host: str) -> bool:
    """Tell whether a community of ours has no member at a host: what still waits for it is not sent."""
    return await read.value(WAS_LEFT, community_id=community_id, host=host) is not None


KNOWS_MEMBER = """
SELECT 1 WHERE EXISTS (
    SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
     WHERE f.target_id = :community_id AND f.state = 'accepted' AND a.uri = :uri
) OR EXISTS (SELECT 1 FROM members AS m WHERE m.community_id = :community_id AND m.uri = :uri)
"""


async def knows_member(read: Reader, community_id: ActorId, uri: str) -> bool:
    """Tell whether somebody is known to belong to a community, by their id; of any node."""
    return await read.value(KNOWS_MEMBER, community_id=community_id, uri=uri) is not None


SHARED_WITH = """
SELECT g.uri FROM follows AS mine
  JOIN actors AS g ON g.id = mine.target_id AND g.type = 'Group'
 WHERE mine.follower_id = :actor_id AND mine.state = 'accepted' AND (
    EXISTS (SELECT 1 FROM follows AS theirs JOIN actors AS a ON a.id = theirs.follower_id
             WHERE theirs.target_id = g.id AND theirs.state = 'accepted' AND a.host = :host)
    OR EXISTS (SELECT 1 FROM members AS m WHERE m.host = :host AND m.community_id = g.id))
 ORDER BY g.id LIMIT :limit
"""
MOST_SHARED = 50


async def shared_with(read: Reader, actor_id: ActorId, host: str) -> list[str]:
    """Give the ids of communities in which somebody at a host is a fellow member of a person, the oldest."""
    return await read.values(SHARED_WITH, actor_id=actor_id, host=host, limit=MOST_SHARED)


ROSTER = "SELECT community_id, asked_at, refused_at FROM rosters WHERE community_id = :community_id"


async def roster(read: Reader, community_id: ActorId) -> Roster | None:
    """Give when the members of a community of another node were asked for; None if never."""
    return await read.one(Roster, ROSTER, community_id=community_id)


ASKED = """
INSERT INTO rosters (community_id, asked_at) VALUES (:community_id, :now)
ON CONFLICT (community_id) DO UPDATE SET asked_at = excluded.asked_at
"""


async def asked(tx: Transaction, community_id: ActorId, now: datetime) -> None:
    """Note that a community's node was asked for its members."""
    await tx.execute(ASKED, community_id=community_id, now=now)


REFUSED = "UPDATE rosters SET refused_at = COALESCE(refused_at, :now) WHERE community_id = :community_id"


async def refused(tx: Transaction, community_id: ActorId, now: datetime) -> None:
    """Note that a community's node does not tell us, so counts us no more among those with a member."""
    await tx.execute(REFUSED, community_id=community_id, now=now)


FORGET_MEMBERS = """
DELETE FROM members
 WHERE community_id = :community_id AND uri NOT IN (SELECT value ->> 0 FROM json_each(:members))
"""

ADD_MEMBERS = """
INSERT INTO members (community_id, uri, host)
SELECT :community_id, value ->> 0, value ->> 1 FROM json_each(:members) WHERE true
ON CONFLICT (community_id, uri) DO NOTHING
"""

GIVEN = "UPDATE rosters SET refused_at = NULL WHERE community_id = :community_id"


async def set_members(tx: Transaction, community_id: ActorId, members: Sequence[tuple[str, str]]) -> None:
    """Keep who belongs to a community of another node, as ids and hosts, and nobody else."""
    listed = json.dumps(members)
    await tx.execute(FORGET_MEMBERS, community_id=community_id, members=listed)
    await tx.execute(ADD_MEMBERS, community_id=community_id, members=listed)
    await tx.execute(GIVEN, community_id=community_id)


async def add_member(tx: Transaction, community_id: ActorId, uri: str, host: str) -> None:
    """Keep one more member of a community of another node."""
    await tx.execute(ADD_MEMBERS, community_id=community_id, members=json.dumps([(uri, host)]))


TO_ASK = """
-- From the people here outwards: CROSS JOIN keeps the order of the loops.
SELECT DISTINCT g.id FROM actors AS w
 CROSS JOIN follows AS f CROSS JOIN actors AS g
  LEFT JOIN rosters AS r ON r.community_id = g.id
 WHERE w.type = 'Person' AND w.state = 'active' AND w.local = 1
   AND f.follower_id = w.id AND f.state = 'accepted'
   AND g.id = f.target_id AND g.type = 'Group' AND g.local = 0 AND g.state = 'active'
   AND (r.asked_at IS NULL OR r.asked_at <= :before)
 ORDER BY g.id LIMIT :limit
"""


async def to_ask(read: Reader, before: datetime, limit: int) -> list[ActorId]:
    """Give communities of other nodes with a member here that were not asked for theirs since a moment."""
    return await read.values(TO_ASK, before=before, limit=limit)


REQUESTS_COUNT = f"""
SELECT COUNT(DISTINCT f.follower_id) FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE {_DECIDED_BY} AND {visible.ACTOR}
"""


async def requests_count(read: Reader, viewer: Viewer, decider_id: ActorId) -> int:
    """Count the people who wait for somebody's decision."""
    return int(await read.value(REQUESTS_COUNT, decider_id=decider_id, **visible.parameters(viewer)))


JOINED = f"""
SELECT {actors.COLUMNS} FROM follows AS f CROSS JOIN actors AS a
 WHERE f.follower_id = :actor_id AND f.state = 'accepted' AND a.id = f.target_id AND a.type = 'Group'
   AND a.state = 'active' AND {visible.ACTOR} AND {visible.MEMBERSHIP}
 ORDER BY LOWER(a.display_name), a.id LIMIT 200
"""


async def joined(read: Reader, viewer: Viewer, actor_id: ActorId) -> list[Actor]:
    """Give the communities, at most 200, to which somebody belongs, by name."""
    return await read.all(Actor, JOINED, actor_id=actor_id, **visible.parameters(viewer))
