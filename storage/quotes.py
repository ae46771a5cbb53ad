"""What posts quote, who may quote them, and the authorizations that we gave to quote ours (FEP-044f).

A quoted post is known by its id only: it may be held, come later, or never. Whoever reads the quoting post
sees of the quoted one what they may see anyway. How often a post is quoted changes with the rows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from storage import pages, visible
from storage.engine import Change, Reader, Transaction
from storage.ids import ActorId, PostId
from storage.pages import Page
from storage.row import Row, array_of
from storage.visible import Viewer

State = Literal["pending", "accepted", "rejected", "revoked"]


class NewQuote(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes: ``stamp`` is the authorization's id; ``legacy``: said without asking for one.

    ``asked`` is the id of the QuoteRequest by which we asked for it.
    """

    uri: str
    state: State = "pending"
    legacy: bool = False
    stamp: str | None = None
    asked: str | None = None


class Quote(Row, frozen=True):
    """What a post quotes, to one viewer: ``quoted_id`` only if they may see it.

    ``removed``: the quoted post was deleted; ``blocked`` and ``muted``: the viewer did that to its author.
    """

    post_id: PostId
    uri: str
    state: State
    legacy: bool
    stamp: str | None
    held: bool
    removed: bool
    blocked: bool
    muted: bool
    quoted_id: PostId | None


PUT = """
INSERT INTO quotes (post_id, uri, state, legacy, stamp, asked)
VALUES (:post_id, :uri, :state, :legacy, :stamp, :asked)
ON CONFLICT (post_id) DO UPDATE
   SET uri = excluded.uri, legacy = excluded.legacy, stamp = excluded.stamp,
       -- What was found out stays, where it cannot be asked again just now; an authorization that its post
       -- names no more was taken back.
       state = CASE WHEN excluded.state <> 'pending' OR quotes.uri <> excluded.uri THEN excluded.state
                    WHEN quotes.stamp IS NOT NULL AND excluded.stamp IS NULL THEN 'revoked'
                    ELSE quotes.state END
"""
MARK = "UPDATE posts SET has_quote = :has_quote WHERE id = :post_id"
CLEAR = "DELETE FROM quotes WHERE post_id = :post_id"
URI = "SELECT uri FROM quotes WHERE post_id = :post_id"


async def put(tx: Transaction, post_id: PostId, new: NewQuote | None) -> None:
    """Store what a post quotes, or what an edit made of that; None: nothing any more."""
    earlier: str | None = await tx.value(URI, post_id=post_id)
    if new is None and earlier is None:
        return
    await tx.execute(MARK, post_id=post_id, has_quote=new is not None)
    if new is None:
        await tx.execute(CLEAR, post_id=post_id)
    else:
        await tx.execute(PUT, post_id=post_id, **msgspec.structs.asdict(new))
    for uri in {earlier, new.uri if new else None} - {None}:
        await tx.execute(RECOUNT, uri=uri)


RECOUNT = """
UPDATE posts SET quotes_count = (
    SELECT COUNT(*) FROM quotes AS k WHERE k.uri = posts.uri AND k.state = 'accepted')
 WHERE uri = :uri
"""


OF_POSTS = f"""
SELECT k.post_id, k.uri, k.state, k.legacy, k.stamp, h.id IS NOT NULL, h.removed_at IS NOT NULL,
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


MAY_QUOTE = f"""
-- A direct post nobody quotes, any other that is not for everybody its author alone. An authorization that
-- was given holds whatever is said since, until it is taken back.
SELECT p.id FROM posts AS p
 WHERE p.id = :post_id AND p.removed_at IS NULL AND {visible.POST} AND p.audience <> 'direct'
   AND NOT EXISTS (SELECT 1 FROM quote_stamps AS s
                    WHERE s.post_id = p.id AND s.quoting_uri = :quoting_uri AND s.revoked_at IS NOT NULL)
   AND (p.author_id = :viewer_actor OR p.audience IN ('public', 'unlisted') AND (
        p.quote_policy IN ('public', 'manual')
        OR p.quote_policy = 'followers' AND EXISTS (
            SELECT 1 FROM follows AS f
             WHERE f.follower_id = :viewer_actor AND f.target_id = p.author_id AND f.state = 'accepted')
        OR EXISTS (SELECT 1 FROM quote_stamps AS s
                    WHERE s.post_id = p.id AND s.quoting_uri = :quoting_uri)))
"""


async def may_quote(read: Reader, viewer: Viewer, post_id: PostId, quoting_uri: str) -> bool:
    """Tell whether a person may quote a post, in theirs with that id; or, elsewhere, may ask for it."""
    who = visible.parameters(viewer)
    return await read.value(MAY_QUOTE, post_id=post_id, quoting_uri=quoting_uri, **who) is not None


SET_POLICY = "UPDATE posts SET quote_policy = :policy WHERE id = :post_id AND quote_policy <> :policy"


async def set_policy(tx: Transaction, post_id: PostId, policy: str) -> bool:
    """Store who may quote a post from now on; tell whether that is new."""
    return await tx.execute(SET_POLICY, post_id=post_id, policy=policy) > 0


QUOTING = f"""
SELECT p.id FROM quotes AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.uri = (SELECT q.uri FROM posts AS q WHERE q.id = :quoted_id) AND k.state = 'accepted'
   AND p.removed_at IS NULL AND {visible.POST} AND {pages.where("p.id")}
