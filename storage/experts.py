"""Who may know of what an ask needs: who offers it or works in it, and whose answers were accepted.

    people = await experts.offering(read, services, functions)
    helped = await experts.helped(read, services, community_id)
    found = await experts.of(read, SYSTEM, [*people, *helped], community_id=..., asker_id=...)

Whom of them to ask is decided elsewhere (``fedcop.knowledge.route``); nobody is shown what is read here.
"""

from collections.abc import Iterable, Sequence

from storage import visible
from storage.engine import Reader
from storage.ids import ActorId
from storage.row import Row, array_of
from storage.visible import Viewer

MOST = 500


class Expert(Row, frozen=True):
    """Somebody who may know; ``blocked``: by the asker, or the other way round."""

    actor_id: ActorId
    host: str
    practice: str
    member: bool
    blocked: bool


class _Helper(Row, frozen=True):
    actor_id: ActorId
    times: int


OFFERING = """
SELECT t.actor_id FROM practice_terms AS t
 WHERE t.kind IN ('offers', 'area') AND t.term IN (
    SELECT value FROM json_each(:ids)
    UNION SELECT s.id FROM services AS s WHERE s.function IN (SELECT value FROM json_each(:functions)))
 GROUP BY t.actor_id ORDER BY t.actor_id LIMIT :most
"""


async def offering(read: Reader, services: Iterable[str], functions: Iterable[str]) -> list[ActorId]:
    """Give whom may be asked about services, or about others of the same functions."""
    functions = list(functions)
    ids = array_of([*services, *functions])
    return await read.values(OFFERING, ids=ids, functions=array_of(functions), most=MOST)


HELPED = """
-- By what the ask is about, or, where it does not say, by where it was asked.
SELECT r.author_id, COUNT(*) FROM accepted_answers AS c JOIN posts AS r ON r.id = c.post_id
 WHERE c.ask_id IN (
    SELECT x.post_id FROM ask_services AS x WHERE x.service_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT k.post_id FROM asks AS k WHERE k.community_id = :community_id AND k.state = 'resolved')
 GROUP BY r.author_id ORDER BY 2 DESC LIMIT :most
"""


async def helped(read: Reader, services: Sequence[str], community_id: ActorId) -> dict[ActorId, int]:
    """Give whose answers were accepted about services, and how many; without services, in a community."""
    rows = await read.all(
        _Helper,
        HELPED,
        ids=array_of(services),
        community_id=None if services else community_id,
        most=MOST,
    )
    return {row.actor_id: row.times for row in rows}


OF = f"""
-- Who hides is asked by nobody but the communities that they belong to.
SELECT a.id, a.host, a.practice,
       EXISTS (SELECT 1 FROM follows AS f WHERE f.follower_id = a.id AND f.target_id = :community_id
                  AND f.state = 'accepted') AS member,
       EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = a.id AND b.target_id IN (:asker_id, :community_id)
                   OR b.actor_id = :asker_id AND b.target_id = a.id)
  FROM actors AS a
 WHERE a.id IN (SELECT value FROM json_each(:ids)) AND a.type = 'Person' AND a.state = 'active'
   AND a.moved_to IS NULL AND {visible.ACTOR}
   AND (a.findable <> 'hidden' OR EXISTS (
        SELECT 1 FROM follows AS f WHERE f.follower_id = a.id AND f.target_id = :community_id
           AND f.state = 'accepted'))
   AND NOT EXISTS (SELECT 1 FROM bans AS n WHERE n.community_id = :community_id AND n.actor_id = a.id)
 ORDER BY a.id
"""


async def of(
    read: Reader, viewer: Viewer, people: Iterable[ActorId], *, community_id: ActorId, asker_id: ActorId
) -> list[Expert]:
    """Give those of some people who could be asked something of a community, as they stand to it."""
    return await read.all(
        Expert,
        OF,
        ids=array_of(people),
        community_id=community_id,
        asker_id=asker_id,
        **visible.parameters(viewer),
    )
