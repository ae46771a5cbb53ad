"""Posts, what they name, and their revisions.

    added = await store.write(posts.add, new)
    post = await store.read(posts.find, viewer, post_id)

Counts change with the rows.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import (
    asks,
    conversations,
    entries,
    events,
    knowhow,
    media,
    polls,
    quotes,
    sealed,
    search_rows,
    threads,
    tombstones,
    visible,
)
from storage.asks import NewAsk
from storage.engine import Change, Reader, Transaction
from storage.events import NewEvent
from storage.ids import ActorId, EntryId, MediaId, PostId
from storage.knowhow import NewKnowHow
from storage.media import NewMedia
from storage.polls import NewPoll
from storage.quotes import NewQuote
from storage.row import Row
from storage.visible import Viewer

Mentions = Sequence[tuple[ActorId, bool]]
Tags = Sequence[tuple[str, str]]
Files = Sequence[NewMedia | MediaId]


class Post(Row, frozen=True):
    """One row of posts; a removed one is empty but for its place in the thread."""

    id: PostId
    uri: str
    url: str
    host: str
    local: bool
    author_id: ActorId
    community_id: ActorId | None
    type: str
    title: str
    content: str
    source: str
    summary: str
    sensitive: bool
    language: str | None
    audience: str
    in_reply_to: str | None
    parent_id: PostId | None
    root_id: PostId
    context: str | None
    application: str | None
    application_website: str | None
    link: str | None
    locked: bool
    pinned_at: datetime | None
    likes_count: int
    boosts_count: int
    replies_count: int
    published_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None
    removed_by: ActorId | None
    removed_for: str | None
    has_quote: bool
    quote_policy: str
    quotes_count: int


class NewPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post to be stored: ``mentions`` are (who, does the text name them), ``tags`` (folded, as written)."""

    id: PostId
    uri: str
    url: str
    host: str
    local: bool
    author_id: ActorId
    community_id: ActorId | None = None
    type: str
    title: str = ""
    content: str = ""
    source: str = ""
    summary: str = ""
    sensitive: bool = False
    language: str | None = None
    audience: str
    in_reply_to: str | None = None
    parent_id: PostId | None = None
    root_id: PostId
    context: str | None = None
    application: str | None = None
    application_website: str | None = None
    link: str | None = None
    locked: bool = False
    published_at: datetime
    edited_at: datetime | None = None
    mentions: tuple[tuple[ActorId, bool], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    media: tuple[NewMedia | MediaId, ...] = ()
    poll: NewPoll | None = None
    event: NewEvent | None = None
    ask: NewAsk | None = None
    quote: NewQuote | None = None
    know_how: NewKnowHow | None = None
    quote_policy: str = "nobody"


class Revision(Row, frozen=True):
    """A post as it read from ``at`` on."""

    title: str
    content: str
    source: str
    summary: str
    sensitive: bool
    at: datetime


# The columns of ``Post`` over the alias ``p``.
COLUMNS = ", ".join(f"p.{name}" for name in Post.__struct_fields__)

_PARTS = ("mentions", "tags", "media", "poll", "event", "ask", "quote", "know_how")
_GIVEN = tuple(name for name in NewPost.__struct_fields__ if name not in _PARTS)

ADD = f"""
INSERT INTO posts ({", ".join(_GIVEN)})
SELECT {", ".join(":" + name for name in _GIVEN)}
 WHERE NOT EXISTS (SELECT 1 FROM tombstones AS t JOIN actors AS a ON a.uri = t.by_uri
                    WHERE t.uri = :uri AND a.id = :author_id)
ON CONFLICT (uri) DO NOTHING
"""


async def add(tx: Transaction, new: NewPost) -> bool:
    """Store a post with what it names, its author's entry and the counts; adopt the replies that wait for it.

    False, and nothing changes, if its id is held or its author deleted it.
    """
    new = await _placed(tx, new)
    if not await tx.execute(ADD, **{name: getattr(new, name) for name in _GIVEN}):
        return False
    await put_parts(tx, new)
    await entries.add(
        tx,
        EntryId(new.id),
        by_actor=new.author_id,
        post_id=new.id,
        kind="post",
        uri=None,
        audience=new.audience,
        at=new.published_at,
    )
    await threads.count_reply(tx, new.id, 1)
    await threads.adopt(tx, new.id, new.uri, root_id=new.root_id, community_id=new.community_id)
    await asks.post_came(tx, new.id)
    if new.audience == "direct":
        await conversations.continue_by(tx, new.id)
    return True


async def put_parts(tx: Transaction, new: NewPost) -> None:
    """Store what a post carries and names: people, tags, files, a poll, an event, an ask, a quote."""
    await _put_mentions(tx, new.id, new.mentions)
    await _put_tags(tx, new.id, new.tags)
    await media.attach(tx, new.id, new.author_id, new.media)
    if new.poll is not None:
        await polls.put(tx, new.id, new.poll)
    if new.event is not None:
        await events.put(tx, new.id, new.event)
    if new.ask is not None:
        await asks.put(tx, new.id, new.ask)
    if new.quote is not None:
        await quotes.put(tx, new.id, new.quote)
    if new.know_how is not None:
        await knowhow.put(tx, new.id, new.know_how, new.published_at)
    await search_rows.add_post(tx, new.id)


async def _placed(tx: Transaction, new: NewPost) -> NewPost:
    """Give a reply its place under a parent that came while the reply was being made ready."""
    if new.in_reply_to is None or new.parent_id is not None:
        return new
    place = await threads.place_under(tx, new.in_reply_to)
    if place is None or (place.audience == "members" and new.audience != "members"):
        return new
    community = place.community_id if new.audience in ("public", "unlisted") else new.community_id
    return msgspec.structs.replace(
        new, parent_id=place.parent_id, root_id=place.root_id, community_id=community
    )


CLEAR_MENTIONS = "DELETE FROM mentions WHERE post_id = :post_id"
CLEAR_TAGS = "DELETE FROM post_tags WHERE post_id = :post_id"

PUT_MENTION = """
INSERT INTO mentions (post_id, actor_id, named) VALUES (:post_id, :actor_id, :named) ON CONFLICT DO NOTHING
"""

PUT_TAG = "INSERT INTO post_tags (tag, post_id, name) VALUES (:tag, :post_id, :name) ON CONFLICT DO NOTHING"


async def _put_mentions(tx: Transaction, post_id: PostId, mentions: Mentions) -> None:
    rows = [{"post_id": post_id, "actor_id": actor_id, "named": named} for actor_id, named in mentions]
    await tx.many(PUT_MENTION, rows)


async def _put_tags(tx: Transaction, post_id: PostId, tags: Tags) -> None:
    await tx.many(PUT_TAG, [{"post_id": post_id, "tag": tag, "name": name} for tag, name in tags])


FIND = f"SELECT {COLUMNS} FROM posts AS p WHERE p.id = :post_id AND {visible.POST}"


async def find(read: Reader, viewer: Viewer, post_id: PostId) -> Post | None:
    """Give a post by its row id, a removed one too."""
    return await read.one(Post, FIND, post_id=post_id, **visible.parameters(viewer))


FIND_BY_URI = f"SELECT {COLUMNS} FROM posts AS p WHERE p.uri = :uri AND {visible.POST}"


async def find_by_uri(read: Reader, viewer: Viewer, uri: str) -> Post | None:
    """Give a post by its id on the network, a removed one too."""
    return await read.one(Post, FIND_BY_URI, uri=uri, **visible.parameters(viewer))


IDS_BY_AUTHOR = f"""
SELECT p.id FROM posts AS p
 WHERE p.author_id = :author_id AND p.removed_at IS NULL AND {visible.POST} ORDER BY p.id LIMIT :limit
"""


async def ids_by_author(read: Reader, viewer: Viewer, author_id: ActorId, *, limit: int) -> list[PostId]:
    """Give the posts of somebody that were not removed, oldest first."""
    return await read.values(IDS_BY_AUTHOR, author_id=author_id, limit=limit, **visible.parameters(viewer))


PINNED = f"""
SELECT {COLUMNS} FROM posts AS p
 WHERE p.community_id = :community_id AND p.pinned_at IS NOT NULL AND p.removed_at IS NULL AND {visible.POST}
 ORDER BY p.pinned_at DESC
"""


async def pinned(read: Reader, viewer: Viewer, community_id: ActorId) -> list[Post]:
    """Give the posts that are pinned in a community, the latest pin first."""
    return await read.all(Post, PINNED, community_id=community_id, **visible.parameters(viewer))


KEEP_REVISION = """
INSERT INTO revisions (id, post_id, title, content, source, summary, sensitive, at)
SELECT :revision_id, id, title, content, source, summary, sensitive, COALESCE(edited_at, published_at)
  FROM posts
 WHERE id = :post_id AND removed_at IS NULL AND COALESCE(edited_at, published_at) < :edited_at
"""

EDIT = """
UPDATE posts
   SET title = :title, content = :content, source = :source, summary = :summary, sensitive = :sensitive,
       language = :language, link = :link, edited_at = :edited_at
 WHERE id = :post_id
"""


async def edit(
    tx: Transaction,
    post_id: PostId,
    *,
    title: str,
    content: str,
    source: str,
    summary: str,
    sensitive: bool,
    language: str | None,
    link: str | None = None,
    mentions: Mentions | None = None,
    tags: Tags,
    files: Files | None = None,
    edited_at: datetime,
    revision_id: int,
) -> bool:
    """Store a newer text of a post and keep the earlier one; False if what is held is as new, or was removed.

    ``mentions`` and ``files`` replace those of the post; None leaves them.
    """
    if not await tx.execute(KEEP_REVISION, post_id=post_id, revision_id=revision_id, edited_at=edited_at):
        return False
    await tx.execute(
        EDIT, post_id=post_id, title=title, content=content, source=source, summary=summary,
        sensitive=sensitive, language=language, link=link, edited_at=edited_at,
    )  # fmt: skip
    await tx.execute(CLEAR_TAGS, post_id=post_id)
    await _put_tags(tx, post_id, tags)
    if mentions is not None:
        await tx.execute(CLEAR_MENTIONS, post_id=post_id)
        await _put_mentions(tx, post_id, mentions)
    if files is not None:
        await _replace_files(tx, post_id, files, edited_at)
    await search_rows.put_post(tx, post_id)
    tx.changed(Change("edit", post_id))
    return True


AUTHOR = "SELECT author_id FROM posts WHERE id = :post_id"


async def _replace_files(tx: Transaction, post_id: PostId, files: Files, at: datetime) -> None:
    await sealed.keep_files(tx, post_id)
    await media.detach(tx, post_id, at, kept=files)
    await media.attach(tx, post_id, ActorId(await tx.value(AUTHOR, post_id=post_id)), files)


REVISIONS = f"""
-- The earlier texts, then the one that stands.
SELECT r.title, r.content, r.source, r.summary, r.sensitive, r.at
  FROM revisions AS r JOIN posts AS p ON p.id = r.post_id WHERE r.post_id = :post_id AND {visible.POST}
UNION ALL
SELECT p.title, p.content, p.source, p.summary, p.sensitive, COALESCE(p.edited_at, p.published_at)
  FROM posts AS p WHERE p.id = :post_id AND p.removed_at IS NULL AND {visible.POST}
ORDER BY 6
"""


async def revisions(read: Reader, viewer: Viewer, post_id: PostId) -> list[Revision]:
    """Give every text that a post had, oldest first; the last is the one that stands."""
    return await read.all(Revision, REVISIONS, post_id=post_id, **visible.parameters(viewer))


REMOVE = """
UPDATE posts
   SET title = '', content = '', source = '', summary = '', language = NULL, link = NULL,
       application = NULL, application_website = NULL, pinned_at = NULL, likes_count = 0, boosts_count = 0,
       removed_at = :now, removed_by = :by, removed_for = :reason
 WHERE id = :post_id AND removed_at IS NULL
"""

_BELONGINGS = tuple(
    f"DELETE FROM {table} WHERE post_id = :post_id"
    for table in (
        *("mentions", "post_tags", "revisions", "likes", "bookmarks", "profile_pins", "notifications"),
        *("polls", "poll_options", "votes", "events", "quote_stamps", "know_how"),
    )
)


async def remove(tx: Transaction, post_id: PostId, now: datetime, by: ActorId | None, reason: str) -> bool:
    """Empty a post and take what belongs to it away; its row and id stay. False if that was done before."""
    await sealed.keep_post(tx, post_id, now)
    if not await tx.execute(REMOVE, post_id=post_id, now=now, by=by, reason=reason):
        return False
    await search_rows.remove_posts(tx, [post_id])
    await threads.count_reply(tx, post_id, -1)
    await entries.remove_all(tx, post_id)
    await conversations.go_back_from(tx, post_id)
    await media.detach(tx, post_id, now)
    await quotes.put(tx, post_id, None)
    for statement in _BELONGINGS:
        await tx.execute(statement, post_id=post_id)
    await asks.post_went(tx, post_id)
    await tombstones.bury_post(tx, post_id, now)
    await knowhow.leave_out(tx, post_id, by, now)
    return True


SET_LOCKED = "UPDATE posts SET locked = :locked WHERE id = :post_id AND locked <> :locked"


async def set_locked(tx: Transaction, post_id: PostId, *, locked: bool) -> bool:
    """Close a thread to replies or open it again; tell whether that is new."""
    return await tx.execute(SET_LOCKED, post_id=post_id, locked=locked) > 0


SET_PINNED = """
UPDATE posts SET pinned_at = :at
 WHERE id = :post_id AND removed_at IS NULL AND (pinned_at IS NULL) <> (:at IS NULL)
"""


async def set_pinned(tx: Transaction, post_id: PostId, at: datetime | None) -> bool:
    """Pin a post in its community, or unpin it with None; tell whether that is new."""
    return await tx.execute(SET_PINNED, post_id=post_id, at=at) > 0