"""


async def quoting(read: Reader, viewer: Viewer, quoted_id: PostId, page: Page) -> list[PostId]:
    """Give the posts that quote one with its author's consent, the latest first."""
    who = visible.parameters(viewer) | pages.parameters(page)
    return pages.ordered(await read.values(pages.text(QUOTING, page), quoted_id=quoted_id, **who), page)


AUTHOR_HERE = f"""
SELECT p.author_id FROM quotes AS k JOIN posts AS p ON p.uri = k.uri AND p.local = 1
 WHERE k.post_id = :post_id AND k.state = 'accepted' AND {visible.POST}
"""


async def author_here(read: Reader, viewer: Viewer, post_id: PostId) -> ActorId | None:
    """Give whom of this node a post quotes with their consent."""
    found: ActorId | None = await read.value(AUTHOR_HERE, post_id=post_id, **visible.parameters(viewer))
    return found


ASKED = """
SELECT k.post_id FROM quotes AS k JOIN posts AS p ON p.uri = k.uri
 WHERE k.asked = :asked AND p.author_id = :by
"""
ASKED_OF = """
SELECT k.post_id FROM quotes AS k JOIN posts AS p ON p.uri = k.uri JOIN posts AS q ON q.id = k.post_id
 WHERE q.uri = :quoting_uri AND k.uri = :uri AND k.asked IS NOT NULL AND p.author_id = :by
"""


async def asked(
    read: Reader, by: ActorId, request_uri: str | None, quoting_uri: str | None, uri: str | None
) -> PostId | None:
    """Give the post of ours whose QuoteRequest somebody answers, by what the answer names of it."""
    found: PostId | None = await read.value(ASKED, asked=request_uri, by=by)
    if found is None:
        found = await read.value(ASKED_OF, quoting_uri=quoting_uri, uri=uri, by=by)
    return found


ACCEPT = """
UPDATE quotes SET state = 'accepted', stamp = :stamp
 WHERE post_id = :post_id AND (state <> 'accepted' OR stamp IS NULL OR stamp <> :stamp)
"""


async def accept(tx: Transaction, post_id: PostId, stamp: str) -> bool:
    """Note that whom a post quotes allows it; tell whether that is new."""
    return await _settled(tx, post_id, await tx.execute(ACCEPT, post_id=post_id, stamp=stamp))


REFUSE = """
UPDATE quotes SET state = CASE state WHEN 'accepted' THEN 'revoked' ELSE 'rejected' END, stamp = NULL
 WHERE post_id = :post_id AND state IN ('pending', 'accepted')
"""


async def refuse(tx: Transaction, post_id: PostId) -> bool:
    """Note that whom a post quotes does not allow it, or no longer; tell whether that is new."""
    return await _settled(tx, post_id, await tx.execute(REFUSE, post_id=post_id))


async def _settled(tx: Transaction, post_id: PostId, rows: int) -> bool:
    if rows:
        await tx.execute(RECOUNT, uri=await tx.value(URI, post_id=post_id))
        tx.changed(Change("edit", post_id))
    return rows > 0


BY_STAMP = """
SELECT post_id FROM quotes WHERE stamp = :stamp AND uri IN (SELECT uri FROM posts WHERE author_id = :by)
"""


async def by_stamp(read: Reader, stamp: str, by: ActorId) -> PostId | None:
    """Give the post that quotes somebody by an authorization of theirs."""
    found: PostId | None = await read.value(BY_STAMP, stamp=stamp, by=by)
    return found


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
TAKE_BACK = """
UPDATE quote_stamps SET revoked_at = :now
 WHERE post_id = :post_id AND quoting_uri = :quoting_uri AND revoked_at IS NULL
"""


async def given(read: Reader, post_id: PostId, quoting_uri: str) -> int | None:
    """Give the row id of the authorization by which a post quotes one of ours; None if there is none."""
    found: int | None = await read.value(GIVEN, post_id=post_id, quoting_uri=quoting_uri)
    return found


async def give(tx: Transaction, stamp_id: int, post_id: PostId, quoting_uri: str) -> None:
    """Authorize a post to quote one of ours, once."""
    await tx.execute(GIVE, stamp_id=stamp_id, post_id=post_id, quoting_uri=quoting_uri)


async def take_back(tx: Transaction, post_id: PostId, quoting_uri: str, now: datetime) -> bool:
    """Take an authorization of ours back for good: that post does not quote this one again."""
    return await tx.execute(TAKE_BACK, post_id=post_id, quoting_uri=quoting_uri, now=now) > 0


FIND_STAMP = f"""
SELECT s.id, s.post_id, s.quoting_uri, p.uri, p.author_id, a.uri
  FROM quote_stamps AS s JOIN posts AS p ON p.id = s.post_id JOIN actors AS a ON a.id = p.author_id
 WHERE s.id = :stamp_id AND s.revoked_at IS NULL AND p.removed_at IS NULL AND {visible.POST}
"""


async def find_stamp(read: Reader, viewer: Viewer, stamp_id: int) -> Stamp | None:
    """Give an authorization of ours, while the quoted post stands and the viewer may see it."""
    return await read.one(Stamp, FIND_STAMP, stamp_id=stamp_id, **visible.parameters(viewer))
