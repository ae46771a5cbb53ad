"""Timelines, read from ``entries`` (decision 21 of the design): nothing is written for them.

    found = await store.read(timelines.home_views, viewer, me, page, now)

Rules
  1. Home is what those whom one follows, and oneself, posted, announced or boosted, and public posts with a
     followed tag. Left out: who is blocked, on either side, or muted; replies to people not followed, but not
     those to oneself or by somebody to themselves; announces and boosts of one's own posts, and of a follow
     without them. As Mastodon's FeedManager#filter_from_home, which drops no announces of replies either.
  2. The first sighting of a post stays: a row drops if an older row of home with the same post is within
     48 h or among the 60 below it, so that page, return and stream agree.
  3. Home, public and hashtags read three times the page and then drop rows, in at most three rounds, each
     in two halves: bounded, however much drops. Other timelines are a range of one index each.
  4. A community's own entries are its announces, so that a client that leaves boosts out still sees them
     (mastodon-api.md 4.3); what filters its timeline looks at the post inside.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from storage import muted_hosts, pages, views, visible
from storage.actors import Actor
from storage.engine import Reader, Value
from storage.ids import ActorId, EntryId
from storage.pages import Page
from storage.row import Row, array_of
from storage.views import PostView
from storage.visible import Viewer

TIMES_THE_PAGE = 3
ROUNDS = 3
# How far below a row an older one with the same post hides it.
ENTRIES_BELOW = 60
TIME_BELOW = timedelta(hours=48)
SPAN = int(TIME_BELOW.total_seconds() * 1000) << 16  # as ids count


class _Kept(Row, frozen=True):
    row_id: int
    entry_id: EntryId


_MINE = "SELECT target_id FROM follows WHERE follower_id = :me AND state = 'accepted' UNION ALL SELECT :me"


def silenced() -> str:
    """Give how a statement begins that leaves out who is blocked, either way, or muted."""
    return """
WITH silenced (id) AS (
    SELECT target_id FROM blocks WHERE actor_id = :me
    UNION ALL SELECT actor_id FROM blocks WHERE target_id = :me
    UNION ALL SELECT target_id FROM mutes WHERE actor_id = :me AND (until IS NULL OR until > :now))"""


# Who is on a list that a person reads instead of home.
_KEPT_APART = """
apart (id) AS (
    SELECT m.actor_id FROM lists AS l JOIN list_members AS m ON m.list_id = l.id
     WHERE l.actor_id = :me AND l.exclusive = 1
    UNION ALL SELECT community_id FROM lists
     WHERE actor_id = :me AND exclusive = 1 AND community_id IS NOT NULL)"""


def is_heard(actor: str) -> str:
    """Give the condition that an actor is not one of those of whom a person hears nothing."""
    return f"{actor} NOT IN (SELECT id FROM silenced)"


# That the person wants to hear of a post ``p``: of its author, and of the author's node.
WANTED = f"{is_heard('p.author_id')} AND {muted_hosts.HEARD}"


def _comes_home(entry: str) -> str:
    """Give the condition that an entry is one of home, beside what is true of its post alone."""
    follow = f"f.follower_id = :me AND f.state = 'accepted' AND f.target_id = {entry}.by_actor"
    return f"""CASE
    WHEN {entry}.by_actor <> :me AND {entry}.by_actor IN (SELECT id FROM apart) THEN FALSE
    WHEN {entry}.kind <> 'post' THEN p.author_id <> :me AND ({entry}.by_actor = :me
        OR EXISTS (SELECT 1 FROM follows AS f WHERE {follow} AND f.reblogs = 1)
           AND {is_heard(f"{entry}.by_actor")})
    WHEN {entry}.by_actor = :me THEN TRUE
    WHEN EXISTS (SELECT 1 FROM follows AS f WHERE {follow}) THEN
        p.in_reply_to IS NULL OR q.author_id = :me OR q.author_id = p.author_id
        OR EXISTS (SELECT 1 FROM follows AS f
                    WHERE f.follower_id = :me AND f.state = 'accepted' AND f.target_id = q.author_id)
    ELSE p.audience = 'public' AND EXISTS (
        SELECT 1 FROM post_tags AS t JOIN followed_tags AS w ON w.actor_id = :me AND w.tag = t.tag
         WHERE t.post_id = p.id)
    END"""


# CROSS JOIN fixes the order of the loops: the newest rows of each actor or tag, left early once a page of
# newer ones is found (measured.md B7). The planner would walk down all rows, far for who follows the quiet.
FOLLOWED = f"""
WITH mine (id) AS ({_MINE})
SELECT e.id FROM mine CROSS JOIN entries AS e WHERE e.by_actor = mine.id AND {pages.where("e.id")}
"""

TAGGED = f"""
SELECT t.post_id FROM followed_tags AS w CROSS JOIN post_tags AS t
 WHERE w.actor_id = :me AND t.tag = w.tag AND {pages.where("t.post_id")}
