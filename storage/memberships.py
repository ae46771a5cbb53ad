"""Who belongs to which community: the accepted follows of its actor, and the requests that wait."""

from datetime import datetime

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


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


# Requests that a person may decide: those to join what they facilitate here, and those to follow them.
_DECIDED_BY = """
f.state = 'requested' AND (f.target_id = :decider_id OR f.target_id IN (
    SELECT p.community_id FROM facilitators AS p JOIN actors AS g ON g.id = p.community_id AND g.local = 1
     WHERE p.actor_id = :decider_id))
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


HAS_MEMBER_AT = """
SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :community_id AND f.state = 'accepted' AND a.host = :host LIMIT 1
"""


async def has_member_at(read: Reader, community_id: ActorId, host: str) -> bool:
    """Tell whether a community has an accepted member at a host."""
    return await read.value(HAS_MEMBER_AT, community_id=community_id, host=host) is not None


SHARES_COMMUNITY = """
SELECT 1 FROM follows AS mine
  JOIN actors AS g ON g.id = mine.target_id AND g.type = 'Group'
  JOIN follows AS theirs ON theirs.target_id = g.id AND theirs.state = 'accepted'
  JOIN actors AS a ON a.id = theirs.follower_id AND a.host = :host
 WHERE mine.follower_id = :actor_id AND mine.state = 'accepted' LIMIT 1
"""


async def shares_community_with(read: Reader, actor_id: ActorId, host: str) -> bool:
    """Tell whether somebody at a host is a fellow member of a person in any community."""
    return await read.value(SHARES_COMMUNITY, actor_id=actor_id, host=host) is not None


REQUESTS_COUNT = f"""
SELECT COUNT(DISTINCT f.follower_id) FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE {_DECIDED_BY} AND {visible.ACTOR}
"""


async def requests_count(read: Reader, viewer: Viewer, decider_id: ActorId) -> int:
    """Count the people who wait for somebody's decision."""
    return int(await read.value(REQUESTS_COUNT, decider_id=decider_id, **visible.parameters(viewer)))
