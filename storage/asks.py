"""Asks: what the first post of a thread asks its community for, and what became of it.

    new = NewPost(..., ask=NewAsk(need=..., by_when=...))      stored with its post, and gone with it
    ask = await store.read(asks.find, viewer, post_id)

The state follows the rows and is never set by itself: a reply by another person makes an ask ``answered``, an
accepted one ``resolved``, and taking it back or removing it leads back. What answers nobody but its author,
or is written by a community or a program, is no answer.
"""

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from storage import service_list, visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.visible import Viewer

MOST_SERVICES = 5

State = Literal["open", "answered", "resolved", "withdrawn"]


class NewAsk(msgspec.Struct, frozen=True, kw_only=True):
    """An ask to be stored: what is needed and was tried, as text, and ids of the service list.

    ``withdrawn_at`` is since when its author wants no answer any more.
    """

    need: str = ""
    tried: str = ""
    by_when: date | None = None
    services: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What a thread asks for; ``accepted_id`` and ``accepted_url`` are of the first of its accepted answers.

    ``helped`` is yes, partly or no, once the asker said so after ``asked_again_at``.
    """

    post_id: PostId
    asker_id: ActorId
    community_id: ActorId
    need: str
    tried: str
    by_when: date | None
    services: tuple[str, ...]
    state: State
    asked_at: datetime
    answered_at: datetime | None
    told_at: datetime | None
    resolved_at: datetime | None
    withdrawn_at: datetime | None
    asked_again_at: datetime | None
    helped: str | None
    accepted_id: PostId | None
    accepted_url: str | None


class _Head(Row, frozen=True):
    post_id: PostId
    asker_id: ActorId
    community_id: ActorId
    need: str
    tried: str
    by_when: date | None
    state: State
    asked_at: datetime
    answered_at: datetime | None
    told_at: datetime | None
    resolved_at: datetime | None
    withdrawn_at: datetime | None
    asked_again_at: datetime | None
    helped: str | None
    accepted_id: PostId | None
    accepted_url: str | None


class _Service(Row, frozen=True):
    post_id: PostId
    service_id: str


PUT = """
-- Only the first post of a thread in a community asks.
INSERT INTO asks (post_id, asker_id, community_id, need, tried, by_when, withdrawn_at, asked_at)
SELECT p.id, p.author_id, p.community_id, :need, :tried, :by_when, :withdrawn_at, p.published_at
  FROM posts AS p
 WHERE p.id = :post_id AND p.community_id IS NOT NULL AND p.in_reply_to IS NULL AND p.removed_at IS NULL
ON CONFLICT (post_id) DO UPDATE
   SET need = excluded.need, tried = excluded.tried, by_when = excluded.by_when,
       withdrawn_at = excluded.withdrawn_at
"""

TITLE = "SELECT title FROM posts WHERE id = :post_id"
CLEAR_SERVICES = "DELETE FROM ask_services WHERE post_id = :post_id"

PUT_SERVICE = """
-- What is not in the list here, says nothing here.
INSERT INTO ask_services (post_id, service_id) SELECT :post_id, id FROM services WHERE id = :service_id
ON CONFLICT DO NOTHING
"""


ENSURE = """
INSERT INTO asks (post_id, asker_id, community_id, asked_at)
SELECT p.id, p.author_id, p.community_id, p.published_at FROM posts AS p
 WHERE p.id = (SELECT root_id FROM posts WHERE id = :post_id)
   AND p.community_id IS NOT NULL AND p.in_reply_to IS NULL AND p.removed_at IS NULL