"""

HOME = f"""{silenced()}, {_KEPT_APART}, mine (id) AS ({_MINE})
SELECT e.id
  FROM entries AS e
  JOIN posts AS p ON p.id = e.post_id
  LEFT JOIN posts AS q ON q.id = p.parent_id
 WHERE e.id IN (SELECT value FROM json_each(:ids))
   AND {_comes_home("e")}
   AND {WANTED} AND (q.id IS NULL OR {is_heard("q.author_id")})
   AND NOT EXISTS (SELECT 1 FROM mentions AS m WHERE m.post_id = p.id AND NOT {is_heard("m.actor_id")})
   AND {visible.POST}
   AND NOT EXISTS (
    SELECT 1 FROM entries AS o
     WHERE o.post_id = e.post_id AND o.id < e.id AND {_comes_home("o")}
       AND (o.id >= e.id - :span OR :entries_below >= (
        SELECT COUNT(*) FROM (
            SELECT 1 FROM mine CROSS JOIN entries AS x
             WHERE x.by_actor = mine.id AND x.id < e.id AND x.id >= o.id
             LIMIT :entries_below + 1) AS between_them)))
"""


async def home(read: Reader, viewer: Viewer, me: ActorId, page: Page, now: datetime) -> list[EntryId]:
    """Give a page of a person's home timeline."""

    async def near(**border: Value) -> list[int]:
        followed = await read.values(pages.text(FOLLOWED, page), me=me, **border)
        tagged = await read.values(pages.text(TAGGED, page), me=me, **border)
        return sorted({*followed, *tagged}, reverse=not page.turned)

    async def shown(ids: list[int]) -> list[EntryId]:
        return await read.values(
            HOME,
            ids=array_of(ids),
            me=me,
            now=now,
            span=SPAN,
            entries_below=ENTRIES_BELOW,
            **visible.parameters(viewer),
        )

    return await rounds(page, near, shown)


async def home_views(read: Reader, viewer: Viewer, me: ActorId, page: Page, now: datetime) -> list[PostView]:
    """Give a page of a person's home timeline, ready to be shown."""
    return await views.views(read, viewer, await home(read, viewer, me, page, now))


async def rounds(
    page: Page,
    near: Callable[..., Awaitable[list[int]]],
    shown: Callable[[list[int]], Awaitable[list[EntryId]]],
) -> list[EntryId]:
    """Read rows until a page of them is shown, there are no more, or nine pages were read.

    Half of three pages at a time: mostly that has a page to show, and what is not read costs nothing.
    """
    window = (TIMES_THE_PAGE * page.limit + 1) // 2
    border = pages.parameters(page) | {"limit": window}
    found: list[EntryId] = []
    for _ in range(2 * ROUNDS):
        ids = (await near(**border))[:window]
        found += sorted(await shown(ids), reverse=not page.turned)
        if len(found) >= page.limit or len(ids) < window:
            break
        border["after_id" if page.turned else "before_id"] = ids[-1]
    return pages.ordered(found[: page.limit], page)


