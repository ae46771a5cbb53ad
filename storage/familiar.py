"""Who of those whom a person follows follows somebody else, too."""

import json
from collections import defaultdict
from collections.abc import Sequence

from storage import actors, visible
from storage.actors import Actor, Listed
from storage.engine import Reader
from storage.ids import ActorId
from storage.visible import Viewer

MOST = 400

FOLLOWERS = f"""
SELECT {actors.COLUMNS}, f.target_id
  FROM follows AS f
  JOIN follows AS g ON g.target_id = f.follower_id AND g.follower_id = :me AND g.state = 'accepted'
  JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id IN (SELECT value FROM json_each(:ids)) AND f.state = 'accepted' AND a.state = 'active'
   AND a.hides_follows = 0
   AND NOT EXISTS (SELECT 1 FROM actors AS h WHERE h.id = f.target_id AND h.hides_follows = 1)
   AND {visible.ACTOR} AND {visible.MEMBERSHIP}
 ORDER BY a.id LIMIT :most
"""


async def followers(read: Reader, viewer: Viewer, me: ActorId, ids: Sequence[int]) -> dict[int, list[Actor]]:
    """Give the familiar followers of each of some accounts, by the account's id."""
    rows = await read.all(
        Listed, FOLLOWERS, me=me, ids=json.dumps(list(ids)), most=MOST, **visible.parameters(viewer)
    )
    found: dict[int, list[Actor]] = defaultdict(list)
    for row in rows:
        found[row.row_id].append(row)
    return found
