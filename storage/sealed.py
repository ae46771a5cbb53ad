"""What was deleted while it was on hold, as it was: shown to nobody, kept until the hold is lifted.

await sealed.keep_post(tx, post_id, now)     in the transaction that is about to empty the post
while await store.bulk(sealed.forget, 200)   of what no hold keeps any more
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from storage import holds
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of


class _Post(Row, frozen=True):
    uri: str
    author: str
    community: str | None
    type: str
    title: str
    content: str
    source: str
    summary: str
    language: str | None
    link: str | None
    audience: str
    in_reply_to: str | None
    published_at: datetime
    edited_at: datetime | None


class _Revision(Row, frozen=True):
    title: str
    content: str
    source: str
    summary: str
    at: datetime


class _Ask(Row, frozen=True):
    need: str
    tried: str


class _File(Row, frozen=True):
    id: int
    name: str | None
    media_type: str
    remote_url: str | None
    description: str


class _Actor(Row, frozen=True):
    uri: str
    type: str
    handle: str
    domain: str
    display_name: str
    summary: str
    fields: str
    url: str


POST = """
SELECT p.uri, w.uri, g.uri, p.type, p.title, p.content, p.source, p.summary, p.language, p.link, p.audience,
       p.in_reply_to, p.published_at, p.edited_at
  FROM posts AS p JOIN actors AS w ON w.id = p.author_id LEFT JOIN actors AS g ON g.id = p.community_id
 WHERE p.id = :post_id AND p.removed_at IS NULL
"""

ADDRESSED = """
SELECT a.uri FROM mentions AS m JOIN actors AS a ON a.id = m.actor_id WHERE m.post_id = :post_id
 ORDER BY a.uri
"""

ASKED = "SELECT need, tried FROM asks WHERE post_id = :post_id"

CHOICES = "SELECT title FROM poll_options WHERE post_id = :post_id ORDER BY place"

EARLIER = """
SELECT title, content, source, summary, at FROM revisions WHERE post_id = :post_id ORDER BY id
"""

FILES = """
SELECT id, name, media_type, remote_url, description FROM media WHERE post_id = :post_id ORDER BY place
"""

KEEP = """
INSERT INTO sealed (kind, row_id, body, at) VALUES (:kind, :row_id, :body, :now)
ON CONFLICT (kind, row_id) DO UPDATE SET body = excluded.body, at = excluded.at
"""

KEEP_FILES = """
INSERT INTO sealed_media (media_id, post_id) SELECT id, post_id FROM media WHERE post_id = :post_id
ON CONFLICT DO NOTHING
"""


BEFORE = "SELECT body FROM sealed WHERE kind = 'post' AND row_id = :post_id"


async def keep_post(tx: Transaction, post_id: PostId, now: datetime) -> None:
    """Seal a post that is about to be emptied, with its earlier texts and its files, if it is on hold.

    What was sealed of it before stays within.
    """
    if not await holds.held_among(tx, [post_id]):
        return
    before: str | None = await tx.value(BEFORE, post_id=post_id)
    text = await _text_of(tx, post_id, {"before": msgspec.Raw(before.encode())} if before else {})
    if text is not None:
        await tx.execute(KEEP, kind="post", row_id=post_id, body=text, now=now)
        await tx.execute(KEEP_FILES, post_id=post_id)


async def keep_files(tx: Transaction, post_id: PostId) -> None:
    """Keep the files of a post that is about to get others, if it is on hold."""
    if await holds.held_among(tx, [post_id]):
        await tx.execute(KEEP_FILES, post_id=post_id)


async def _text_of(read: Reader, post_id: PostId, more: Mapping[str, object] = {}) -> str | None:
    """Give what a post says as JSON; ``files`` lie under the media folder by their ``name``."""
    post = await read.one(_Post, POST, post_id=post_id)
    if post is None:
        return None
    return _json(
        post,
        addressed=await read.values(ADDRESSED, post_id=post_id),
        asked=[asdict(one) for one in await read.all(_Ask, ASKED, post_id=post_id)],
        choices=await read.values(CHOICES, post_id=post_id),
        earlier=[asdict(one) for one in await read.all(_Revision, EARLIER, post_id=post_id)],
        files=[asdict(one) for one in await read.all(_File, FILES, post_id=post_id)],
        **more,
    )


ACTOR = f"""
SELECT a.uri, a.type, a.handle, a.domain, a.display_name, a.summary, a.fields, a.url FROM actors AS a
 WHERE a.id = :actor_id AND a.state <> 'deleted' AND {holds.ON_ACTOR}