_HAS_FILES = "EXISTS (SELECT 1 FROM media AS m WHERE m.post_id = p.id)"

NEAR_PUBLIC = f"""
SELECT id FROM posts
 WHERE audience = 'public' AND removed_at IS NULL AND local IN (:here, :not_elsewhere) AND {pages.where("id")}
"""

PUBLIC = f"""
-- Without replies to others, as Mastodon's PublicFeed.
{silenced()}
SELECT p.id FROM posts AS p LEFT JOIN posts AS q ON q.id = p.parent_id
 WHERE p.id IN (SELECT value FROM json_each(:ids)) AND (p.in_reply_to IS NULL OR q.author_id = p.author_id)
   AND (:only_media = 0 OR {_HAS_FILES}) AND {WANTED} AND {visible.POST}
"""


async def public(
    read: Reader,
    viewer: Viewer,
    page: Page,
    now: datetime,
    *,
    local: bool = False,
    remote: bool = False,
    only_media: bool = False,
) -> list[EntryId]:
    """Give a page of what everybody may read; only posts by people of this node, or only those of others."""

    async def near(**border: Value) -> list[int]:
        return await read.values(
            pages.text(NEAR_PUBLIC, page), here=not remote, not_elsewhere=local, **border
        )

    async def shown(ids: list[int]) -> list[EntryId]:
        return await read.values(
            PUBLIC,
            ids=array_of(ids),
            me=viewer.actor,
            now=now,
            only_media=only_media,
            **visible.parameters(viewer),
        )

    return await rounds(page, near, shown)


NEAR_TAG = f"""
-- A post that bears several of the tags is taken under the first of them.
SELECT t.post_id FROM json_each(:any_of) AS w CROSS JOIN post_tags AS t
 WHERE t.tag = w.value
   AND NOT EXISTS (SELECT 1 FROM post_tags AS d WHERE d.post_id = t.post_id AND d.tag < t.tag
                      AND d.tag IN (SELECT value FROM json_each(:any_of)))
   AND {pages.where("t.post_id")}
"""

TAG = f"""
{silenced()}
SELECT p.id FROM posts AS p
 WHERE p.id IN (SELECT value FROM json_each(:ids)) AND p.audience = 'public'
   AND p.local IN (:here, :not_elsewhere)
   AND NOT EXISTS (SELECT 1 FROM json_each(:all_of) AS w WHERE NOT EXISTS (
        SELECT 1 FROM post_tags AS d WHERE d.tag = w.value AND d.post_id = p.id))
   AND NOT EXISTS (SELECT 1 FROM post_tags AS d WHERE d.post_id = p.id
                      AND d.tag IN (SELECT value FROM json_each(:none_of)))
   AND (:only_media = 0 OR {_HAS_FILES}) AND {WANTED} AND {visible.POST}
"""


async def tag(
    read: Reader,
    viewer: Viewer,
    page: Page,
    now: datetime,
    *,
    any_of: Sequence[str],
    all_of: Sequence[str] = (),
    none_of: Sequence[str] = (),
    local: bool = False,
    remote: bool = False,
    only_media: bool = False,
) -> list[EntryId]:
    """Give a page of public posts with one of some tags, all of others, and none of yet others."""

    async def near(**border: Value) -> list[int]:
        tags = array_of(set(any_of))
        return await read.values(pages.text(NEAR_TAG, page), any_of=tags, **border)

    async def shown(ids: list[int]) -> list[EntryId]:
        return await read.values(
            TAG,
            ids=array_of(ids),
            me=viewer.actor,
            now=now,
            all_of=array_of(all_of),
            none_of=array_of(none_of),
            here=not remote,
            not_elsewhere=local,
            only_media=only_media,
            **visible.parameters(viewer),
        )

    return await rounds(page, near, shown)