ON CONFLICT (post_id) DO NOTHING
"""


async def ensure(tx: Transaction, post_id: PostId) -> None:
    """Take the thread of a post for an ask, if it was not taken for one by its words."""
    if await tx.execute(ENSURE, post_id=post_id):
        await settle(tx, post_id)


async def put(tx: Transaction, post_id: PostId, new: NewAsk) -> bool:
    """Store what a thread asks for, or what an edit made of it; False for what begins no thread anywhere.

    What it is about, unless that is said, is what its title names of the service list.
    """
    stored = await tx.execute(
        PUT,
        post_id=post_id,
        need=new.need,
        tried=new.tried,
        by_when=new.by_when.isoformat() if new.by_when else None,
        withdrawn_at=new.withdrawn_at,
    )
    if not stored:
        return False
    services = new.services or await service_list.named_in(tx, await tx.value(TITLE, post_id=post_id))
    await tx.execute(CLEAR_SERVICES, post_id=post_id)
    await tx.many(PUT_SERVICE, [{"post_id": post_id, "service_id": one} for one in services[:MOST_SERVICES]])
    await settle(tx, post_id)
    return True


_FACTS = """
UPDATE asks
   SET answered_at = (
        SELECT MIN(CASE WHEN r.published_at < asks.asked_at THEN asks.asked_at ELSE r.published_at END)
          FROM posts AS r JOIN actors AS w ON w.id = r.author_id AND w.type = 'Person'
         WHERE r.root_id = asks.post_id AND r.author_id <> asks.asker_id AND r.removed_at IS NULL
           AND r.audience IN ('public', 'unlisted', 'members')),
       resolved_at = (SELECT MIN(c.accepted_at) FROM accepted_answers AS c WHERE c.ask_id = asks.post_id)
 WHERE post_id = (SELECT root_id FROM posts WHERE id = :post_id)"""

LOOK = f"{_FACTS} AND state = 'open'"
LOOK_AGAIN = _FACTS

SETTLE = """
UPDATE asks
   SET state = CASE
        WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN resolved_at IS NOT NULL THEN 'resolved'
        WHEN answered_at IS NOT NULL OR told_at IS NOT NULL THEN 'answered'
        ELSE 'open' END
 WHERE post_id = (SELECT root_id FROM posts WHERE id = :post_id)
"""


async def post_came(tx: Transaction, post_id: PostId) -> None:
    """Let a post that was stored answer the ask that its thread is, if nothing did before."""
    if await tx.execute(LOOK, post_id=post_id):
        await tx.execute(SETTLE, post_id=post_id)


async def settle(tx: Transaction, post_id: PostId) -> None:
    """Give the ask that a post's thread is the state that follows from what stands there."""
    if await tx.execute(LOOK_AGAIN, post_id=post_id):
        await tx.execute(SETTLE, post_id=post_id)


REMOVE = "DELETE FROM asks WHERE post_id = :post_id"
REMOVE_ANSWER = "DELETE FROM accepted_answers WHERE post_id = :post_id"


async def post_went(tx: Transaction, post_id: PostId) -> None:
    """Let the ask of a removed post go; one that a removed reply answered may be open again."""
    await tx.execute(REMOVE, post_id=post_id)
    await tx.execute(REMOVE_ANSWER, post_id=post_id)
    await settle(tx, post_id)


_FIRST = """
  FROM accepted_answers AS c JOIN posts AS n ON n.id = c.post_id
 WHERE c.ask_id = k.post_id ORDER BY c.accepted_at, c.post_id LIMIT 1
"""
_HEAD = f"""
SELECT {", ".join(f"k.{name}" for name in _Head.__struct_fields__[:-2])},
       (SELECT n.id {_FIRST}), (SELECT n.url {_FIRST})
  FROM asks AS k JOIN posts AS p ON p.id = k.post_id"""

OF_POSTS = f"{_HEAD} WHERE k.post_id IN (SELECT value FROM json_each(:ids)) AND {visible.POST}"

SERVICES = """
SELECT post_id, service_id FROM ask_services
 WHERE post_id IN (SELECT value FROM json_each(:ids)) ORDER BY post_id, service_id
"""


