"""People and communities that somebody may come across: the directory of a node, and suggestions.

Who is listed follows what each chose (decision 12 of the design): "allowed nodes" and "public" for everybody
signed in here; "my council" for colleagues; "fellow members" for those who share a community; to strangers
"public" alone. A community that only its members read is not listed, and neither is one that is closed.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import actors, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.practices import Kind
from storage.row import array_of
from storage.visible import Viewer

LISTED = """
a.state = 'active' AND a.moved_to IS NULL AND a.type IN ('Person', 'Group')
AND CASE
    WHEN a.type = 'Group' THEN a.approves = 0 AND a.findable IN ('nodes', 'public') AND NOT EXISTS (
        SELECT 1 FROM communities AS l_c WHERE l_c.actor_id = a.id AND l_c.closed_at IS NOT NULL)
    WHEN a.findable = 'public' THEN TRUE
    WHEN :viewer_kind <> 'person' THEN FALSE
    WHEN a.findable = 'nodes' THEN TRUE
    WHEN a.findable = 'council' THEN a.local = 1
    ELSE a.findable = 'members' AND a.local = 1 AND EXISTS (
        SELECT 1 FROM follows AS l_f
          JOIN follows AS l_g ON l_g.follower_id = :viewer_actor AND l_g.state = 'accepted'
           AND l_g.target_id = l_f.target_id
          JOIN actors AS l_t ON l_t.id = l_f.target_id AND l_t.type = 'Group'
         WHERE l_f.follower_id = a.id AND l_f.state = 'accepted')
    END"""

DIRECTORY = f"""
SELECT {actors.COLUMNS} FROM actors AS a
 WHERE {LISTED} AND (:local = 0 OR a.local = 1) AND {visible.ACTOR}
 ORDER BY CASE WHEN :newest = 1 THEN a.created_at ELSE COALESCE(a.last_post_at, '') END DESC, a.id DESC
 LIMIT :limit OFFSET :skipped
"""


async def directory(
    read: Reader, viewer: Viewer, *, newest: bool, local: bool, skipped: int, limit: int
) -> list[Actor]:
    """Give who is listed: whoever wrote last comes first, or with ``newest`` whoever came last."""
    return await read.all(
        Actor,
        DIRECTORY,
        newest=int(newest),
        local=int(local),
        skipped=skipped,
        limit=limit,
        **visible.parameters(viewer),
    )


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which people: with one of some services as ``kind`` says, of hosts; None asks for all.

    ``hosts`` are of one council alone; people of ``shared`` hosts have to say that it is ``council``.
    """

    kind: Kind = "offers"
    services: Sequence[str] | None = None
    council: str = ""
    hosts: Sequence[str] = ()
    shared: Sequence[str] = ()


PEOPLE = f"""
-- Whoever wrote last comes first.
SELECT {actors.COLUMNS} FROM actors AS a
 WHERE {LISTED} AND a.type = 'Person' AND {visible.ACTOR}
   AND (:any_service = 1 OR EXISTS (
        SELECT 1 FROM practice_terms AS t
         WHERE t.kind = :kind AND t.actor_id = a.id AND t.term IN (SELECT value FROM json_each(:any_of))))
   AND (:council = '' OR a.host IN (SELECT value FROM json_each(:all_of)) OR (
        a.host IN (SELECT value FROM json_each(:none_of)) AND EXISTS (
        SELECT 1 FROM practice_terms AS t
         WHERE t.kind = 'council' AND t.term = :council AND t.actor_id = a.id)))
 ORDER BY COALESCE(a.last_post_at, '') DESC, a.id DESC LIMIT :limit OFFSET :skipped
"""


async def people(read: Reader, viewer: Viewer, wanted: Wanted, *, skipped: int, limit: int) -> list[Actor]:
    """Give the people among those who are listed that somebody looks for."""
    return await read.all(
        Actor,
        PEOPLE,
        kind=wanted.kind,
        any_service=int(wanted.services is None),
        any_of=array_of(wanted.services or ()),
        council=wanted.council,
        all_of=array_of(wanted.hosts),
        none_of=array_of(wanted.shared),
        skipped=skipped,
        limit=limit,
        **visible.parameters(viewer),
    )


