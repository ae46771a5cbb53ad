"""Words and single posts that a person would rather not read, and where.

A filter goes out of force at ``expires_at`` and stays until it is removed. The ids of keywords and of posts
are those by which a client changes or removes them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of

Action = Literal["warn", "hide"]
Context = Literal["home", "notifications", "public", "thread", "account"]


class Keyword(Row, frozen=True):
    """A word or phrase of a filter."""

    id: int
    filter_id: int
    keyword: str
    whole_word: bool


class Chosen(Row, frozen=True):
    """A single post of a filter."""

    id: int
    filter_id: int
    post_id: PostId


T = TypeVar("T", Keyword, Chosen)


class _Filter(Row, frozen=True):
    id: int
    title: str
    contexts: str
    action: Action
    expires_at: datetime | None


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter with all that it looks for."""

    id: int
    title: str
    contexts: tuple[Context, ...]
    action: Action
    expires_at: datetime | None
    keywords: tuple[Keyword, ...] = ()
    posts: tuple[Chosen, ...] = ()

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether the filter holds at a moment."""
        return self.expires_at is None or self.expires_at > now


_contexts = msgspec.json.Decoder(tuple[Context, ...]).decode

OF = "SELECT id, title, contexts, action, expires_at FROM filters WHERE actor_id = :me ORDER BY id"

KEYWORDS = """
SELECT id, filter_id, keyword, whole_word FROM filter_keywords
 WHERE filter_id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""

POSTS = """
SELECT id, filter_id, post_id FROM filter_posts
 WHERE filter_id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""


async def all_of(read: Reader, me: ActorId) -> tuple[Filter, ...]:
    """Give every filter of a person, those that have run out too; one statement for who has none."""
    rows = await read.all(_Filter, OF, me=me)
    if not rows:
        return ()
    ids = array_of(row.id for row in rows)
    keywords = _by_filter(await read.all(Keyword, KEYWORDS, ids=ids))
    posts = _by_filter(await read.all(Chosen, POSTS, ids=ids))
    return tuple(
        Filter(
            id=row.id,
            title=row.title,
            contexts=_contexts(row.contexts),
            action=row.action,
            expires_at=row.expires_at,
            keywords=tuple(keywords[row.id]),
            posts=tuple(posts[row.id]),
        )
        for row in rows
    )


def _by_filter(parts: Iterable[T]) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for one in parts:
        found[one.filter_id].append(one)
    return found


PUT = """
INSERT INTO filters (id, actor_id, title, contexts, action, expires_at)
VALUES (:id, :me, :title, :contexts, :action, :expires_at)
ON CONFLICT (id) DO UPDATE
   SET title = :title, contexts = :contexts, action = :action, expires_at = :expires_at
"""


async def put(tx: Transaction, me: ActorId, new: Filter) -> None:
    """Store a filter, or what of it is another; its keywords and posts have statements of their own."""
    await tx.execute(
        PUT,
        id=new.id,
        me=me,
        title=new.title,
        contexts=array_of(new.contexts),
        action=new.action,
        expires_at=new.expires_at,
    )


REMOVE = "DELETE FROM filters WHERE id = :filter_id AND actor_id = :me"


async def remove(tx: Transaction, me: ActorId, filter_id: int) -> bool:
    """Remove a filter; False if there is none."""
    return await tx.execute(REMOVE, filter_id=filter_id, me=me) > 0


PUT_KEYWORD = """
INSERT INTO filter_keywords (id, filter_id, keyword, whole_word)
VALUES (:id, :filter_id, :keyword, :whole_word)
ON CONFLICT (id) DO UPDATE SET keyword = :keyword, whole_word = :whole_word
"""


async def put_keywords(tx: Transaction, keywords: Sequence[Keyword]) -> None:
    """Store keywords, or what of them is another."""
    await tx.many(PUT_KEYWORD, [msgspec.structs.asdict(keyword) for keyword in keywords])


REMOVE_KEYWORDS = """
DELETE FROM filter_keywords
 WHERE filter_id = :filter_id AND id IN (SELECT value FROM json_each(:ids))
"""


async def remove_keywords(tx: Transaction, filter_id: int, ids: Sequence[int]) -> None:
    """Remove keywords of a filter."""
    await tx.execute(REMOVE_KEYWORDS, filter_id=filter_id, ids=array_of(ids))


ADD_POST = """
INSERT INTO filter_posts (id, filter_id, post_id) VALUES (:id, :filter_id, :post_id)
ON CONFLICT (filter_id, post_id) DO NOTHING
"""


async def add_post(tx: Transaction, chosen: Chosen) -> bool:
    """Let a filter look for a single post; False if it does."""
    return await tx.execute(ADD_POST, **msgspec.structs.asdict(chosen)) > 0


REMOVE_POST = "DELETE FROM filter_posts WHERE id = :chosen_id AND filter_id = :filter_id"


async def remove_post(tx: Transaction, filter_id: int, chosen_id: int) -> bool:
    """Let a filter look for a single post no longer; False if it did not."""
    return await tx.execute(REMOVE_POST, filter_id=filter_id, chosen_id=chosen_id) > 0
