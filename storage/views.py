"""Posts with all that showing them needs: author, community, who is named, files, and the viewer's own marks.

    found = await store.read(views.views, viewer, entry_ids)

Five statements, however many entries, and some more for a page that has polls, events, threads or quotes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from storage import actors, asks, events, knowhow, media, polls, posts, quotes, visible
from storage.actors import Shown
from storage.asks import Ask
from storage.engine import Reader
from storage.entries import Kind
from storage.events import Event
from storage.ids import ActorId, EntryId, PostId, time_of
from storage.knowhow import KnowHow
from storage.media import Media
from storage.polls import Poll
from storage.posts import Post
from storage.quotes import Quote
from storage.row import Row, array_of
from storage.visible import Viewer


class Mention(Row, frozen=True):
    """Somebody whom a post addresses; ``named`` if its text does."""

    post_id: PostId
    actor_id: ActorId
    named: bool
    handle: str
    domain: str
    uri: str
    url: str


class Tag(Row, frozen=True):
    """A hashtag of a post: folded, and as it was written."""

    post_id: PostId
    tag: str
    name: str


class Attached(Media, frozen=True):
    """A file that is in a post."""

    post_id: PostId


class Wrapper(msgspec.Struct, frozen=True, kw_only=True):
    """An announce or boost: by whom, and when it was received or made."""

    id: EntryId
    kind: Kind
    by: Shown
    uri: str | None
    audience: str
    at: datetime


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes; ``view`` is the quoted post if the viewer may see that, without its own quote."""

    quote: Quote
    view: "PostView | None"


class PostView(msgspec.Struct, frozen=True, kw_only=True):
    """A post, or an announce or boost of one, as one viewer sees it.

    ``followed``: the viewer follows the author of a post that followers may quote.
    """

    entry_id: EntryId
    wrapper: Wrapper | None
    post: Post
    author: Shown
    community: Shown | None
    parent_author_id: ActorId | None
    mentions: tuple[Mention, ...]
    tags: tuple[Tag, ...]
    media: tuple[Attached, ...]
    liked: bool
    boosted: bool
    bookmarked: bool
    muted: bool
    pinned: bool
    followed: bool
    poll: Poll | None = None
    event: Event | None = None
    ask: Ask | None = None
    know_how: KnowHow | None = None
    quote: QuoteView | None = None


class _Seen(Post, frozen=True):
    """A post with its entry and the viewer's marks."""

    entry_id: EntryId
    by_actor: ActorId
    kind: Kind
    entry_uri: str | None
    entry_audience: str
    parent_author_id: ActorId | None
    liked: bool
    boosted: bool
    bookmarked: bool
    muted: bool
    pinned: bool
    followed: bool


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the views of a page are put together from."""

    people: dict[ActorId, Shown]
    mentions: dict[PostId, tuple[Mention, ...]]
    tags: dict[PostId, tuple[Tag, ...]]
    media: dict[PostId, tuple[Attached, ...]]
    polls: dict[PostId, Poll]
    events: dict[PostId, Event]
    asks: dict[PostId, Ask]
    know_how: dict[PostId, KnowHow]


N = TypeVar("N", Mention, Tag, Attached)

PEOPLE = f"""
SELECT {actors.SHOWN} FROM actors AS a WHERE a.id IN (SELECT value FROM json_each(:ids)) AND {visible.ACTOR}
"""

ENTRIES = f"""
SELECT {posts.COLUMNS}, e.id, e.by_actor, e.kind, e.uri, e.audience,
       (SELECT q.author_id FROM posts AS q WHERE q.id = p.parent_id),
       EXISTS (SELECT 1 FROM likes AS l WHERE l.actor_id = :viewer_actor AND l.post_id = p.id),
       EXISTS (SELECT 1 FROM entries AS o
                WHERE o.by_actor = :viewer_actor AND o.post_id = p.id AND o.kind = 'boost'),
       EXISTS (SELECT 1 FROM bookmarks AS b WHERE b.actor_id = :viewer_actor AND b.post_id = p.id),
       EXISTS (SELECT 1 FROM thread_mutes AS t WHERE t.actor_id = :viewer_actor AND t.root_id = p.root_id),
       EXISTS (SELECT 1 FROM profile_pins AS i WHERE i.actor_id = p.author_id AND i.post_id = p.id),
       -- Whom followers may quote is asked of those posts alone that say so.
       p.quote_policy = 'followers' AND EXISTS (
           SELECT 1 FROM follows AS w WHERE w.follower_id = :viewer_actor AND w.target_id = p.author_id
                                        AND w.state = 'accepted')
  FROM entries AS e JOIN posts AS p ON p.id = e.post_id
 WHERE e.id IN (SELECT value FROM json_each(:ids)) AND p.removed_at IS NULL
   AND {visible.POST} AND {visible.ENTRY}