TO_JOIN = f"""
SELECT {actors.COLUMNS} FROM actors AS a
 WHERE a.state = 'active' AND a.type = 'Group' AND a.findable IN ('nodes', 'public') AND a.local = 0
   AND a.approves = 0 AND a.moved_to IS NULL AND {visible.ACTOR}
   AND NOT EXISTS (SELECT 1 FROM follows AS f WHERE f.follower_id = :viewer_actor AND f.target_id = a.id
                      AND f.state = 'accepted')
   AND NOT EXISTS (SELECT 1 FROM muted_hosts AS h WHERE h.actor_id = :viewer_actor AND h.host = a.host)
 ORDER BY a.handle, a.domain, a.id LIMIT :limit OFFSET :skipped
"""


async def to_join(read: Reader, viewer: Viewer, *, skipped: int, limit: int) -> list[Actor]:
    """Give communities of other nodes to which a person does not belong, by name."""
    return await read.all(Actor, TO_JOIN, skipped=skipped, limit=limit, **visible.parameters(viewer))


# Whom a person neither knows nor wants to be shown, nor is unwanted by.
UNMET = """
a.id <> :viewer_actor
   AND NOT EXISTS (SELECT 1 FROM follows AS f WHERE f.follower_id = :viewer_actor AND f.target_id = a.id)
   AND NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = :viewer_actor AND b.target_id = a.id)
   AND NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = a.id AND b.target_id = :viewer_actor)
   AND NOT EXISTS (SELECT 1 FROM mutes AS m
                    WHERE m.actor_id = :viewer_actor AND m.target_id = a.id
                      AND (m.until IS NULL OR m.until > :now))
   AND NOT EXISTS (SELECT 1 FROM muted_hosts AS h WHERE h.actor_id = :viewer_actor AND h.host = a.host)
   AND NOT EXISTS (SELECT 1 FROM unwanted_suggestions AS u
                    WHERE u.actor_id = :viewer_actor AND u.target_id = a.id)
   AND NOT EXISTS (SELECT 1 FROM bans AS n
                    WHERE n.community_id = a.id AND n.actor_id = :viewer_actor
                      AND (n.until IS NULL OR n.until > :now))"""

ALIKE = f"""
SELECT {actors.COLUMNS} FROM actors AS a
  JOIN (SELECT t.actor_id, COUNT(*) AS n FROM practice_terms AS t
         WHERE t.kind IN ('area', 'offers', 'needs') AND t.term IN (SELECT value FROM json_each(:any_of))
         GROUP BY t.actor_id) AS s ON s.actor_id = a.id
 WHERE {LISTED} AND a.type = 'Person' AND {visible.ACTOR} AND {UNMET}
 ORDER BY s.n DESC, a.id DESC LIMIT :limit
"""


async def alike(
    read: Reader, viewer: Viewer, now: datetime, *, services: Sequence[str], limit: int
) -> list[Actor]:
    """Give people whom a person does not know who have to do with some services, with most of them first."""
    return await read.all(
        Actor, ALIKE, now=now, any_of=array_of(services), limit=limit, **visible.parameters(viewer)
    )


SUGGESTED = f"""
-- Communities first, ours before others'; of people, who is followed most.
SELECT {actors.COLUMNS} FROM actors AS a
 WHERE {LISTED} AND {visible.ACTOR} AND {UNMET}
 ORDER BY a.type = 'Group' DESC, a.local DESC, a.followers_count DESC, a.id
 LIMIT :limit
"""


async def suggested(read: Reader, viewer: Viewer, now: datetime, *, limit: int) -> list[Actor]:
    """Give whom a person has not met: communities that they have not joined, then people."""
    return await read.all(Actor, SUGGESTED, now=now, limit=limit, **visible.parameters(viewer))


DISMISS = """
INSERT INTO unwanted_suggestions (actor_id, target_id) VALUES (:me, :target_id) ON CONFLICT DO NOTHING
"""


async def dismiss(tx: Transaction, me: ActorId, target_id: ActorId) -> None:
    """Suggest somebody to a person no more."""
    await tx.execute(DISMISS, me=me, target_id=target_id)
