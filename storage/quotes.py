"""What posts quote, and the authorizations that we gave to quote ours (FEP-044f).

A quoted post is known by its id only: it may be held, come later, or never. Whoever reads the quoting post
sees of the quoted one what they may see anyway.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.visible import Viewer

State = Literal["pending", "accepted", "revoked"]


class NewQuote(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes: ``stamp`` is the authorization's id; ``legacy``: said without asking for one."""

    uri: str
    state: State = "pending"
    legacy: bool = False
    stamp: str | None = None


class Quote(Row, frozen=True):
    """What a post quotes, to one viewer: ``quoted_id`` only if they may see it.

    ``removed``: the quoted post was deleted; ``blocked`` and ``muted``: the viewer did that to its author.
    """

    post_id: PostId
    uri: str
    state: State
    legacy: bool
    held: bool
    removed: bool
    blocked: bool
    muted: bool
    quoted_id: PostId | None


PUT = """
INSERT INTO quotes (post_id, uri, state, legacy, stamp) VALUES (:post_id, :uri, :state, :legacy, :stamp)
ON CONFLICT (post_id) DO UPDATE
   SET uri = excluded.uri, legacy = excluded.legacy, stamp = excluded.stamp,
       -- What was found out stays, where it cannot be asked again just now.
       state = CASE WHEN excluded.state = 'pending' AND quotes.uri = excluded.uri THEN quotes.state
                    ELSE excluded.state END
"""
MARK = "UPDATE posts SET has_quote = :has_quote WHERE id = :post_id"
CLEAR = "DELETE FROM quotes WHERE post_id = :post_id"


async def put(tx: Transaction, post_id: PostId, new: NewQuote | None) -> None:
    """Store what a post quotes, or what an edit made of that; None: nothing any more."""
    await tx.execute(MARK, post_id=post_id, has_quote=new is not None)
    if new is None:
        await tx.execute(CLEAR, post_id=post_id)
    else:
        await tx.execute(PUT, post_id=post_id, **msgspec.structs.asdict(new))


OF_POSTS = f"""
SELECT k.post_id, k.uri, k.state, k.legacy, h.id IS NOT NULL, h.removed_at IS NOT NULL,
       EXISTS (SELECT 1 FROM blocks AS b WHERE b.actor_id = :viewer_actor AND b.target_id = h.author_id),
       EXISTS (SELECT 1 FROM mutes AS m WHERE m.actor_id = :viewer_actor AND m.target_id = h.author_id),
       (SELECT p.id FROM posts AS p WHERE p.id = h.id AND p.removed_at IS NULL AND {visible.POST})
  FROM quotes AS k LEFT JOIN posts AS h ON h.uri = k.uri
 WHERE k.post_id IN (SELECT value FROM json_each(:ids))
"""


async def of_posts(read: Reader, viewer: Viewer, post_ids: Sequence[PostId]) -> dict[PostId, Quote]:
    """Give what some posts quote, which the viewer may see; of the quoted ones only what they may see."""
    rows = await read.all(Quote, OF_POSTS, ids=array_of(post_ids), **visible.parameters(viewer))
    return {row.post_id: row for row in rows}


REVOKE = """
UPDATE quotes SET state = 'revoked'
 WHERE stamp = :stamp AND uri IN (SELECT uri FROM posts WHERE author_id = :by)
"""


async def revoke(tx: Transaction, stamp: str, by: ActorId) -> bool:
    """Note that whoever is quoted took an authorization back; tell whether any quote had it."""
    return await tx.execute(REVOKE, stamp=stamp, by=by) > 0


class Stamp(Row, frozen=True):
    """An authorization that we gave: who wrote the quoted post, and what may quote it."""

    id: int
    post_id: PostId
    quoting_uri: str
    quoted_uri: str
    author_id: ActorId
    author_uri: str


GIVE = """
INSERT INTO quote_stamps (id, post_id, quoting_uri) VALUES (:stamp_id, :post_id, :quoting_uri)
ON CONFLICT (post_id, quoting_uri) DO NOTHING
"""
GIVEN = "SELECT id FROM quote_stamps WHERE post_id = :post_id AND quoting_uri = :quoting_uri"


async def given(read: Reader, post_id: PostId, quoting_uri: str) -> int | None:
    """Give the row id of the authorization by which a post quotes one of ours; None if there is none."""
    found: int | None = await read.value(GIVEN, post_id=post_id, quoting_uri=quoting_uri)
    return found


async def give(tx: Transaction, stamp_id: int, post_id: PostId, quoting_uri: str) -> None:
    """Authorize a post to quote one of ours, once."""
    await tx.execute(GIVE, stamp_id=stamp_id, post_id=post_id, quoting_uri=quoting_uri)


FIND_STAMP = f"""
SELECT s.id, s.post_id, s.quoting_uri, p.uri, p.author_id, a.uri
  FROM quote_stamps AS s JOIN posts AS p ON p.id = s.post_id JOIN actors AS a ON a.id = p.author_id
 WHERE s.id = :stamp_id AND p.removed_at IS NULL AND {visible.POST}
"""


async def find_stamp(read: Reader, viewer: Viewer, stamp_id: int) -> Stamp | None:
    """Give an authorization of ours, while the quoted post stands and the viewer may see it."""
    return await read.one(Stamp, FIND_STAMP, stamp_id=stamp_id, **visible.parameters(viewer))
