"""Which hosts hold an object of ours: they were sent it, or fetched it by a signed request."""

import json
from collections.abc import Sequence

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class Holder(Row, frozen=True):
    """A host that holds a copy, and the inbox by which it is told of changes; None if none is known."""

    host: str
    inbox: str | None


ADD = """
INSERT INTO copies (object_uri, host, inbox)
SELECT :object_uri, value ->> 0, value ->> 1 FROM json_each(:targets) WHERE true
ON CONFLICT (object_uri, host) DO UPDATE SET inbox = excluded.inbox WHERE copies.inbox IS NULL
"""


async def add(tx: Transaction, object_uri: str, targets: Sequence[tuple[str, str]]) -> None:
    """Note the hosts that an object is sent to, each with the first of its inboxes."""
    # PostgreSQL refuses to update the same row twice in one statement.
    first = dict(reversed(targets))
    await tx.execute(ADD, object_uri=object_uri, targets=json.dumps(list(first.items())))


FETCHED = """
INSERT INTO copies (object_uri, host) VALUES (:object_uri, :host) ON CONFLICT (object_uri, host) DO NOTHING
"""


async def fetched(tx: Transaction, object_uri: str, host: str) -> None:
    """Note that a host fetched an object."""
    await tx.execute(FETCHED, object_uri=object_uri, host=host)


FETCHED_ALL = """
INSERT INTO copies (object_uri, host) SELECT value, :host FROM json_each(:object_uris) WHERE true
ON CONFLICT (object_uri, host) DO NOTHING
"""


async def fetched_all(tx: Transaction, object_uris: Sequence[str], host: str) -> None:
    """Note that a host fetched several objects at once."""
    await tx.execute(FETCHED_ALL, object_uris=json.dumps(object_uris), host=host)


HOLDERS = """
-- A host that only fetched is told by the inbox that anybody known there shares.
SELECT c.host, COALESCE(c.inbox, (
           SELECT COALESCE(a.shared_inbox, a.inbox) FROM actors AS a
            WHERE a.host = c.host AND a.inbox <> '' AND a.state <> 'deleted' ORDER BY a.id LIMIT 1))
  FROM copies AS c WHERE c.object_uri = :object_uri ORDER BY c.host
"""


async def holders(read: Reader, object_uri: str) -> list[Holder]:
    """Give every host that holds an object."""
    return await read.all(Holder, HOLDERS, object_uri=object_uri)


TOLD_BY = """
SELECT c.host FROM copies AS c JOIN peers AS p ON p.host = c.host AND p.kind = 'group'
 WHERE c.object_uri = :object_uri
   AND (EXISTS (SELECT 1 FROM actors AS g WHERE g.id = :community_id AND g.host = c.host)
        OR EXISTS (SELECT 1 FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
                    WHERE f.target_id = :community_id AND f.state = 'accepted' AND a.host = c.host)
        OR EXISTS (SELECT 1 FROM members AS m WHERE m.community_id = :community_id AND m.host = c.host))
"""


async def told_by(read: Reader, object_uri: str, community_id: ActorId) -> list[str]:
    """Give the hosts that hold an object and to which a community passes on what is done to it."""
    return await read.values(TOLD_BY, object_uri=object_uri, community_id=community_id)


FORGET = "DELETE FROM copies WHERE object_uri = :object_uri"


async def forget(tx: Transaction, object_uri: str) -> int:
    """Forget who holds an object, once all were told that it is gone."""
    return await tx.execute(FORGET, object_uri=object_uri)


HOLDERS_OF_AUTHOR = """
-- As HOLDERS, for an actor of ours and all that it wrote.
SELECT c.host, COALESCE(MAX(c.inbox), (
           SELECT COALESCE(a.shared_inbox, a.inbox) FROM actors AS a
            WHERE a.host = c.host AND a.inbox <> '' AND a.state <> 'deleted' ORDER BY a.id LIMIT 1))
  FROM copies AS c
 WHERE c.object_uri IN (SELECT uri FROM actors WHERE id = :author_id
                        UNION ALL SELECT uri FROM posts WHERE author_id = :author_id)
 GROUP BY c.host ORDER BY c.host
"""


async def holders_of_author(read: Reader, author_id: ActorId) -> list[Holder]:
    """Give every host that holds an actor's document or any post of theirs."""
    return await read.all(Holder, HOLDERS_OF_AUTHOR, author_id=author_id)