ACCOUNT = f"""
-- What an actor boosts has neither files nor tags of its own, and answers nothing.
SELECT e.id FROM entries AS e
  JOIN posts AS p ON p.id = e.post_id
  LEFT JOIN posts AS q ON q.id = p.parent_id
 WHERE e.by_actor = :actor_id
   AND (:exclude_reblogs = 0 OR e.kind <> 'boost')
   AND (:exclude_replies = 0 OR e.kind = 'boost' OR p.in_reply_to IS NULL OR q.author_id = p.author_id)
   AND (:exclude_direct = 0 OR p.audience <> 'direct')
   AND (:only_media = 0 OR e.kind <> 'boost' AND {_HAS_FILES})
   AND (:tagged IS NULL OR e.kind <> 'boost' AND EXISTS (
        SELECT 1 FROM post_tags AS t WHERE t.tag = :tagged AND t.post_id = p.id))
   AND (e.kind = 'post' OR NOT EXISTS (
        SELECT 1 FROM blocks WHERE actor_id = :viewer_actor AND target_id = p.author_id))
   AND {visible.POST} AND {visible.ENTRY} AND {pages.where("e.id")}
"""


async def account(
    read: Reader,
    viewer: Viewer,
    actor: Actor,
    page: Page,
    *,
    exclude_replies: bool = False,
    exclude_reblogs: bool = False,
    exclude_direct: bool = False,
    only_media: bool = False,
    pinned: bool = False,
    tagged: str | None = None,
) -> list[EntryId]:
    """Give a page of what a person posted and boosted, or a community announced, or what is pinned there."""
    if pinned:
        return await _pinned(read, viewer, actor, page)
    ids = await read.values(
        pages.text(ACCOUNT, page),
        actor_id=actor.id,
        exclude_replies=exclude_replies,
        exclude_reblogs=exclude_reblogs,
        exclude_direct=exclude_direct,
        only_media=only_media,
        tagged=tagged.casefold() if tagged else None,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return pages.ordered(ids, page)


PINNED_BY_PERSON = f"""
SELECT p.id FROM profile_pins AS i JOIN posts AS p ON p.id = i.post_id
 WHERE i.actor_id = :actor_id AND p.id < :before_id AND p.id > :after_id AND {visible.POST}
 ORDER BY i.id DESC LIMIT :limit
"""

PINNED_IN_COMMUNITY = f"""
SELECT COALESCE((SELECT e.id FROM entries AS e WHERE e.by_actor = :actor_id AND e.post_id = p.id), p.id)
  FROM posts AS p
 WHERE p.community_id = :actor_id AND p.pinned_at IS NOT NULL
   AND p.id < :before_id AND p.id > :after_id AND {visible.POST}
 ORDER BY p.pinned_at DESC LIMIT :limit
"""


async def _pinned(read: Reader, viewer: Viewer, actor: Actor, page: Page) -> list[EntryId]:
    return await read.values(
        PINNED_IN_COMMUNITY if actor.type == "Group" else PINNED_BY_PERSON,
        actor_id=actor.id,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )


def _kept_in(table: str) -> str:
    return f"""
SELECT k.id, p.id FROM {table} AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.actor_id = :me AND {visible.POST} AND {pages.where("k.id")}
"""


LIKED = _kept_in("likes")


async def liked(read: Reader, viewer: Viewer, me: ActorId, page: Page) -> list[tuple[int, EntryId]]:
    """Give the posts that a person likes, the latest like first, each with the id of the like."""
    return await _kept(read, viewer, LIKED, me, page)


BOOKMARKS = _kept_in("bookmarks")


async def bookmarks(read: Reader, viewer: Viewer, me: ActorId, page: Page) -> list[tuple[int, EntryId]]:
    """Give the posts that a person keeps for later, the latest first, each with the id of the bookmark."""
    return await _kept(read, viewer, BOOKMARKS, me, page)


async def _kept(read: Reader, viewer: Viewer, sql: str, me: ActorId, page: Page) -> list[tuple[int, EntryId]]:
    rows = await read.all(
        _Kept, pages.text(sql, page), me=me, **visible.parameters(viewer), **pages.parameters(page)
    )
    return [(row.row_id, row.entry_id) for row in pages.ordered(rows, page)]