async def of_posts(read: Reader, viewer: Viewer, post_ids: Sequence[PostId]) -> dict[PostId, Ask]:
    """Give the asks among some posts that the viewer may see."""
    rows = await read.all(_Head, OF_POSTS, ids=array_of(post_ids), **visible.parameters(viewer))
    return {ask.post_id: ask for ask in await _whole(read, rows)}


async def find(read: Reader, viewer: Viewer, post_id: PostId) -> Ask | None:
    """Give what a post asks for, if it does and the viewer may see it."""
    return (await of_posts(read, viewer, [post_id])).get(post_id)


async def _whole(read: Reader, rows: list[_Head]) -> list[Ask]:
    if not rows:
        return []
    found = await read.all(_Service, SERVICES, ids=array_of(row.post_id for row in rows))
    by_post = {
        post_id: tuple(one.service_id for one in some)
        for post_id, some in itertools.groupby(found, key=lambda one: one.post_id)
    }
    return [
        Ask(services=by_post.get(row.post_id, ()), **{n: getattr(row, n) for n in _Head.__struct_fields__})
        for row in rows
    ]


IN_STATE = f"""
{_HEAD} WHERE k.community_id = :community_id AND k.state = :state AND k.post_id > :after AND {visible.POST}
 ORDER BY k.post_id LIMIT :limit
"""


async def in_state(
    read: Reader,
    viewer: Viewer,
    community_id: ActorId,
    state: State = "open",
    *,
    after: PostId = PostId(0),  # noqa: B008 - a number
    limit: int,
) -> list[Ask]:
    """Give the asks of a community that are in one state, the oldest first."""
    rows = await read.all(
        _Head,
        IN_STATE,
        community_id=community_id,
        state=state,
        after=after,
        limit=limit,
        **visible.parameters(viewer),
    )
    return await _whole(read, rows)


OPEN_AT = f"""
{_HEAD} WHERE k.state = 'open' AND k.post_id > :after AND {visible.POST} ORDER BY k.post_id LIMIT :limit
"""


async def open_at(
    read: Reader,
    viewer: Viewer,
    *,
    after: PostId = PostId(0),  # noqa: B008 - a number
    limit: int,
) -> list[Ask]:
    """Give the open asks of every community that this node knows, the oldest first."""
    rows = await read.all(_Head, OPEN_AT, after=after, limit=limit, **visible.parameters(viewer))
    return await _whole(read, rows)


OPEN_FOR = f"""
-- First what the reader offers to help with, or works on: the entry itself, or one below it.
{_HEAD}
 WHERE k.state = 'open' AND k.asker_id <> :viewer_actor AND {visible.POST}
   AND k.community_id IN (
        SELECT f.target_id FROM follows AS f WHERE f.follower_id = :viewer_actor AND f.state = 'accepted')
 ORDER BY CASE WHEN EXISTS (
        SELECT 1 FROM ask_services AS v
          JOIN practice_terms AS t ON t.actor_id = :viewer_actor AND t.kind IN ('offers', 'area')
          LEFT JOIN services AS l ON l.id = t.term
         WHERE v.post_id = k.post_id AND v.service_id IN (t.term, l.function)) THEN 0 ELSE 1 END,
       k.post_id
 LIMIT :limit
"""


async def open_for(read: Reader, viewer: Viewer, *, limit: int) -> list[Ask]:
    """Give the open asks of others where somebody belongs, first those that they could help with."""
    return await _whole(read, await read.all(_Head, OPEN_FOR, limit=limit, **visible.parameters(viewer)))


TOLD = "UPDATE asks SET told_at = :now WHERE post_id = :post_id AND told_at IS NULL"


async def told_privately(tx: Transaction, post_id: PostId, now: datetime) -> None:
    """Note that an expert answered an asker where nobody else reads it."""
    if await tx.execute(TOLD, post_id=post_id, now=now):
        await tx.execute(SETTLE, post_id=post_id)