"""

MENTIONS = f"""
SELECT m.post_id, m.actor_id, m.named, a.handle, a.domain, a.uri, a.url
  FROM mentions AS m JOIN actors AS a ON a.id = m.actor_id
 WHERE m.post_id IN (SELECT value FROM json_each(:ids)) AND {visible.ACTOR}
"""

TAGS = "SELECT post_id, tag, name FROM post_tags WHERE post_id IN (SELECT value FROM json_each(:ids))"

MEDIA = f"""
SELECT {media.COLUMNS} FROM media AS m WHERE m.post_id IN (SELECT value FROM json_each(:ids)) ORDER BY m.place
"""


async def views(read: Reader, viewer: Viewer, entry_ids: Sequence[int]) -> list[PostView]:
    """Give those of some entries that the viewer may see, in the order asked for."""
    found = await _views(read, viewer, entry_ids)
    quoting = [view.post.id for view in found if view.post.has_quote]
    if not quoting:
        return found
    said = await quotes.of_posts(read, viewer, quoting)
    quoted = await _views(read, viewer, [one.quoted_id for one in said.values() if one.quoted_id])
    by_id = {view.post.id: view for view in quoted}
    return [
        msgspec.structs.replace(view, quote=QuoteView(quote=one, view=by_id.get(one.quoted_id or PostId(0))))
        if (one := said.get(view.post.id))
        else view
        for view in found
    ]


async def _views(read: Reader, viewer: Viewer, entry_ids: Sequence[int]) -> list[PostView]:
    who = visible.parameters(viewer)
    rows = await read.all(_Seen, ENTRIES, ids=array_of(entry_ids), **who)
    # What follows is of posts that the first statement let through.
    ids = array_of(row.id for row in rows)
    people = await read.all(Shown, PEOPLE, ids=array_of(_people(rows)), **who)
    notes = _of_type(rows, "Article")
    parts = _Parts(
        people={actor.id: actor for actor in people},
        mentions=_by_post(await read.all(Mention, MENTIONS, ids=ids, **who)),
        tags=_by_post(await read.all(Tag, TAGS, ids=ids)),
        media=_by_post(await read.all(Attached, MEDIA, ids=ids)),
        polls=await polls.of_posts(read, viewer, asked) if (asked := _of_type(rows, "Question")) else {},
        events=await events.of_posts(read, viewer, told) if (told := _of_type(rows, "Event")) else {},
        asks=await asks.of_posts(read, viewer, begun) if (begun := _threads(rows)) else {},
        know_how=await knowhow.of_posts(read, viewer, notes) if notes else {},
    )
    seen = {row.entry_id: row for row in rows if {row.author_id, row.by_actor} <= parts.people.keys()}
    return [_view(seen[EntryId(entry_id)], parts) for entry_id in entry_ids if entry_id in seen]


async def post_view(read: Reader, viewer: Viewer, post_id: PostId) -> PostView | None:
    """Give a post as the viewer sees it, if they may and it was not removed."""
    found = await views(read, viewer, [post_id])
    return found[0] if found else None


def _people(rows: Iterable[_Seen]) -> set[int]:
    people: set[int] = set()
    for row in rows:
        people |= {row.author_id, row.by_actor}
        if row.community_id is not None:
            people.add(row.community_id)
    return people


def _of_type(rows: Iterable[_Seen], kind: str) -> list[PostId]:
    return [row.id for row in rows if row.type == kind]


def _threads(rows: Iterable[_Seen]) -> list[PostId]:
    return [row.id for row in rows if row.community_id is not None and row.in_reply_to is None]


def _by_post(rows: Iterable[N]) -> dict[PostId, tuple[N, ...]]:
    found: dict[PostId, list[N]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return {post_id: tuple(some) for post_id, some in found.items()}


def _view(row: _Seen, parts: _Parts) -> PostView:
    people = parts.people
    wrapper = None
    if row.kind != "post":
        wrapper = Wrapper(
            id=row.entry_id,
            kind=row.kind,
            by=people[row.by_actor],
            uri=row.entry_uri,
            audience=row.entry_audience,
            at=time_of(row.entry_id),
        )
    return PostView(
        entry_id=row.entry_id,
        wrapper=wrapper,
        post=row,
        author=people[row.author_id],
        community=people.get(row.community_id or ActorId(0)),
        parent_author_id=row.parent_author_id,
        mentions=parts.mentions.get(row.id, ()),
        tags=parts.tags.get(row.id, ()),
        media=parts.media.get(row.id, ()),
        liked=row.liked,
        boosted=row.boosted,
        bookmarked=row.bookmarked,
        muted=row.muted,
        pinned=row.pinned,
        followed=row.followed,
        poll=parts.polls.get(row.id),
        event=parts.events.get(row.id),
        ask=parts.asks.get(row.id),
        know_how=parts.know_how.get(row.id),
    )