"""


async def keep_actor(tx: Transaction, actor_id: ActorId, now: datetime) -> None:
    """Seal the profile of somebody who is about to be forgotten, if they are on hold."""
    actor = await tx.one(_Actor, ACTOR, actor_id=actor_id)
    if actor is not None:
        await tx.execute(KEEP, kind="actor", row_id=actor_id, body=_json(actor), now=now)


def _json(row: Row, **more: Any) -> str:
    return msgspec.json.encode(asdict(row) | more).decode()


_OF_HOLD = """(
   :kind = 'person' AND p.author_id = :target_id
OR :kind = 'community' AND p.community_id = :target_id
OR :kind = 'thread' AND p.root_id = :target_id)
"""

STANDING = f"""
SELECT p.id FROM posts AS p WHERE p.id > :after AND p.removed_at IS NULL AND {_OF_HOLD}
 ORDER BY p.id LIMIT :limit
"""


async def standing(
    read: Reader, kind: str, target_id: int, *, after: int, limit: int
) -> list[tuple[int, str]]:
    """Give the posts of a hold that stand, by row id, each as JSON, from one on."""
    ids: list[PostId] = await read.values(STANDING, kind=kind, target_id=target_id, after=after, limit=limit)
    return [(post_id, await _text_of(read, post_id) or "{}") for post_id in ids]


DELETED = f"""
SELECT s.row_id, s.body FROM sealed AS s LEFT JOIN posts AS p ON p.id = s.row_id
 WHERE s.row_id > :after
   AND (s.kind = 'post' AND {_OF_HOLD} OR s.kind = 'actor' AND :kind <> 'thread' AND s.row_id = :target_id)
 ORDER BY s.row_id LIMIT :limit
"""


async def deleted(
    read: Reader, kind: str, target_id: int, *, after: int, limit: int
) -> list[tuple[int, str]]:
    """Give what was deleted of a hold, by row id, each as JSON, from one on."""
    return await read.all(tuple[int, str], DELETED, kind=kind, target_id=target_id, after=after, limit=limit)


NOT_HELD_POSTS = f"""
SELECT s.row_id FROM sealed AS s LEFT JOIN posts AS p ON p.id = s.row_id
 WHERE s.kind = 'post' AND NOT {holds.ON_POST} LIMIT :limit
"""

NOT_HELD_ACTORS = f"""
SELECT s.row_id FROM sealed AS s LEFT JOIN actors AS a ON a.id = s.row_id
 WHERE s.kind = 'actor' AND NOT {holds.ON_ACTOR} LIMIT :limit
"""

NOT_HELD_FILES = f"""
SELECT s.media_id FROM sealed_media AS s LEFT JOIN posts AS p ON p.id = s.post_id
 WHERE NOT {holds.ON_POST} LIMIT :limit
"""

FORGET = "DELETE FROM sealed WHERE kind = :kind AND row_id = :row_id"
FORGET_FILES = "DELETE FROM sealed_media WHERE media_id IN (SELECT value FROM json_each(:ids))"


async def forget(tx: Transaction, limit: int) -> int:
    """Let go of some of what no hold keeps any more; give how much, 0 at the end."""
    posts = await tx.values(NOT_HELD_POSTS, limit=limit)
    people = await tx.values(NOT_HELD_ACTORS, limit=limit)
    files = await tx.values(NOT_HELD_FILES, limit=limit)
    await tx.execute(FORGET_FILES, ids=array_of(files))
    await tx.many(FORGET, [{"kind": "post", "row_id": row_id} for row_id in posts])
    await tx.many(FORGET, [{"kind": "actor", "row_id": row_id} for row_id in people])
    return len(posts) + len(people) + len(files)
