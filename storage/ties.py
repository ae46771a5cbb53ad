"""What ties this node to other hosts: counted before the list is narrowed, to tell what that ends."""

from collections.abc import Sequence

from storage import visible
from storage.engine import Reader
from storage.row import Row, array_of
from storage.visible import Viewer


class Ties(Row, frozen=True):
    """What is between this node and a host: how many of each.

    ``people`` and ``communities`` of the host are known here; ``follows`` (of people) and ``memberships`` go
    either way, asked for or accepted; ``posts`` are held here; ``deliveries`` wait for it.
    """

    host: str
    people: int
    communities: int
    follows: int
    memberships: int
    posts: int
    deliveries: int


_BETWEEN = """
(SELECT COUNT(*) FROM actors AS a JOIN follows AS f ON f.follower_id = a.id
                          JOIN actors AS t ON t.id = f.target_id
  WHERE a.host = h.value AND a.local = 0 AND {other} AND {visible})
+ (SELECT COUNT(*) FROM actors AS a JOIN follows AS f ON f.target_id = a.id
  WHERE a.host = h.value AND a.local = 0 AND {own} AND {visible})
"""

WITH_HOSTS = f"""
SELECT h.value,
       (SELECT COUNT(*) FROM actors AS a
         WHERE a.host = h.value AND a.local = 0 AND a.type <> 'Group' AND a.state <> 'deleted'
           AND {visible.ACTOR}),
       (SELECT COUNT(*) FROM actors AS a
         WHERE a.host = h.value AND a.local = 0 AND a.type = 'Group' AND a.state <> 'deleted'
           AND {visible.ACTOR}),
       {_BETWEEN.format(other="t.type <> 'Group'", own="a.type <> 'Group'", visible=visible.ACTOR)},
       {_BETWEEN.format(other="t.type = 'Group'", own="a.type = 'Group'", visible=visible.ACTOR)},
       (SELECT COUNT(*) FROM actors AS w JOIN posts AS p ON p.author_id = w.id
         WHERE w.host = h.value AND w.local = 0 AND p.removed_at IS NULL AND {visible.POST}),
       (SELECT COUNT(*) FROM deliveries AS d WHERE d.host = h.value)
  FROM json_each(:hosts) AS h ORDER BY h.value
"""


async def with_hosts(read: Reader, viewer: Viewer, hosts: Sequence[str]) -> tuple[Ties, ...]:
    """Give what is between this node and each of some hosts, by host."""
    rows = await read.all(Ties, WITH_HOSTS, hosts=array_of(hosts), **visible.parameters(viewer))
    return tuple(rows)
